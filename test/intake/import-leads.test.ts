import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instant } from '../../domain/instant.ts';
import { ImportError } from '../../intake/import-file.ts';
import { importLeads, type ImportOptions } from '../../intake/import-leads.ts';
import { sampleLeads } from '../../sandbox/sample/leads.ts';
import { noResult } from '../../store/intake.ts';
import { isSuppressed } from '../../store/suppression.ts';
import { createDatabase, type TestDatabase } from '../database.ts';
import { theAgreement } from '../domain/facts.ts';
import { address } from '../program.ts';

let test: TestDatabase;
let folder: string;
const at = instant(Date.parse('2026-03-02T08:00:00Z'));
beforeAll(async () => {
  test = await createDatabase();
  folder = await mkdtemp(join(tmpdir(), 'lockstep-import-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await test.drop();
});

let made = 0;
async function file(content: string | Buffer): Promise<string> {
  made += 1;
  const path = join(folder, `${made}.csv`);
  await writeFile(path, content);
  return path;
}
const run = (path: string, more: Partial<ImportOptions> = {}) =>
  importLeads(
    test.database,
    theAgreement(),
    {
      path,
      source: 'test',
      cost: null,
      map: [],
      dryRun: false,
      onProgress: () => undefined,
      ...more,
    },
    at,
  );
const lead = (of: string) =>
  test.database.lead.findUnique({
    where: { address: of },
    include: { events: true, account: true, source: true },
  });

describe('an import', () => {
  it('takes a file in, and the same file again changes nothing', async () => {
    const path = await file(
      'Email,First Name,Country\nada@one.example,Ada,Germany\ngrace@one.example,Grace,DE\n',
    );
    expect(await run(path)).toMatchObject({
      rows: 2,
      new: 2,
      updated: 0,
      unchanged: 0,
      rejected: 0,
    });
    const before = await lead('ada@one.example');
    expect(before).toMatchObject({
      firstName: 'Ada',
      country: 'DE',
      revision: 1,
      account: { domain: 'one.example' },
      source: { key: 'test' },
    });
    expect(await run(path)).toMatchObject({ new: 0, updated: 0, unchanged: 2 });
    expect(await lead('ada@one.example')).toEqual(before);
  });

  it('adds what is new, and never overwrites with a blank', async () => {
    await run(await file('Email,First Name,Company,Title\nada@two.example,Ada,Engines,CEO\n'));
    expect(
      await run(
        await file('Email,First Name,Company,Title\nADA@two.example,,Analytical Engines,\n'),
      ),
    ).toMatchObject({ updated: 1 });
    expect(await lead('ada@two.example')).toMatchObject({
      firstName: 'Ada',
      company: 'Analytical Engines',
      title: 'CEO',
      revision: 2,
    });
  });

  it('makes one lead of one person, within a file and by an alias', async () => {
    expect(
      await run(
        await file('Email,First Name,Title\nada@three.example,Ada,\n Ada@Three.example ,,COO\n'),
      ),
    ).toMatchObject({ new: 1, repeated: 1 });
    const row = await lead('ada@three.example');
    expect(row).toMatchObject({ firstName: 'Ada', title: 'COO' });
    await test.database.leadAlias.create({
      data: { address: 'ada@private.example', leadId: row?.id ?? '' },
    });
    expect(await run(await file('Email,Title\nada@private.example,CTO\n'))).toMatchObject({
      new: 0,
      updated: 1,
    });
    expect(await lead('ada@three.example')).toMatchObject({ title: 'CTO' });
  });

  it('understands newlines, delimiters and quotes within quotes', async () => {
    await run(
      await file(
        'Email,Title,Company\nquoted@four.example,"Head of\nOperations","Ä ""big"", old firm"\n',
      ),
    );
    expect(await lead('quoted@four.example')).toMatchObject({
      title: 'Head of Operations',
      company: 'Ä "big", old firm',
    });
  });

  it('reports what cannot be used, with its line and reason, and takes the rest in', async () => {
    const path = await file(
      [
        'Email,First Name',
        'good@five.example,A',
        'not-an-address,B',
        ',C',
        'bad\u0007@five.example,D',
        'x@five.example,5" pipe',
        'late@five.example,E',
        '',
      ].join('\n'),
    );
    const result = await run(path);
    expect(result).toMatchObject({
      rows: 6,
      new: 3,
      rejected: 3,
      rejections: [
        { line: 3, reason: 'the address has no @' },
        { line: 4, reason: 'the address is blank' },
        { line: 5, reason: 'the address holds a control character' },
      ],
      rejectedFile: `${path}.rejected.csv`,
    });
    const rejected = await readFile(`${path}.rejected.csv`, 'utf8');
    expect(rejected.split('\n')[0]).toBe('line,reason,Email,First Name');
    for (const part of [
      '3,the address has no @,not-an-address,B',
      '4,the address is blank,,C',
      '5,the address holds a control character',
    ])
      expect(rejected).toContain(part);
    expect(await lead('late@five.example')).not.toBeNull();
    // A quote in the middle of a cell is no quote.
    expect(await lead('x@five.example')).toMatchObject({ firstName: '5" pipe' });
    // Mended and imported again, nothing is left of it.
    await writeFile(path, 'Email,First Name\ngood@five.example,A\n');
    expect((await run(path)).rejectedFile).toBeNull();
    await expect(readFile(`${path}.rejected.csv`)).rejects.toThrow();
  });

  it('suppresses who opted out, and takes over what they did elsewhere', async () => {
    const result = await run(
      await file(
        'Email,Email Opt Out,Recent Conversion,Recent Conversion Date,Lifecycle Stage\nout@six.example,1,Demo request,2026-02-20 10:00,customer\nin@seven.example,0,Guide download,2026-02-21,lead\n',
      ),
    );
    expect(result.suppressed).toBe(1);
    expect(await isSuppressed(test.database, address('out@six.example'))).toBe(true);
    expect(await isSuppressed(test.database, address('in@seven.example'))).toBe(false);
    expect(await lead('out@six.example')).toMatchObject({
      account: { status: 'customer' },
      events: [{ kind: 'form', subject: 'Demo request' }],
    });
    expect((await lead('in@seven.example'))?.events).toMatchObject([
      { kind: 'download', at: new Date('2026-02-21T00:00:00Z') },
    ]);
  });

  it('dry, foretells what becomes of the leads', async () => {
    const path = await file(sampleLeads(at));
    const { foretold } = await run(path, { dryRun: true, source: 'foretold' });
    const { grades, escalated, enrolled, resting } = foretold ?? noResult();
    expect(grades.A + grades.B + grades.C + grades.D).toBe(240);
    expect(escalated).toBeGreaterThan(10);
    const inSequences = Object.values(enrolled).reduce((sum, count) => sum + count, 0);
    expect(escalated + inSequences + resting).toBe(240);
    expect(await test.database.source.findUnique({ where: { key: 'foretold' } })).toBeNull();
  });

  it('dry, says all of it and changes nothing', async () => {
    const leads = await test.database.lead.count();
    const path = await file('Email,Email Opt Out\ndry@eight.example,1\nbroken,\n');
    expect(await run(path, { dryRun: true, source: 'dry' })).toMatchObject({
      new: 1,
      rejected: 1,
      suppressed: 1,
      rejectedFile: null,
    });
    expect(await test.database.lead.count()).toBe(leads);
    expect(await test.database.source.findUnique({ where: { key: 'dry' } })).toBeNull();
    await expect(readFile(`${path}.rejected.csv`)).rejects.toThrow();
  });

  it('keeps what a source cost', async () => {
    await run(await file('Email\ncost@nine.example\n'), {
      source: 'fair',
      cost: { minor: 120_000n, currency: 'EUR' },
    });
    expect(await test.database.source.findUnique({ where: { key: 'fair' } })).toMatchObject({
      costMinor: 120_000n,
      currency: 'EUR',
    });
  });

  it.each([
    ['', 'is empty'],
    ['Name,Phone\nAda,1\n', 'No column holds addresses'],
    ['\n\n\n', 'has no header row'],
  ])('refuses %j whole', async (content, why) => {
    await expect(run(await file(content))).rejects.toThrow(ImportError);
    await expect(run(await file(content))).rejects.toThrow(why);
  });

  it('refuses a file that is not there', async () => {
    await expect(run(join(folder, 'nowhere.csv'))).rejects.toThrow('There is no file');
    await expect(run(folder)).rejects.toThrow('is a folder');
    const binary = await file(Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 1, 2]));
    await expect(run(binary)).rejects.toThrow('is no text');
    const named = await file('Email\na@b.example\n');
    await expect(run(named, { source: ' ' })).rejects.toThrow('Say where these leads came from');
  });

  it('takes the sample in without a single rejection', async () => {
    expect(await run(await file(sampleLeads(at)), { source: 'sample' })).toMatchObject({
      rows: 240,
      rejected: 0,
      noteCount: 0,
    });
  });

  it('takes twenty thousand rows in bounded memory', async () => {
    const rows = Array.from(
      { length: 20_000 },
      (_, n) => `lead-${n}@big-${n % 700}.example,Name ${n},${'Some longer title '.repeat(4)}${n}`,
    );
    const path = await file(`Email,Name,Title\n${rows.join('\n')}\n`);
    rows.length = 0;
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    let most = 0;
    const result = await run(path, {
      source: 'big',
      onProgress: () => (most = Math.max(most, process.memoryUsage().heapUsed)),
    });
    expect(result).toMatchObject({ rows: 20_000, new: 20_000 });
    expect((most - before) / 1024 / 1024).toBeLessThan(250);
  });

  it('goes on where it was cut off', async () => {
    const lines = Array.from({ length: 1_200 }, (_, n) => `cut-${n}@cut.example`);
    const path = await file(`Email\n${lines.join('\n')}\n`);
    let cut = false;
    await expect(
      importLeads(
        new Proxy(test.database, {
          get: (target, name, self) => {
            if (name !== 'transaction') return Reflect.get(target, name, self) as unknown;
            return (work: never) => {
              if (cut) throw new Error('killed');
              cut = true;
              return target.transaction(work);
            };
          },
        }),
        theAgreement(),
        { path, source: 'cut', cost: null, map: [], dryRun: false, onProgress: () => undefined },
        at,
      ),
    ).rejects.toThrow('killed');
    expect(await run(path, { source: 'cut' })).toMatchObject({ new: 700, unchanged: 500 });
    const { id } = await test.database.import.findFirstOrThrow({
      where: { source: { key: 'cut' } },
    });
    expect(await test.database.importRow.count({ where: { importId: id } })).toBe(1_200);
  });
});
