import type { AgreementDocument } from '../domain/agreement/schema.ts';
import { conversionKind } from '../domain/lead/conversion.ts';
import type { ImportId, LeadId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { companyDomain } from '../domain/lead/address.ts';
import type { LeadRow } from '../domain/lead/row.ts';
import { setAccountStatuses } from './account.ts';
import { sql, type Session } from './database.ts';
import { ingestEvents, type ArrivedEvent } from './event.ts';
import { importedEvent } from './history.ts';
import {
  addImportRows,
  lockImport,
  upsertLeads,
  type RowEffect,
  type UpsertedLead,
} from './lead.ts';
import { optOut } from './suppression.ts';

/** What a batch of rows did. */
export interface TakenIn {
  effects: Record<RowEffect, number>;
  /** Addresses suppressed now that were not before. */
  suppressed: number;
  /** Leads whose facts changed. */
  touched: LeadId[];
}

/** What a batch of rows did to leads. */
export interface BroughtIn {
  leads: UpsertedLead[];
  /** Addresses suppressed now that were not before. */
  suppressed: number;
  /** Other leads than the new and updated ones among them that had nothing unseen before, and have now. */
  toNudge: LeadId[];
}

/**
 * Brings leads in, as a file or a call of the API tells of them: what is known of them, what their company is to us,
 * and whether they are never to be mailed. The same rows again change nothing. Rows must have different addresses.
 * @param source where they came from, all of them or each
 */
export async function bringIn(
  session: Session,
  rows: readonly LeadRow[],
  source: string | ((row: LeadRow) => string),
  at: Instant,
): Promise<BroughtIn> {
  const accounts = await setAccountStatuses(session, rows, at);
  const upserted = await upsertLeads(session, rows, source, at);
  const optedOut = rows.filter(row => row.optedOut).map(({ address }) => address);
  const gone = await optOut(session, optedOut, at);
  const leads = upserted.map(lead => {
    const isNews = accounts.domains.has(companyDomain(lead.address) ?? '');
    return lead.effect === 'unchanged' && isNews ? { ...lead, effect: 'updated' as const } : lead;
  });
  return { leads, suppressed: gone.suppressed, toNudge: [...accounts.toNudge, ...gone.toNudge] };
}

/**
 * Takes a batch of rows in, all or nothing: leads, what they opted out of, what they did elsewhere. The
 * same batch again changes nothing. Rows must have different addresses.
 */
export async function takeIn(
  session: Session,
  importId: ImportId,
  sourceId: string,
  rows: readonly LeadRow[],
  agreement: AgreementDocument,
  at: Instant,
): Promise<TakenIn> {
  await lockImport(session, importId);
  const { leads, suppressed, toNudge: told } = await bringIn(session, rows, sourceId, at);
  const ids = new Map(leads.map(({ id, address }) => [address, id]));
  const events = rows.flatMap(row => arrivals(row, ids.get(row.address) ?? null, agreement));
  const { toNudge } = await ingestEvents(session, events, at);
  const effects: TakenIn['effects'] = { new: 0, updated: 0, unchanged: 0 };
  for (const { effect } of leads) effects[effect] += 1;
  const changed = leads.filter(({ effect }) => effect !== 'unchanged').map(({ id }) => id);
  const touched = [...new Set([...changed, ...told, ...toNudge])];
  await addImportRows(session, importId, touched);
  return { effects, suppressed, touched };
}

/** What another system knows that a lead did, as events. Their content tells them again. */
function arrivals(
  { address, conversions }: LeadRow,
  leadId: LeadId | null,
  agreement: AgreementDocument,
): ArrivedEvent[] {
  return conversions.map(({ name, at }) =>
    importedEvent(
      address,
      name,
      { kind: conversionKind(name, agreement), subject: name, at },
      leadId,
    ),
  );
}

/** What became of an import's leads, counted from the database. */
export interface IntakeResult {
  grades: Record<'A' | 'B' | 'C' | 'D', number>;
  escalated: number;
  resting: number;
  /** Leads in each sequence. */
  enrolled: Record<string, number>;
}

export const noResult = (): IntakeResult => ({
  grades: { A: 0, B: 0, C: 0, D: 0 },
  escalated: 0,
  resting: 0,
  enrolled: {},
});

export async function intakeResult(session: Session, id: ImportId): Promise<IntakeResult> {
  const rows = await session.$queryRaw<
    {
      grade: 'A' | 'B' | 'C' | 'D' | null;
      sequence: string | null;
      escalated: boolean;
      count: number;
    }[]
  >(sql`
    SELECT l.grade, v.name AS sequence, o.escalation_id IS NOT NULL AS escalated, count(*)::int AS count
    FROM import_row r JOIN lead l ON l.id = r.lead_id
    LEFT JOIN open_slot o ON o.lead_id = l.id
    LEFT JOIN enrollment e ON e.id = o.enrollment_id
    LEFT JOIN sequence_version v ON v.id = e.version_id
    WHERE r.import_id = ${id}::uuid
    GROUP BY 1, 2, 3`);
  const result = noResult();
  for (const { grade, sequence, escalated, count } of rows) {
    if (grade !== null) result.grades[grade] += count;
    if (escalated) result.escalated += count;
    else if (sequence !== null)
      result.enrolled[sequence] = (result.enrolled[sequence] ?? 0) + count;
    else result.resting += count;
  }
  return result;
}

/** How far the intake of an import has come. */
export async function intakeProgress(
  session: Session,
  id: ImportId,
): Promise<{ done: number; total: number; finished: boolean }> {
  const [row] = await session.$queryRaw<{ done: number; total: number; finished: boolean }[]>(sql`
    SELECT count(*)::int AS total, count(*) FILTER (WHERE l.seen_revision = l.revision)::int AS done,
      (SELECT finished_at IS NOT NULL FROM import WHERE id = ${id}::uuid) AS finished
    FROM import_row r JOIN lead l ON l.id = r.lead_id WHERE r.import_id = ${id}::uuid`);
  return row ?? { done: 0, total: 0, finished: true };
}
