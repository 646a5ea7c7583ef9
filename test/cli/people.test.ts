import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DateTime } from 'luxon';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PersonId } from '../../domain/ids.ts';
import { day, plus } from '../../domain/instant.ts';
import { awayAt, endAway, setAway } from '../../store/time-off.ts';
import { startApp, type App } from '../app.ts';
import { createFiles } from '../intake/files.ts';
import { aLead, bestFit, does, escalationsOf, takeIn } from '../program.ts';
import { runIn } from './run.ts';

let app: App;
let files: Awaited<ReturnType<typeof createFiles>>;
beforeAll(async () => {
  [app, files] = await Promise.all([startApp('now'), createFiles()]);
});
afterAll(async () => {
  await app.stop();
  await files.remove();
});

const people = (...words: string[]) => runIn(app, 'people', ...words);
const inDays = (days: number) =>
  DateTime.now().setZone('Europe/Berlin').plus({ days }).toFormat('yyyy-MM-dd');
const person = (key: string) => app.database.person.findUniqueOrThrow({ where: { key } });

async function fileWith(change: (text: string) => string): Promise<string> {
  const path = join(files.folder, 'people.yaml');
  await writeFile(path, change(await readFile('agreement/people.yaml', 'utf8')));
  return path;
}

describe('lockstep people list', () => {
  it('says of everybody what they do, and how much of it', async () => {
    const lead = await aLead(app, bestFit);
    await takeIn(app, lead);
    await does(app, lead, { kind: 'form', subject: 'Book a demo' });
    const [escalation] = await escalationsOf(app, lead);
    const { code, out } = await people('list', '--json');
    expect(code).toBe(0);
    const told = JSON.parse(out) as { id: string; key: string }[];
    expect(told.map(({ key }) => key)).toEqual(['nora', 'daan', 'emil', 'lena', 'sophie', 'theo']);
    expect(told.find(({ id }) => id === escalation?.ownerId)).toMatchObject({
      assigned: 1,
      open: 1,
      capacity: 12,
      awayUntil: null,
    });
    expect((await people('list')).out).toMatch(
      /Daan de Wit +daan +sales +rep +country: NL, BE, FR +10 +0 +0/,
    );
  });
});

describe('lockstep people away, and back', () => {
  it('notes who is away, in days of their own zone, until they are back', async () => {
    const { id } = await person('daan');
    const until = inDays(5);
    const dry = await people('away', 'de wit', '--until', until, '--dry-run');
    expect(dry.out).toContain('Daan de Wit is away from');
    expect(await app.database.timeOff.count()).toBe(0);
    const done = await people('away', 'de wit', '--until', until, '--json');
    const back = DateTime.fromISO(until, { zone: 'Europe/Amsterdam' }).plus({ days: 1 });
    expect(JSON.parse(done.out)).toMatchObject({ key: 'daan', until: back.toMillis() });
    const now = plus(app.clock.now(), 1);
    expect(await awayAt(app.database, now)).toEqual(new Map([[id, back.toMillis()]]));
    expect((await people('list')).out).toMatch(/Daan de Wit .* to \w{3} \d+ \w{3} \d{4}/);
    expect((await people('back', 'daan')).out).toContain('Daan de Wit is back');
    expect(await awayAt(app.database, plus(app.clock.now(), 1))).toEqual(new Map());
    expect((await people('back', 'daan')).out).toContain('is not away, and nothing is planned');
  });

  it('takes back what was planned', async () => {
    await people('away', 'emil', '--from', inDays(10), '--until', inDays(12));
    expect((await people('back', 'emil')).out).toMatch(/Emil Sattler is there from .* after all/);
    expect(await app.database.timeOff.count({ where: { untilAt: { gt: new Date() } } })).toBe(0);
  });

  it('refuses whom and what it does not understand, and says why', async () => {
    const refused = [
      ['lene --until 2999-01-01', 'There is nobody called "lene". Did you mean "lena"?'],
      ['e --until 2999-01-01', 'say which by its key'],
      ['lena --until 2020-01-01', '2020-01-01 is over'],
      ['lena --from 2020-01-01 --until 2999-01-01', 'leave --from out'],
      [
        'lena --from 2999-01-02 --until 2999-01-01',
        '--from 2999-01-02 is after --until 2999-01-01',
      ],
    ] as const;
    const ran = await Promise.all(refused.map(([words]) => people('away', ...words.split(' '))));
    expect(ran.map(({ code, error }) => [code, error])).toEqual(
      refused.map(([, why]) => [1, expect.stringContaining(why) as string]),
    );
  });

  it('of many who note it at once, all are heard, and no two times overlap', async () => {
    const { id } = await person('sophie');
    const now = app.clock.now();
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => {
        const from = plus(now, (n % 5) * day);
        return n % 7 === 6
          ? endAway(app.database, id as PersonId, now)
          : setAway(app.database, id as PersonId, { from, until: plus(from, 2 * day) });
      }),
    );
    const times = await app.database.timeOff.findMany({ where: { personId: id } });
    expect(times.length).toBeGreaterThan(0);
  });
});

