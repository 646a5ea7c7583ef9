import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { readCells, type Columns } from '../domain/document/columns.ts';
import type { Database, Session } from '../store/database.ts';
import { inspectCsv, readCsv, type CsvFile, type CsvRecord } from './csv.ts';
import { Rejects } from './rejects.ts';

/** Rows that are stored at once. */
const batchSize = 500;
/** Notes on cells, and rejected rows, that are shown; the rest is counted. */
const shownNotes = 10;

/** What every import of a file is told. */
export interface FileOptions {
  path: string;
  /** `Heading=field` entries. */
  map: readonly string[];
  /** Does everything, says what came of it, and takes all of it back. */
  dryRun: boolean;
  onProgress: (bytes: number, total: number) => void;
}

/** What every import of a file tells. */
export interface FileReport {
  rows: number;
  /** Rows that say nothing yet, such as a deal that is not decided. */
  passedOver: number;
  rejected: number;
  /** The file that holds the rejected rows with their reasons; null when there are none. */
  rejectedFile: string | null;
  /** Headings that nothing was read from. */
  unusedHeadings: string[];
  notes: string[];
  noteCount: number;
  /** The first rejected rows, by line and reason. */
  rejections: { line: number; reason: string }[];
}

/** A row that was understood; or that says nothing yet; or why it cannot be used. */
export type ReadRow<Row> =
  { row: Row; notes: string[] } | { passedOver: true } | { reason: string };

/** What the rows of a file are, and what becomes of them. */
export interface RowKind<Kind extends string, Row> {
  columns: (
    header: readonly string[],
    map: readonly string[],
  ) => { columns: Columns<Kind> } | { problems: string[] };
  read: (values: ReadonlyMap<Kind, string>) => ReadRow<Row>;
  /** Stores a batch, all or nothing; returns for each row why it was left out, or null. */
  store: (rows: readonly Row[]) => Promise<(string | null)[]>;
}

/** A file that cannot be imported at all; the message says why and what to do. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
}

/** @throws ImportError when a file cannot be read, before anything is begun that needs it */
export async function mustBeReadable(path: string): Promise<void> {
  const code = await access(path, constants.R_OK).then(
    () => null,
    (error: unknown) => (error as NodeJS.ErrnoException).code,
  );
  if (code !== null) throw new ImportError(unreadable(path, code));
}

/** Looks at a file. @throws ImportError when it is none that rows can be read from */
export async function openFile(path: string): Promise<CsvFile> {
  const file = await inspectCsv(path).catch((error: unknown) => {
    const { code } = error as { code?: string };
    throw new ImportError(unreadable(path, code));
  });
  if (file.bytes === 0) throw new ImportError(`${path} is empty.`);
  if (file.isBinary) throw new ImportError(`${path} is no text, so no CSV file; export it as CSV.`);
  return file;
}

/**
 * Reads a file row by row, in bounded memory, and has the rows stored in batches. What cannot be used is written
 * beside it, and never stops the rest.
 * @throws ImportError when the header cannot be used
 */
export async function importRows<Kind extends string, Row>(
  file: CsvFile,
  { map, dryRun, onProgress }: Omit<FileOptions, 'path'>,
  kind: RowKind<Kind, Row>,
): Promise<FileReport> {
  const report: FileReport = {
    rows: 0,
    passedOver: 0,
    rejected: 0,
    rejectedFile: null,
    unusedHeadings: [],
    notes: [],
    noteCount: 0,
    rejections: [],
  };
  const rejects = new Rejects(`${file.path}.rejected.csv`, dryRun);
  await rejects.begin();
  let columns: Columns<Kind> | null = null;
  let batch: { record: CsvRecord; read: ReadRow<Row> }[] = [];

  const flush = async () => {
    const rows = batch.flatMap(({ read }) => ('row' in read ? [read.row] : []));
    const verdicts = (rows.length === 0 ? [] : await kind.store(rows)).values();
    for (const { record, read } of batch) {
      if ('passedOver' in read) {
        report.passedOver += 1;
        continue;
      }
      const reason = 'reason' in read ? read.reason : (verdicts.next().value ?? null);
      if (reason === null) continue;
      report.rejected += 1;
      if (report.rejections.length < shownNotes)
        report.rejections.push({ line: record.line, reason });
      await rejects.add(record, reason);
    }
    batch = [];
  };
  const understand = (record: CsvRecord): ReadRow<Row> => {
    if ('broken' in record) return { reason: record.broken };
    if (columns === null) return { reason: 'stands before the header' };
    const values = readCells(record.cells, columns);
    const read = values instanceof Map ? kind.read(values) : values;
    for (const note of 'notes' in read ? read.notes : []) {
      report.noteCount += 1;
      if (report.notes.length < shownNotes) report.notes.push(`line ${record.line}: ${note}`);
    }
    return read;
  };

  for await (const record of readCsv(file, bytes => onProgress(bytes, file.bytes))) {
    if (columns === null && 'cells' in record) {
      const header = kind.columns(record.cells, map);
      if ('problems' in header) throw new ImportError(header.problems.join('\n'));
      ({ columns } = header);
      report.unusedHeadings = columns.unused;
      rejects.header = record.cells;
      continue;
    }
    report.rows += 1;
    batch.push({ record, read: understand(record) });
    if (batch.length >= batchSize) await flush();
  }
  if (columns === null) throw new ImportError(`${file.path} has no header row.`);
  await flush();
  report.rejectedFile = await rejects.end();
  return report;
}

/** Runs one piece of work in a transaction of its own, or in the one that a dry run takes back. */
export type InBatch = <T>(work: (session: Session) => Promise<T>) => Promise<T>;

/** Thrown to take a dry run back. */
class TakenBack extends Error {}

/**
 * Does an import for good, or dry: then in one transaction that is taken back, so that what it says is what will
 * happen.
 */
export async function dryOrNot<T extends object>(
  database: Database,
  dryRun: boolean,
  work: (session: Session, inBatch: InBatch) => Promise<T>,
): Promise<T> {
  if (!dryRun) return work(database, batch => database.transaction(batch));
  const done: { result: T | null } = { result: null };
  try {
    await database.transaction(
      async session => {
        done.result = await work(session, batch => batch(session));
        throw new TakenBack();
      },
      { timeout: 600_000 },
    );
  } catch (error) {
    if (!(error instanceof TakenBack)) throw error;
  }
  if (done.result === null) throw new ImportError('A dry run came to no end.');
  return done.result;
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
