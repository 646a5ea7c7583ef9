import { createHash } from 'node:crypto';
import type { Agreement } from '../domain/agreement/agreement.ts';
import { readEventHeadings, readPastEvent, type PastEvent } from '../domain/event/history.ts';
import type { ImportId, LeadId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { appraise } from '../domain/nurture/appraise.ts';
import type { Database, Session } from '../store/database.ts';
import { loadManyFacts } from '../store/facts.ts';
import { remember } from '../store/history.ts';
import { importPage, openImport, openSource } from '../store/lead.ts';
import {
  dryOrNot,
  importRows,
  openFile,
  type FileOptions,
  type FileReport,
} from './import-file.ts';
import { nobody } from './import-outcomes.ts';

export interface EventsOptions extends FileOptions {
  /** Which number of a date with slashes comes first. */
  dates: 'month' | 'day';
}

export interface EventsResult extends FileReport {
  importId: ImportId;
  stored: number;
  /** Events that were there already. */
  repeated: number;
  /** Leads that are looked at again, because something still counts. */
  touched: number;
  /** Of a dry run: how many of those would go to sales. */
  toSales: number | null;
}

/** What past events came through; leads keep their own source. */
const source = 'history';

/**
 * Imports from a CSV file what leads did before, in bounded memory. Each event counts by its age; the same file again
 * adds nothing, and goes on where it was cut off.
 * @throws ImportError
 */
export async function importEvents(
  database: Database,
  agreement: Agreement,
  options: EventsOptions,
  at: Instant,
): Promise<EventsResult> {
  const file = await openFile(options.path);
  return dryOrNot(database, options.dryRun, async (session, inBatch) => {
    const sourceId = await openSource(session, source, null, at);
    const hash = createHash('sha256').update(`events\n${file.hash}`).digest('hex');
    const importId = await openImport(session, hash, sourceId, at);
    const counts = { stored: 0, repeated: 0, touched: 0 };
    const store = async (events: readonly PastEvent[]) => {
      const done = await inBatch(inner => remember(inner, importId, events, at));
      counts.stored += done.stored;
      counts.repeated += done.repeated;
      counts.touched += done.touched.length;
      return done.known.map(isKnown => (isKnown ? null : nobody));
    };
    const report = await importRows(file, options, {
      columns: readEventHeadings,
      read: values => readPastEvent(values, at, options.dates),
      store,
    });
    const toSales = options.dryRun ? await crossing(session, importId, agreement, at) : null;
    return { importId, ...report, ...counts, toSales };
  });
}

/** Leads whose facts are read at once. */
const pageSize = 500;

/** How many leads of an import would go to sales, now that what they did before is known. */
async function crossing(
  session: Session,
  importId: ImportId,
  agreement: Agreement,
  at: Instant,
): Promise<number> {
  let count = 0;
  for (let after: number | null = 0; after !== null;) {
    const page: { seq: number; leadId: LeadId }[] = await importPage(
      session,
      importId,
      after,
      pageSize,
    );
    const leads = page.map(({ leadId }) => leadId);
    for (const facts of await loadManyFacts(session, leads, at))
      if (appraise(facts, agreement, at).cause !== null) count += 1;
    after = page.at(-1)?.seq ?? null;
  }
  return count;
}
