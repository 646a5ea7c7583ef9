import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { parse, type Info } from 'csv-parse';
import iconv from 'iconv-lite';

/** What a file turned out to be, found by reading it once. */
export interface CsvFile {
  path: string;
  bytes: number;
  /** SHA-256 of the content. */
  hash: string;
  encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
  delimiter: ',' | ';' | '\t' | '|';
  /** Whether it holds what no text does. */
  isBinary: boolean;
}

/** A row of a file, by the line on which it begins; or why it is none. */
export type CsvRecord =
  { line: number; cells: string[]; raw: string } | { line: number; broken: string; raw: string };

/** A row longer than this is an unclosed quote, not a row. */
const longestRecord = 64 * 1024;

/** Looks at a file: how long, in which encoding, with which delimiter. Reads it once, in pieces. */
export async function inspectCsv(path: string): Promise<CsvFile> {
  const { size } = await stat(path);
  const hash = createHash('sha256');
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let isUtf8 = true;
  let head = Buffer.alloc(0);
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    if (head.length < 65_536) head = Buffer.concat([head, chunk]);
    if (!isUtf8) continue;
    try {
      decoder.decode(chunk, { stream: true });
    } catch {
      isUtf8 = false;
    }
  }
  const encoding =
    head[0] === 0xff && head[1] === 0xfe
      ? 'utf-16le'
      : head[0] === 0xfe && head[1] === 0xff
        ? 'utf-16be'
        : isUtf8
          ? 'utf-8'
          : 'windows-1252';
  const text = iconv.decode(head, encoding);
  return {
    path,
    bytes: size,
    hash: hash.digest('hex'),
    encoding,
    delimiter: delimiterOf(text),
    isBinary: text.includes('\u0000'),
  };
}

/** The sign that stands most often in the header, outside quotes. */
function delimiterOf(head: string): CsvFile['delimiter'] {
  const header =
    head
      .replace(/"[^"]*"/g, '')
      .split(/\r?\n/)
      .find(line => line !== '') ?? '';
  const signs = [',', ';', '\t', '|'] as const;
  const count = (sign: string) => header.split(sign).length;
  return signs.toSorted((a, b) => count(b) - count(a))[0] ?? ',';
}

/**
 * The records of a file, one at a time; the header is the first. A record that is broken is told and
 * skipped, and never stops the rest.
 * @param onBytes is told how many bytes were read so far
 */
export async function* readCsv(
  { path, encoding, delimiter }: CsvFile,
  onBytes: (bytes: number) => void = () => undefined,
): AsyncGenerator<CsvRecord> {
  // The parser complains of every stray quote of a record; the last complaint holds all of it.
  const broken = new Map<number, CsvRecord>();
  function* tellBroken(before: number): Generator<CsvRecord> {
    for (const [key, record] of broken) {
      if (record.line >= before) continue;
      broken.delete(key);
      yield record;
    }
  }
  const parser = parse({
    bom: true,
    delimiter,
    info: true,
    raw: true,
    relax_column_count: true,
    // `5" pipe` is a cell like any other.
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: longestRecord,
    skip_records_with_error: true,
  });
  parser.on(
    'skip',
    (error: { code?: string; lines?: number } | undefined, raw: string | undefined) => {
      const text = (raw ?? '').replace(/^[\r\n]+|[\r\n]+$/g, '');
      const last = error?.lines ?? 0;
      const line = Math.max(1, last - linesIn(text) + 1);
      broken.set(last, { line, broken: complaintOf(error?.code ?? ''), raw: text });
    },
  );
  let read = 0;
  const source = createReadStream(path);
  source.on('data', chunk => onBytes((read += chunk.length)));
  source.on('error', error => parser.destroy(error));
  source.pipe(iconv.decodeStream(encoding)).pipe(parser);
  let next = 1;
  try {
    for await (const { record, info, raw } of parser as AsyncIterable<{
      record: string[];
      info: Info;
      raw: string;
    }>) {
      // `lines` counts up to the end of the record; what stands before it in between was blank.
      const text = raw.replace(/^[\r\n]+|[\r\n]+$/g, '');
      const line = Math.max(next, info.lines - linesIn(text) + 1);
      yield* tellBroken(line);
      yield { line, cells: record, raw: text };
      next = info.lines + 1;
    }
    yield* tellBroken(Infinity);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== 'CSV_QUOTE_NOT_CLOSED' && code !== 'CSV_MAX_RECORD_SIZE') throw error;
    yield {
      line: next,
      broken: 'opens a quote that is never closed; nothing after it could be read',
      raw: '',
    };
  }
}

function linesIn(text: string): number {
  return text.split(/\r\n|\n|\r/).length;
}

function complaintOf(code: string): string {
  switch (code) {
    case 'INVALID_OPENING_QUOTE':
    case 'CSV_INVALID_CLOSING_QUOTE':
      return 'has a quote in the middle of a cell; such a cell stands in quotes, and its own are doubled';
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'opens a quote that is never closed; it takes in all the lines after it';
    default:
      return `is not a row of a CSV file (${code})`;
  }
}
