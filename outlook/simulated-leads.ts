import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Agreement } from '../domain/agreement/agreement.ts';
import { isSales, type Grade } from '../domain/agreement/grade.ts';
import { lookbackOf } from '../domain/agreement/lookback.ts';
import { segmentAsks } from '../domain/agreement/segment-asks.ts';
import { segmentOf } from '../domain/agreement/segment-of.ts';
import type { Engagement } from '../domain/event/event.ts';
import type { EventId, LeadId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { conversionKind } from '../domain/lead/conversion.ts';
import { readHeadings } from '../domain/lead/headings.ts';
import { rowOf } from '../domain/lead/parse-row.ts';
import { mergeByAddress, type LeadRow } from '../domain/lead/row.ts';
import { disqualificationOf } from '../domain/nurture/appraise.ts';
import type { Facts } from '../domain/nurture/facts.ts';
import { importRows, openFile, type FileReport } from '../intake/import-file.ts';
import type { Database } from '../store/database.ts';
import { loadManyFacts } from '../store/facts.ts';
import { countLeads, everyLeadToSurvey } from '../store/segment-leads.ts';

/** The leads of a file as they would be looked at when they came in. Nothing is stored. @throws ImportError */
export async function leadsOfFile(
  path: string,
  map: readonly string[],
  agreement: Agreement,
  at: Instant,
): Promise<{ leads: Facts[]; report: FileReport }> {
  const rows: LeadRow[] = [];
  const report = await importRows(
    await openFile(path),
    { map, dryRun: true, onProgress: () => undefined },
    {
      columns: readHeadings,
      read: rowOf,
      store: async batch => {
        rows.push(...batch);
        return batch.map(() => null);
      },
    },
  );
  const source = basename(path).replace(/\.[^.]*$/, '');
  const leads = mergeByAddress(rows).map((row, n) => factsOf(row, n, source, agreement, at));
  return { leads, report };
}

function factsOf(
  row: LeadRow,
  n: number,
  source: string,
  agreement: Agreement,
  at: Instant,
): Facts {
  const { address, fields, accountStatus, optedOut, conversions } = row;
  const since = at - lookbackOf(agreement);
  const seen = conversions.filter(conversion => conversion.at > since && conversion.at <= at);
  const once = new Map(seen.map(conversion => [`${conversion.at} ${conversion.name}`, conversion]));
  return {
    lead: {
      id: `lead-${n}` as LeadId,
      // As the database makes it of an address, so that the same leads are mailed at the same moments.
      spread: createHash('sha256').update(address).digest('hex').slice(0, 16),
      ...{ fields, rep: null, source, account: accountStatus, disqualified: null },
      ...{ suppressed: optedOut, quiet: false, revision: 1, seenRevision: 0 },
      ...{ grade: null, bands: null, armed: true, crossing: null, scoredAt: null },
      ...{ holdUntil: null, holdFit: null },
    },
    ...{ enrollment: null, escalation: null, escalationEndedAt: null, mailOff: false },
    ...{ sends: [], past: [], rejections: [] },
    events: [...once.values()].map(({ name, at: happened }, index): Engagement => ({
      id: `conversion-${index}` as EventId,
      kind: conversionKind(name, agreement),
      ...{ subject: name, at: happened, receivedAt: at, holdUntil: null, sendId: null },
      userAgent: null,
    })),
  };
}

/**
 * The leads that are in a segment now and are sales' in no way, as they are.
 * @param isWanted whether a segment's leads of a grade are meant
 */
export async function leadsOfSegments(
  database: Database,
  agreement: Agreement,
  isWanted: (segment: string, grade: Grade) => boolean,
  at: Instant,
  onProgress: (looked: number, of: number) => void,
): Promise<Facts[]> {
  const total = await countLeads(database);
  const found: Facts[] = [];
  let looked = 0;
  for await (const page of everyLeadToSurvey(database, segmentAsks(agreement), at)) {
    const ids = page.flatMap(({ id, surveyed }) => {
      const { lead, withRep } = surveyed;
      const { grade } = lead;
      if (grade === null || isSales(grade) || withRep || lead.suppressed) return [];
      if (disqualificationOf(surveyed, agreement) !== null) return [];
      return isWanted(segmentOf(surveyed, grade, agreement, at).name, grade) ? [id] : [];
    });
    if (ids.length > 0) {
      const facts = await loadManyFacts(database, ids, at);
      // In one order, so that the same leads get the same random numbers.
      found.push(...facts.toSorted((a, b) => (a.lead.id < b.lead.id ? -1 : 1)));
    }
    onProgress((looked += page.length), total);
  }
  return found;
}
