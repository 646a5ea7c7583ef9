import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { day, minute, plus } from '../../domain/instant.ts';
import { makeWinner } from '../../mail/winner-file.ts';
import { startApp, type App } from '../app.ts';
import { enrolled, exposed, mailed, told } from '../mailed.ts';
import { aLead, aSequence } from '../program.ts';
import { runIn } from './run.ts';

const yaml = `
goal: test
owner: nora
steps:
  - mail: hello
    subject: Hello
    preheader: Hello
    variants:
      plain: { weight: 1 }
      bold: { weight: 1, subject: Bold }
`;

let app: App;
let folder: string;
beforeAll(async () => {
  app = await startApp('now');
  folder = await mkdtemp(join(tmpdir(), 'lockstep-results-'));
  await aSequence(app, 'duel', yaml);
  await aSequence(app, 'silent', yaml);
  const sent = plus(app.clock.now(), -10 * day);
  for (const [n, variant] of ['plain', 'bold', 'bold'].entries()) {
    const segment = n === 0 ? '=cmd|1' : 'others';
    const way = await enrolled(app.database, await aLead(app), 'duel', sent, { segment });
    await exposed(app.database, way, 'hello', variant, sent);
    const mail = await mailed(app.database, way, 'hello', sent, { variant });
    await told(app.database, mail, { kind: 'delivered', at: plus(sent, minute) });
    const kind = n === 1 ? 'click' : 'complaint';
    await told(app.database, mail, { kind, at: plus(sent, 2 * minute) });
  }
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await app.stop();
});

const sequence = (...words: string[]) => runIn(app, 'sequence', ...words);
const inOneLine = (text: string) => text.replace(/\s+/g, ' ');

describe('lockstep sequence results', () => {
  it('tells what each step and variant brought, in 80 columns, and who leads', async () => {
    const { code, out, error } = await sequence('results', 'duel');
    expect([code, error]).toEqual([0, '']);
    expect(Math.max(...out.split('\n').map(line => line.length))).toBeLessThanOrEqual(80);
    expect(out).toContain('duel, v1: 3 enrollments.');
    expect(out).toMatch(/hello\/bold +2 +2 +1: 50 % \(9–91\) +0 +0 +1 *\n/);
    expect(out).toContain('- hello: 2 of 3 complained.');
    expect(out).toMatch(/bold +1 +2 +2 +1: 50 % \(9–91\) +/);
    expect(inOneLine(out)).toContain('No winner yet. bold is ahead: clicked: bold 50.0 %');
    const apart = await sequence('results', 'duel', '--by', 'segment', '--json');
    const told = JSON.parse(apart.out) as { steps: object[]; splits: object[] };
    expect(told.steps).toMatchObject([
      { variant: 'plain', segment: '=cmd|1', sent: 1 },
      { variant: 'bold', segment: 'others', sent: 2, clicked: 1 },
    ]);
    expect(told.splits).toMatchObject([{ split: 'hello', measure: 'clicked', winner: null }]);
  });

  it('writes CSV that no spreadsheet takes for a formula', async () => {
    const file = join(folder, 'results.csv');
    expect((await sequence('results', 'duel', '--by', 'segment', '--csv', file)).code).toBe(0);
    const [head = '', first = ''] = (await readFile(file, 'utf8')).split('\n');
    expect(head).toContain('sequence,step,variant,segment,came,sent,delivered,bounced,opened,');
    expect(first).toMatch(/^duel,hello,plain,'=cmd\|1,1,1,1,0,/);
    const here = await sequence('results', 'duel', '--by', 'segment', '--csv', '-');
    expect(here.out).toBe(await readFile(file, 'utf8'));
  });

  it('says so where there is nothing, and what there is instead', async () => {
    expect((await sequence('results', 'silent')).out).toContain('No mail has gone out of it');
    expect((await sequence('results', 'dual')).error).toContain('Did you mean "duel"?');
    expect((await sequence('results', 'duel', '--version', '7')).error).toContain('Known: 1.');
    expect((await sequence('results', 'duel', '--since', 'may')).code).toBe(2);
  });
});

describe('lockstep sequence winner', () => {
  it('shows the test, and refuses to call what is none', async () => {
    const shown = await sequence('winner', 'duel', '--json');
    expect(JSON.parse(shown.out)).toMatchObject({
      splits: [{ split: 'hello', leader: 'bold', winner: null, against: 'plain' }],
      change: null,
    });
    const applied = await sequence('winner', 'duel', '--apply');
    expect([applied.code, applied.out]).toEqual([1, '']);
    expect(applied.error).toContain('"hello" has no winner yet, so nothing was changed.');
    const published = await sequence('publish', 'duel', '--winner', 'hello');
    expect(published.error).toContain('"hello" has no winner yet, so nothing was changed.');
    const dry = await sequence('publish', 'duel', '--winner', '--dry-run');
    expect(dry.error).toContain('--winner changes the folder');
    expect((await sequence('winner', 'duel', 'helo')).error).toContain('Did you mean "hello"?');
    expect((await sequence('winner', 'c-nurture')).error).toContain('no variants and no splits');
  });

  it('makes a variant the only one in its folder, with its own mail', async () => {
    const name = 'd-long-cycle';
    const there = join(folder, 'sequences', name);
    await cp(join('templates/sequences', name), there, { recursive: true });
    const path = join(there, 'sequence.yaml');
    const before = await readFile(path, 'utf8');
    const [, mail = ''] = /- mail: (\S+)\n/.exec(before) ?? [];
    const variants = `\n    variants:\n      a: { weight: 1 }\n      b: { weight: 1, mail: other }`;
    const with_ = before.replace(/( +- mail: .*\n +subject: .*)/, `$1${variants}`);
    await writeFile(path, with_);
    await writeFile(join(there, 'other.mjml'), 'other');
    const planned = await makeWinner(folder, name, mail, 'b', false);
    expect(planned).toMatchObject({ after: before, mail: { from: 'other', to: mail } });
    expect(await readFile(path, 'utf8')).toBe(with_);
    await makeWinner(folder, name, mail, 'b', true);
    expect(await readFile(path, 'utf8')).toBe(before);
    expect(await readFile(join(there, `${mail}.mjml`), 'utf8')).toBe('other');
    expect(await readdir(there)).not.toContain('other.mjml');
  });
});

it('is read at /v1/sequences/:name/results by whoever has the API key', async () => {
  const { apiKey, http } = app.config;
  const get = async (path: string, key = apiKey) => {
    const headers = { authorization: `Bearer ${key}` };
    const response = await fetch(`${http.publicUrl}/v1/sequences/${path}`, { headers });
    return { status: response.status, body: (await response.json()) as object };
  };
  expect(await get('duel/results?by=segment&since=2020-01-01')).toMatchObject({
    status: 200,
    body: {
      ...{ name: 'duel', current: 1, versions: [1], enrolled: 3 },
      steps: [
        { segment: '=cmd|1', clicked: 0 },
        { opened_by_machine: 0, clicked: 1 },
      ],
      splits: [{ split: 'hello', within_days: 7, winner: null }],
    },
  });
  expect((await get('dual/results')).status).toBe(404);
  expect((await get('duel/results?version=0')).status).toBe(422);
  expect(await get('duel/results?segmnt=x')).toMatchObject({
    ...{ status: 422, body: { error: expect.stringContaining('"segment"') as string } },
  });
  expect((await get('duel/results', 'another')).status).toBe(401);
});
