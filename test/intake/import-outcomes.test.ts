import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ImportError } from '../../intake/import-file.ts';
import { importOutcomes, type OutcomesOptions } from '../../intake/import-outcomes.ts';
import { createDatabase, type TestDatabase } from '../database.ts';
import { createFiles, leadsAt, now } from './files.ts';

let test: TestDatabase;
let files: Awaited<ReturnType<typeof createFiles>>;
beforeAll(async () => {
  test = await createDatabase();
  files = await createFiles();
});
afterAll(async () => {
  await files.remove();
  await test.drop();
});

const run = (path: string, more: Partial<OutcomesOptions> = {}) =>
  importOutcomes(
    test.database,
    {
      path,
      source: 'crm',
      currency: null,
      dates: 'month',
      map: [],
      dryRun: false,
      onProgress: () => undefined,
      ...more,
    },
    now,
  );
const outcomesOf = (address: string) =>
  test.database.outcome.findMany({
    where: { lead: { address } },
    orderBy: { at: 'asc' },
    select: {
      source: true,
      externalId: true,
      kind: true,
      reason: true,
      amountMinor: true,
      currency: true,
      at: true,
    },
  });

describe('an import of outcomes', () => {
  it('takes a file in once, and lets a later one correct what has the same id', async () => {
    await leadsAt(test.database, ['ada@one.example']);
    const header = 'Deal ID,Email,Stage,Close Date,Amount,Currency';
    const path = await files.write(`${header}\n7,ada@one.example,Closed Won,2026-01-05,1200,EUR\n`);
    expect(await run(path)).toMatchObject({
      rows: 1,
      new: 1,
      updated: 0,
      unchanged: 0,
      rejected: 0,
    });
    expect(await run(path)).toMatchObject({ new: 0, updated: 0, unchanged: 1 });
    const mended = `${header}\n7,ADA@one.example,Closed Lost,2026-01-06,1200,EUR\n`;
    expect(await run(await files.write(mended))).toMatchObject({ new: 0, updated: 1 });
    expect(await outcomesOf('ada@one.example')).toEqual([
      {
        source: 'crm',
        externalId: '7',
        kind: 'lost',
        reason: null,
        amountMinor: null,
        currency: null,
        at: new Date('2026-01-06T00:00:00Z'),
      },
    ]);
    // Another system's 7 is another outcome.
    expect(await run(path, { source: 'other' })).toMatchObject({ new: 1 });
  });

  it('tells outcomes without an id by what they say', async () => {
    await leadsAt(test.database, ['ada@two.example']);
    const rows = [
      'Email,Outcome,Date,Reason',
      'ada@two.example,accepted,2026-01-05,',
      'ada@two.example,rejected,2026-01-06,not now',
      'ada@two.example,rejected,2026-01-06,not now',
    ].join('\n');
    expect(await run(await files.write(rows))).toMatchObject({ rows: 3, new: 3 });
    expect(await outcomesOf('ada@two.example')).toHaveLength(2);
    expect(
      await run(await files.write(`${rows}\nada@two.example,won,2026-02-06,\n`)),
    ).toMatchObject({ new: 1, unchanged: 3 });
  });

  it('knows a lead by an alias', async () => {
    const [leadId = ''] = await leadsAt(test.database, ['ada@three.example']);
    await test.database.leadAlias.create({ data: { address: 'ada@private.example', leadId } });
    await run(await files.write('Email,Outcome,Date\nada@private.example,won,2026-01-05\n'));
    expect(await outcomesOf('ada@three.example')).toMatchObject([{ kind: 'won' }]);
  });

  it('reports what cannot be used, in order, and takes the rest in', async () => {
    await leadsAt(test.database, ['ada@four.example']);
    const path = await files.write(
      [
        'Id,Email,Outcome,Date,Amount,Currency,Owner',
        '1,ada@four.example,won,2026-01-05,12,EUR,Mia',
        '2,nobody@four.example,won,2026-01-05,12,EUR,Mia',
        '3,ada@four.example,maybe,2026-01-05,,,Mia',
        '4,ada@four.example,Negotiation,2026-12-05,,,Mia',
        '5,ada@four.example,won,2026-12-05,12,EUR,Mia',
        '6,ada@four.example,won,2026-01-05,12,,Mia',
        '7,ada@four.example,won,2026-01-05,12,EUR,Mia,more,cells',
        '8,ada@four.example,lost,2026-01-05,,,Mia',
      ].join('\n'),
    );
    expect(await run(path)).toMatchObject({
      rows: 8,
      new: 2,
      passedOver: 1,
      rejected: 5,
      unusedHeadings: ['Owner'],
      rejectedFile: `${path}.rejected.csv`,
      rejections: [
        { line: 3, reason: 'no lead has this address; bring the leads in first' },
        { line: 4, reason: expect.stringContaining('"maybe" is no outcome') as string },
        { line: 6, reason: 'the date "2026-12-05" lies in the future' },
        { line: 7, reason: expect.stringContaining('is in no currency') as string },
        { line: 8, reason: 'has 9 cells, but the header has 7' },
      ],
    });
    const rejected = await readFile(`${path}.rejected.csv`, 'utf8');
    expect(rejected.split('\n')[0]).toBe('line,reason,Id,Email,Outcome,Date,Amount,Currency,Owner');
    expect(rejected).toContain('6,"the date ""2026-12-05"" lies in the future",5,ada@four.example');
    expect(await outcomesOf('ada@four.example')).toHaveLength(2);
  });

  it('dry, says all of it and changes nothing', async () => {
    await leadsAt(test.database, ['ada@five.example']);
    const path = await files.write('Email,Outcome,Date\nada@five.example,won,2026-01-05\nx,won,\n');
    expect(await run(path, { dryRun: true })).toMatchObject({
      new: 1,
      rejected: 1,
      rejectedFile: null,
    });
    expect(await outcomesOf('ada@five.example')).toEqual([]);
    await expect(readFile(`${path}.rejected.csv`)).rejects.toThrow();
  });

  it.each([
    ['semicolons and Latin-1', (text: string) => iconv.encode(text.replaceAll(',', ';'), 'latin1')],
    ['UTF-16', (text: string) => iconv.encode(text, 'utf-16le', { addBOM: true })],
  ])('is understood as %s', async (_name, encode) => {
    await leadsAt(test.database, ['ada@six.example']);
    await run(
      await files.write(encode('Email,Outcome,Date,Reason\nada@six.example,lost,5.1.2026,Börse\n')),
    );
    expect((await outcomesOf('ada@six.example')).at(-1)).toMatchObject({ reason: 'Börse' });
  });

  it.each([
    ['', 'is empty'],
    ['Email,Date\n', 'No column holds outcomes'],
    ['Email,Outcome\n', 'No column holds dates'],
    ['\n\n', 'has no header row'],
  ])('refuses %j whole', async (content, why) => {
    const path = await files.write(content);
    await expect(run(path)).rejects.toThrow(ImportError);
    await expect(run(path)).rejects.toThrow(why);
  });

  it('refuses a file that is none, a map that says nothing, and a source without a name', async () => {
    await expect(run(join(files.folder, 'nowhere.csv'))).rejects.toThrow('There is no file');
    const path = await files.write('Mail,Outcome,Date\n');
    await expect(run(path, { map: ['Mail=emial'] })).rejects.toThrow('Did you mean "email"?');
    await expect(run(path, { source: ' ' })).rejects.toThrow('Say which system this is from');
  });
});
