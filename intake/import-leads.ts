import { createHash } from 'node:crypto';
import type { Agreement } from '../domain/agreement/agreement.ts';
import type { ImportId, LeadId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { readHeadings } from '../domain/lead/headings.ts';
import { rowOf } from '../domain/lead/parse-row.ts';
import { mergeByAddress, type LeadRow } from '../domain/lead/row.ts';
import { decideIdle } from '../domain/nurture/decide.ts';
import type { Database, Session } from '../store/database.ts';
import { loadManyFacts } from '../store/facts.ts';
import { noResult, takeIn, type IntakeResult } from '../store/intake.ts';
import { openImport, openSource } from '../store/lead.ts';
import type { CsvFile } from './csv.ts';
import {
  dryOrNot,
  ImportError,
  importRows,
  openFile,
  type FileOptions,
  type FileReport,
  type InBatch,
} from './import-file.ts';

export interface ImportOptions extends FileOptions {
  source: string;
  cost: { minor: bigint; currency: string } | null;
}

export interface ImportResult extends FileReport {
  importId: ImportId;
  new: number;
  updated: number;
  unchanged: number;
  suppressed: number;
  /** Rows of the same person within the file, which became one. */
  repeated: number;
  /** Of a dry run: what grading the leads would come to. */
  foretold: IntakeResult | null;
}

/**
 * Imports leads from a CSV file, in bounded memory. A batch is taken in whole or not at all; the same
 * file again goes on where it was cut off, and changes nothing when it was not.
 * @throws ImportError
 */
export async function importLeads(
  database: Database,
  agreement: Agreement,
  options: ImportOptions,
  at: Instant,
): Promise<ImportResult> {
  const file = await openFile(options.path);
  if (options.source.trim() === '')
    throw new ImportError('Say where these leads came from, such as --source "spring fair 2026".');
  return dryOrNot(database, options.dryRun, (session, inBatch) =>
    run(session, inBatch, agreement, file, options, at),
  );
}

async function run(
  session: Session,
  inBatch: InBatch,
  agreement: Agreement,
  file: CsvFile,
  options: ImportOptions,
  at: Instant,
): Promise<ImportResult> {
  const sourceId = await openSource(session, options.source, options.cost, at);
  const hash = createHash('sha256').update(`${options.source}\n${file.hash}`).digest('hex');
  const importId = await openImport(session, hash, sourceId, at);
  const counts = { new: 0, updated: 0, unchanged: 0, suppressed: 0, repeated: 0 };
  const foretold = options.dryRun ? noResult() : null;
  const store = async (given: readonly LeadRow[]) => {
    const rows = mergeByAddress(given);
    const taken = await inBatch(inner => takeIn(inner, importId, sourceId, rows, agreement, at));
    counts.repeated += given.length - rows.length;
    counts.new += taken.effects.new;
    counts.updated += taken.effects.updated;
    counts.unchanged += taken.effects.unchanged;
    counts.suppressed += taken.suppressed;
    if (foretold !== null) await foretell(session, taken.touched, agreement, foretold, at);
    return given.map(() => null);
  };
  const report = await importRows(file, options, { columns: readHeadings, read: rowOf, store });
  return { importId, ...report, ...counts, foretold };
}

/** Adds what would become of leads that are in nothing yet. */
async function foretell(
  session: Session,
  leads: readonly LeadId[],
  agreement: Agreement,
  result: IntakeResult,
  at: Instant,
): Promise<void> {
  for (const facts of await loadManyFacts(session, leads, at)) {
    if (facts.enrollment !== null || facts.escalation !== null) continue;
    const { appraisal, move } = decideIdle(facts, agreement, at);
    result.grades[appraisal.score.grade] += 1;
    if (move.kind === 'escalate') result.escalated += 1;
    else if (move.kind === 'enroll')
      result.enrolled[move.sequence] = (result.enrolled[move.sequence] ?? 0) + 1;
    else result.resting += 1;
  }
}