describe('lockstep people import', () => {
  it('says who is added, changed and leaves, and with how many escalations, before it does it', async () => {
    const holder = await app.database.escalation.findFirstOrThrow({ include: { owner: true } });
    const { key, name } = holder.owner;
    const path = await fileWith(text =>
      text
        .replace(new RegExp(`  - \\{ key: ${key}, .*\n`), '')
        .replace('capacity: 10 a week }\n  - { key: theo', 'capacity: 7 a week }\n  - { key: theo')
        .concat(
          '  - { key: iris, name: Iris Noack, address: iris@northwind.example, team: sales, role: telesales }\n',
        ),
    );
    const dry = await people('import', path, '--dry-run');
    expect(dry.code).toBe(0);
    expect(dry.out).toMatch(/Iris Noack +iris +added/);
    expect(dry.out).toMatch(/Daan de Wit +daan +changed +capacity: 10 a week → 7 a week/);
    expect(dry.out).toMatch(new RegExp(`${name} +${key} +leaves +with 1 open escalation`));
    expect(dry.error).toContain(`${name} leaves with 1 open escalation`);
    expect((await person(key)).active).toBe(true);
    const done = JSON.parse((await people('import', path, '--json')).out) as object;
    expect(done).toMatchObject({
      added: [{ key: 'iris' }],
      changed: [{ key: 'daan' }],
      deactivated: [{ key, open: 1 }],
      unchanged: 4,
    });
    expect([(await person(key)).active, (await person('iris')).role]).toEqual([false, 'telesales']);
    expect((await people('import', path)).out).toContain('Nothing changes: all 6 are there');
    expect((await people('list')).out).toContain(`${name} (left)`);
    const again = await people('import', 'agreement/people.yaml');
    expect(again.out).toMatch(new RegExp(`${name} +${key} +back`));
  });

  it.each([
    ['key: lena,', 'key: lena-vogt,', '"lena-vogt" has the address of "lena"'],
    ['role: rep,', 'role: repp,', 'Did you mean "rep"?'],
    [', catch_all: yes', '', 'Nobody is the catch-all owner'],
  ])('takes over nobody when %s becomes %s', async (from, to, why) => {
    const before = await app.database.person.findMany({ orderBy: { key: 'asc' } });
    const { code, error } = await people('import', await fileWith(text => text.replace(from, to)));
    expect([code, error]).toEqual([1, expect.stringContaining(why)]);
    expect(await app.database.person.findMany({ orderBy: { key: 'asc' } })).toEqual(before);
  });

  it('says that a file is not there', async () => {
    expect((await people('import', 'nowhere.yaml')).error).toContain('There is no file');
  });
});
