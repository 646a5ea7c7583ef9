import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspectCsv, readCsv } from '../../intake/csv.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockstep-csv-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let made = 0;
async function file(content: string | Buffer): Promise<string> {
  made += 1;
  const path = join(folder, `${made}.csv`);
  await writeFile(path, content);
  return path;
}

describe('a CSV file', () => {
  it('is read as it was written, whatever stands in it', async () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', 'é', '"', ',', ';', '\n', ' ', "'", '€'),
      maxLength: 8,
    });
    const rows = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), {
      minLength: 1,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(rows, fc.constantFrom(',', ';', '\t'), async (cells, delimiter) => {
        const written = [['h1', 'h2', 'h3'], ...cells.map(row => row.map(text => text || 'x'))];
        const path = await file(stringify(written, { delimiter, quoted: true }));
        const read: string[][] = [];
        for await (const record of readCsv(await inspectCsv(path))) {
          if ('broken' in record) throw new Error(record.broken);
          read.push(record.cells);
        }
        expect(read).toEqual(written);
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    ['comma', (text: string) => Buffer.from(text)],
    ['semicolon', (text: string) => Buffer.from(text.replaceAll(',', ';'))],
    ['tab', (text: string) => Buffer.from(text.replaceAll(',', '\t'))],
    ['BOM', (text: string) => Buffer.from(`\ufeff${text}`)],
    ['Latin-1', (text: string) => iconv.encode(text, 'latin1')],
    ['UTF-16 with BOM', (text: string) => iconv.encode(text, 'utf-16le', { addBOM: true })],
    ['Windows lines', (text: string) => Buffer.from(text.replaceAll('\n', '\r\n'))],
    ['old Mac lines', (text: string) => Buffer.from(text.replaceAll('\n', '\r'))],
  ])('is understood as %s', async (_name, encode) => {
    const path = await file(encode('Email,Last Name\nmoller@one.example,Möller-Sørensen\n'));
    const cells = [];
    for await (const record of readCsv(await inspectCsv(path)))
      cells.push('cells' in record ? record.cells : record.broken);
    expect(cells).toEqual([
      ['Email', 'Last Name'],
      ['moller@one.example', 'Möller-Sørensen'],
    ]);
  });

  it('tells the line on which each record begins', async () => {
    const path = await file('h\n\n"a\nb"\nc\n\n\nd\n');
    const lines: number[] = [];
    for await (const { line } of readCsv(await inspectCsv(path))) lines.push(line);
    expect(lines).toEqual([1, 3, 5, 8]);
  });

  it('takes a stray quote for a letter, and goes on after it', async () => {
    const path = await file(
      'h1,h2,h3\na,"a"b,C\nb,A,C\nc,"Quoted",C\nd,5" pipe,C\n"Foo" <foo@bar.example>,a,b\n',
    );
    const cells = [];
    for await (const record of readCsv(await inspectCsv(path)))
      cells.push('cells' in record ? record.cells : record.broken);
    expect(cells.slice(1)).toEqual([
      ['a', '"a"b', 'C'],
      ['b', 'A', 'C'],
      ['c', 'Quoted', 'C'],
      ['d', '5" pipe', 'C'],
      ['"Foo" <foo@bar.example>', 'a', 'b'],
    ]);
  });

  it('whose quote is never closed says where it was opened', async () => {
    const path = await file(
      'Email,Name\na@b.example,A\nc@d.example,"never closed\ne@f.example,E\n',
    );
    const broken = [];
    for await (const record of readCsv(await inspectCsv(path)))
      if ('broken' in record) broken.push(record);
    expect(broken).toMatchObject([
      { line: 3, broken: expect.stringContaining('never closed') as string },
    ]);
  });
});
