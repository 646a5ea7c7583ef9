import { readFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importEvents, type EventsOptions } from '../../intake/import-events.ts';
import { importLeads } from '../../intake/import-leads.ts';
import { createDatabase, type TestDatabase } from '../database.ts';
import { theAgreement } from '../domain/facts.ts';
import { bestFit } from '../program.ts';
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

const run = (path: string, more: Partial<EventsOptions> = {}) =>
  importEvents(
    test.database,
    theAgreement(),
    { path, dates: 'month', map: [], dryRun: false, onProgress: () => undefined, ...more },
    now,
  );
const leadOf = (address: string) =>
  test.database.lead.findUniqueOrThrow({
    where: { address },
    include: { events: { orderBy: { at: 'asc' } } },
  });
const touchedBy = (importId: string) => test.database.importRow.count({ where: { importId } });

describe('an import of events', () => {
  it('stores each event once, with the moment at which it happened', async () => {
    await leadsAt(test.database, ['ada@one.example']);
    const path = await files.write(
      [
        'Email,Event,Page,Date',
        'ada@one.example,Page view,https://www.example.com/pricing?x=1,2026-02-20 10:00',
        'ADA@one.example,form submission,Book a demo,2026-02-21T10:00:00+01:00',
        'ada@one.example,page view,/pricing,2026-02-20 10:00',
      ].join('\n'),
    );
    expect(await run(path)).toMatchObject({
      rows: 3,
      stored: 2,
      repeated: 1,
      touched: 1,
      rejected: 0,
    });
    expect((await leadOf('ada@one.example')).events).toMatchObject([
      { kind: 'page', subject: '/pricing', at: new Date('2026-02-20T10:00:00Z') },
      { kind: 'form', subject: 'Book a demo', at: new Date('2026-02-21T09:00:00Z') },
    ]);
    const again = await run(path);
    expect(again).toMatchObject({ stored: 0, repeated: 3, touched: 0 });
    expect(await touchedBy(again.importId)).toBe(1);
  });

  it('wakes nobody for what no rule looks back to any more', async () => {
    await leadsAt(test.database, ['old@two.example', 'young@two.example']);
    const path = await files.write(
      [
        'Email,Event,Name,Date',
        'old@two.example,form,Book a demo,2019-02-20',
        'old@two.example,page,/pricing,2025-12-31',
        'young@two.example,page,/pricing,2026-02-20',
        'young@two.example,form,Contact,2020-02-20',
      ].join('\n'),
    );
    const { importId, ...result } = await run(path);
    expect(result).toMatchObject({ stored: 4, touched: 1 });
    expect(await leadOf('old@two.example')).toMatchObject({ revision: 1, seenRevision: 1 });
    expect(await leadOf('young@two.example')).toMatchObject({ revision: 2, seenRevision: 1 });
    expect(await touchedBy(importId)).toBe(1);
  });

  it('counts a conversion once that a file of leads told of already', async () => {
    const leads = await files.write(
      'Email,Recent Conversion,Recent Conversion Date\nada@three.example,Demo request,2026-02-20 10:00\n',
    );
    const options = {
      source: 'test',
      cost: null,
      map: [],
      dryRun: false,
      onProgress: () => undefined,
    };
    await importLeads(test.database, theAgreement(), { path: leads, ...options }, now);
    const path = await files.write(
      'Email,Event,Form name,Submitted on\nada@three.example,form,Demo request,2026-02-20 10:00\n',
    );
    expect(await run(path)).toMatchObject({ stored: 0, repeated: 1 });
  });

  it('reports what cannot be used, and takes the rest in', async () => {
    await leadsAt(test.database, ['ada@four.example']);
    const path = await files.write(
      [
        'Email,Event,Name,Date,Campaign',
        'nobody@four.example,page,/,2026-02-20,x',
        'ada@four.example,click,/,2026-02-20,x',
        'ada@four.example,page,/,2026-04-20,x',
        'ada@four.example,page,/,20/02/2026,x',
        'ada@four.example,page,/,2026-02-20,x',
      ].join('\n'),
    );
    expect(await run(path)).toMatchObject({
      rows: 5,
      stored: 1,
      rejected: 4,
      unusedHeadings: ['Campaign'],
      rejections: [
        { line: 2, reason: 'no lead has this address; bring the leads in first' },
        { line: 3, reason: 'clicks come from the mail provider alone' },
        { line: 4, reason: 'the date "2026-04-20" lies in the future' },
        { line: 5, reason: 'the date "20/02/2026" was not understood' },
      ],
    });
    expect((await readFile(`${path}.rejected.csv`, 'utf8')).split('\n')).toHaveLength(6);
    expect(await run(path, { dates: 'day' })).toMatchObject({
      stored: 0,
      repeated: 2,
      rejected: 3,
    });
  });

  it('dry, says how many would go to sales, and changes nothing', async () => {
    await leadsAt(test.database, ['a@five.example', 'b@five.example'], bestFit);
    const path = await files.write(
      'Email,Event,Name,Date\na@five.example,form,Book a demo,2026-02-27\nb@five.example,page,/blog,2026-02-27\n',
    );
    const imports = await test.database.import.count();
    expect(await run(path, { dryRun: true })).toMatchObject({ stored: 2, touched: 2, toSales: 1 });
    expect(await leadOf('a@five.example')).toMatchObject({ events: [], revision: 1 });
    expect(await test.database.import.count()).toBe(imports);
  });

  it('takes fifty thousand rows in bounded memory, and little time', async () => {
    const people = Array.from({ length: 2_000 }, (_, n) => `lead-${n}@big-${n % 70}.example`);
    await leadsAt(test.database, people);
    const day = (n: number) => new Date(now - (n % 900) * 86_400_000 - n * 1_000).toISOString();
    const rows = Array.from(
      { length: 50_000 },
      (_, n) => `${people[n % people.length] ?? ''},page,/a-longer-path-of-a-page/${n},${day(n)}`,
    );
    const path = await files.write(`Email,Event,Page,Date\n${rows.join('\n')}\n`);
    rows.length = 0;
    const before = heldBytes();
    const cpu = process.cpuUsage();
    let most = 0;
    let told = 0;
    const result = await run(path, {
      // Now and then: to count only what is held takes a while.
      onProgress: () => {
        if (told++ % 10 === 0) most = Math.max(most, heldBytes());
      },
    });
    const { user, system } = process.cpuUsage(cpu);
    expect(result).toMatchObject({ rows: 50_000, stored: 50_000, rejected: 0 });
    expect(result.touched).toBeLessThan(2_001);
    expect((most - before) / 1024 / 1024).toBeLessThan(50);
    // It takes 3 s of this process; a slow machine may take longer.
    expect((user + system) / 1e6).toBeLessThan(30);
  });
});

/** What is on the heap and cannot be collected. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
