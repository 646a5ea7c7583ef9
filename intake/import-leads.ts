import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { constants, createWriteStream, type WriteStream } from 'node:fs';
import { access, rm } from 'node:fs/promises';
import { stringify } from 'csv-stringify/sync';
import type { Agreement } from '../domain/agreement/agreement.ts';
import type { ImportId, LeadId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { readHeadings, type Columns } from '../domain/lead/headings.ts';
import { parseRow } from '../domain/lead/parse-row.ts';
import { decideIdle } from '../domain/nurture/decide.ts';
import { mergeRows, type LeadRow } from '../domain/lead/row.ts';
import type { Database, Session } from '../store/database.ts';
import { noResult, takeIn, type IntakeResult } from '../store/intake.ts';
import { loadManyFacts } from '../store/facts.ts';
import { openImport, openSource } from '../store/lead.ts';
import { inspectCsv, readCsv, type CsvFile, type CsvRecord } from './csv.ts';

/** Rows that are taken in at once. */
const batchSize = 500;
/** Notes on cells, and rejected rows, that are shown; the rest is counted. */
const shownNotes = 10;

export interface ImportOptions {
  path: string;
  source: string;
  cost: { minor: bigint; currency: string } | null;
  /** `Heading=field` entries. */
  map: readonly string[];
  /** Does everything, says what came of it, and takes all of it back. */
  dryRun: boolean;
  onProgress: (bytes: number, total: number) => void;
}

export interface ImportResult {
  importId: ImportId;
  rows: number;
  new: number;
  updated: number;
  unchanged: number;
  rejected: number;
  suppressed: number;
  /** Rows of the same person within the file, which became one. */
  repeated: number;
  /** The file that holds the rejected rows with their reasons; null when there are none. */
  rejectedFile: string | null;
  /** Headings that nothing was read from. */
  unusedHeadings: string[];
  notes: string[];
  noteCount: number;
  /** Of a dry run: what grading the leads would come to. */
  foretold: IntakeResult | null;
  /** The first rejected rows, by line and reason. */
  rejections: { line: number; reason: string }[];
}

/** A file that cannot be imported at all; the message says why and what to do. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
}

/** Thrown to take a dry run back. */
class DryRun extends Error {
  readonly result: ImportResult;
  constructor(result: ImportResult) {
    super('dry run');
    this.result = result;
  }
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
  const file = await inspectCsv(options.path).catch((error: unknown) => {
    const { code } = error as { code?: string };
    throw new ImportError(unreadable(options.path, code));
  });
  if (file.bytes === 0) throw new ImportError(`${options.path} is empty.`);
  if (file.isBinary)
    throw new ImportError(`${options.path} is no text, so no CSV file; export the leads as CSV.`);
  if (options.source.trim() === '')
    throw new ImportError('Say where these leads came from, such as --source "spring fair 2026".');
  if (!options.dryRun)
    return run(database, batch => database.transaction(batch), agreement, file, options, at);
  try {
    await database.transaction(
      async session => {
        throw new DryRun(await run(session, batch => batch(session), agreement, file, options, at));
      },
      { timeout: 600_000 },
    );
  } catch (error) {
    if (error instanceof DryRun) return error.result;
    throw error;
  }
  throw new ImportError('A dry run came to no end.');
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

/** @throws ImportError when a file cannot be read, before anything is begun that needs it */
export async function mustBeReadable(path: string): Promise<void> {
  const code = await access(path, constants.R_OK).then(
    () => null,
    (error: unknown) => (error as NodeJS.ErrnoException).code,
  );
  if (code !== null) throw new ImportError(unreadable(path, code));
}

function unreadable(path: string, code: string | undefined): string {
  switch (code) {
    case 'ENOENT':
      return `There is no file ${path}.`;
    case 'EISDIR':
      return `${path} is a folder; name the CSV file in it.`;
    case 'EACCES':
      return `${path} may not be read by this user.`;
    default:
      return `${path} cannot be read (${code ?? 'for an unknown reason'}).`;
  }
}

type InBatch = <T>(work: (session: Session) => Promise<T>) => Promise<T>;

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
  const result: ImportResult = {
    importId,
    rows: 0,
    new: 0,
    updated: 0,
    unchanged: 0,
    rejected: 0,
    suppressed: 0,
    repeated: 0,
    rejectedFile: null,
    unusedHeadings: [],
    notes: [],
    noteCount: 0,
    rejections: [],
    foretold: options.dryRun ? noResult() : null,
  };
  const rejects = new Rejects(`${options.path}.rejected.csv`, options.dryRun);
  await rejects.begin();
  let columns: Columns | null = null;
  const batch = new Map<string, LeadRow>();

  const flush = async () => {
    const rows = [...batch.values()];
    batch.clear();
    const taken = await inBatch(inner => takeIn(inner, importId, sourceId, rows, agreement, at));
    result.new += taken.effects.new;
    result.updated += taken.effects.updated;
    result.unchanged += taken.effects.unchanged;
    result.suppressed += taken.suppressed;
    if (result.foretold !== null)
      await foretell(session, taken.touched, agreement, result.foretold, at);
  };
  const take = (record: Extract<CsvRecord, { cells: string[] }>, known: Columns): string | null => {
    const parsed = parseRow(record.cells, known);
    if ('reason' in parsed) return parsed.reason;
    for (const note of parsed.notes) {
      result.noteCount += 1;
      if (result.notes.length < shownNotes) result.notes.push(`line ${record.line}: ${note}`);
    }
    const before = batch.get(parsed.row.address);
    if (before !== undefined) result.repeated += 1;
    batch.set(
      parsed.row.address,
      before === undefined ? parsed.row : mergeRows(before, parsed.row),
    );
    return null;
  };

  for await (const record of readCsv(file, bytes => options.onProgress(bytes, file.bytes))) {
    if (columns === null && 'cells' in record) {
      const header = readHeadings(record.cells, options.map);
      if ('problems' in header) throw new ImportError(header.problems.join('\n'));
      ({ columns } = header);
      result.unusedHeadings = columns.unused;
      rejects.header = record.cells;
      continue;
    }
    result.rows += 1;
    const reason =
      'cells' in record && columns !== null
        ? take(record, columns)
        : 'broken' in record
          ? record.broken
          : 'stands before the header';
    if (reason !== null) {
      result.rejected += 1;
      if (result.rejections.length < shownNotes)
        result.rejections.push({ line: record.line, reason });
      await rejects.add(record, reason);
    }
    if (batch.size >= batchSize) await flush();
  }
  if (columns === null) throw new ImportError(`${options.path} has no header row.`);
  if (batch.size > 0) await flush();
  result.rejectedFile = await rejects.end();
  return result;
}

/** The file beside the imported one that holds what could not be used, ready to be mended and imported. */
class Rejects {
  readonly #path: string;
  readonly #dryRun: boolean;
  #stream: WriteStream | null = null;
  header: readonly string[] = [];

  constructor(path: string, dryRun: boolean) {
    this.#path = path;
    this.#dryRun = dryRun;
  }

  /** Forgets what an earlier import of the file rejected. */
  async begin(): Promise<void> {
    if (!this.#dryRun) await rm(this.#path, { force: true });
  }

  async add(record: CsvRecord, reason: string): Promise<void> {
    if (this.#dryRun) return;
    if (this.#stream === null) {
      this.#stream = createWriteStream(this.#path, { mode: 0o600 });
      this.#stream.write(stringify([['line', 'reason', ...this.header]]));
    }
    const cells = 'cells' in record ? record.cells : [record.raw];
    if (!this.#stream.write(stringify([[String(record.line), reason, ...cells]])))
      await once(this.#stream, 'drain');
  }

  async end(): Promise<string | null> {
    const stream = this.#stream;
    if (stream === null) return null;
    await new Promise<void>((resolve, reject) => {
      stream.once('error', reject);
      stream.end(resolve);
    });
    return this.#path;
  }
}
