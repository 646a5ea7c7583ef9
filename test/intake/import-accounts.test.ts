import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importAccounts } from '../../intake/import-accounts.ts';
import { ImportError, type FileOptions } from '../../intake/import-file.ts';
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

const run = (path: string, more: Partial<FileOptions> = {}) =>
  importAccounts(
    test.database,
    { path, map: [], dryRun: false, onProgress: () => undefined, ...more },
    now,
  );
const bring = async (...lines: string[]) => run(await files.write(`${lines.join('\n')}\n`));
const account = (domain: string) =>
  test.database.account.findUnique({
    where: { domain },
    select: { name: true, status: true, owner: { select: { key: true } } },
  });
const revisions = async (domain: string) => {
  const leads = await test.database.lead.findMany({
    where: { account: { domain } },
    orderBy: { id: 'asc' },
  });
  return leads.map(({ revision }) => revision);
};

describe('an import of accounts', () => {
  it('makes those that are not there, and changes those that are; the same file again changes nothing', async () => {
    const leads = await leadsAt(test.database, ['ada@one.example', 'bob@one.example']);
    const path = await files.write(
      'Website,Account Name,Account Owner,Type\n' +
        'https://www.one.example/,One Ltd,lena@northwind.example,Customer - Direct\n' +
        'two.example,Two Ltd,,\n',
    );
    const first = await run(path);
    expect(first).toMatchObject({ rows: 2, new: 1, updated: 1, unchanged: 0, touched: 2 });
    expect(first.toNudge.toSorted()).toEqual(leads.toSorted());
    expect(await account('one.example')).toEqual({
      name: 'One Ltd',
      status: 'customer',
      owner: { key: 'lena' },
    });
    expect(await account('two.example')).toEqual({ name: 'Two Ltd', status: null, owner: null });
    const raised = await revisions('one.example');
    expect(raised).toEqual([2, 2]);
    expect(await run(path)).toMatchObject({
      new: 0,
      updated: 0,
      unchanged: 2,
      touched: 0,
      toNudge: [],
    });
    expect(await revisions('one.example')).toEqual(raised);
  });

  it('never overwrites with a blank, and takes away by the word none', async () => {
    await leadsAt(test.database, ['ada@three.example']);
    await bring('Domain,Company,Owner,Status', 'three.example,Three,emil,competitor');
    expect(await bring('Domain,Company,Owner,Status', 'three.example,,,')).toMatchObject({
      unchanged: 1,
      touched: 0,
    });
    expect(await account('three.example')).toMatchObject({ status: 'competitor' });
    expect(await bring('Domain,Owner,Status', 'three.example,,none')).toMatchObject({ touched: 1 });
    expect(await account('three.example')).toEqual({
      name: 'Three',
      status: null,
      owner: { key: 'emil' },
    });
    expect(await bring('Domain,Owner', 'three.example,none')).toMatchObject({ touched: 1 });
    expect(await account('three.example')).toMatchObject({ owner: null });
  });

  it('has nobody look again because of a name', async () => {
    await leadsAt(test.database, ['ada@four.example']);
    expect(await bring('Domain,Company', 'four.example,Four')).toMatchObject({
      updated: 1,
      touched: 0,
    });
  });

  it('tells a lead once that has something unseen already', async () => {
    const [lead = ''] = await leadsAt(test.database, ['ada@five.example']);
    expect((await bring('Domain,Owner', 'five.example,lena')).toNudge).toEqual([lead]);
    expect(await bring('Domain,Owner', 'five.example,emil')).toMatchObject({
      touched: 1,
      toNudge: [],
    });
    expect(await revisions('five.example')).toEqual([3]);
  });

  it('reports what cannot be used, in order, applies nothing of it, and takes the rest in', async () => {
    await leadsAt(test.database, ['ada@six.example']);
    const path = await files.write(
      [
        'Domain,Company,Owner,Status,City',
        'six.example,Six,lenna,customer,Bonn',
        'six.example,Six,nora,customer,Bonn',
        'six.example,Six,lena,custumer,Bonn',
        'gmail.com,Google,lena,customer,Bonn',
        ',No,lena,customer,Bonn',
        'seven.example,Seven,,Prospect,Bonn',
        'seven.example,,lena,,Bonn',
      ].join('\n'),
    );
    expect(await run(path)).toMatchObject({
      rows: 7,
      new: 1,
      repeated: 1,
      rejected: 5,
      unusedHeadings: ['City'],
      notes: ['line 7: the status "Prospect" says nothing here; what the account was it stays'],
      rejectedFile: `${path}.rejected.csv`,
      rejections: [
        { line: 2, reason: 'the owner "lenna" is nobody who is here. Did you mean "lena"?' },
        { line: 3, reason: 'the owner "nora" is of marketing; accounts are owned by sales' },
        { line: 4, reason: '"custumer" is no status of an account. Did you mean "customer"?' },
        {
          line: 5,
          reason: 'at gmail.com anybody may have an address, so it tells no company',
        },
        { line: 6, reason: 'says no domain' },
      ],
    });
    expect(await account('six.example')).toEqual({ name: null, status: null, owner: null });
    expect(await revisions('six.example')).toEqual([1]);
    expect(await account('seven.example')).toMatchObject({ name: 'Seven', owner: { key: 'lena' } });
    const rejected = await readFile(`${path}.rejected.csv`, 'utf8');
    expect(rejected.split('\n')[0]).toBe('line,reason,Domain,Company,Owner,Status,City');
  });

  it('dry, says all of it and changes nothing', async () => {
    await leadsAt(test.database, ['ada@eight.example']);
    const path = await files.write(
      'Domain,Owner,Status\neight.example,lena,customer\nnine.example,,x\n',
    );
    expect(await run(path, { dryRun: true })).toMatchObject({
      updated: 1,
      rejected: 1,
      rejectedFile: null,
      touched: 1,
    });
    expect(await account('eight.example')).toMatchObject({ status: null, owner: null });
    expect(await revisions('eight.example')).toEqual([1]);
  });

  it.each([
    ['', 'is empty'],
    ['Company,Status\n', 'No column holds domains'],
    ['\n\n', 'has no header row'],
  ])('refuses %j whole', async (content, why) => {
    const path = await files.write(content);
    await expect(run(path)).rejects.toThrow(ImportError);
    await expect(run(path)).rejects.toThrow(why);
  });

  it('keeps an owner who has left in the record, and gives nothing to one', async () => {
    const { database } = test;
    await bring('Domain,Owner', 'ten.example,sophie');
    await database.person.update({ where: { key: 'sophie' }, data: { active: false } });
    await bring('Domain,Company', 'ten.example,Ten');
    expect(await account('ten.example')).toEqual({
      name: 'Ten',
      status: null,
      owner: { key: 'sophie' },
    });
    expect(await bring('Domain,Owner', 'eleven.example,sophie')).toMatchObject({ rejected: 1 });
    await database.person.update({ where: { key: 'sophie' }, data: { active: true } });
  });

  it('of imports that overlap makes each account once, and fails none', async () => {
    const domains = Array.from({ length: 30 }, (_, n) => `overlap-${n}.example,customer`);
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        bring('Domain,Status', ...(n % 2 === 0 ? domains : domains.toReversed())),
      ),
    );
    expect(results.reduce((sum, result) => sum + result.new, 0)).toBe(30);
    const where = { domain: { startsWith: 'overlap-' }, status: 'customer' };
    expect(await test.database.account.count({ where })).toBe(30);
  });
});
