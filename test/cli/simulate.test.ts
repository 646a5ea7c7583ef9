import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lookbackOf } from '../../domain/agreement/lookback.ts';
import type { LeadId } from '../../domain/ids.ts';
import { day, hour, instant, plus, type Instant } from '../../domain/instant.ts';
import { pinned } from '../../domain/nurture/decide.ts';
import { readDocument } from '../../domain/document/read.ts';
import { compiledName, planOf, type Rules } from '../../domain/sequence/plan.ts';
import { sequenceSchema } from '../../domain/sequence/schema.ts';
import type { Behavior } from '../../domain/sequence/simulate/behavior.ts';
import { Conduct, Manners } from '../../domain/sequence/simulate/conduct.ts';
import { Course } from '../../domain/sequence/simulate/course.ts';
import { startOf } from '../../domain/sequence/simulate/start.ts';
import type { Simulation } from '../../domain/sequence/simulate/summary.ts';
import { Delays, Tally } from '../../domain/sequence/simulate/tally.ts';
import { loadFacts } from '../../store/facts.ts';
import { measuredBehavior } from '../../store/sequence-behavior.ts';
import { publishVersion } from '../../store/publication.ts';
import { currentVersions } from '../../store/sequence-version.ts';
import { agreeOn } from '../agreed.ts';
import { startApp, type App } from '../app.ts';
import { theAgreement } from '../domain/facts.ts';
import { everybody } from '../domain/sequence/simulated.ts';
import { address, aLead, bestFit, does, escalationsOf, takeIn, until } from '../program.ts';
import { runHere, runIn } from './run.ts';

let app: App;
let folder: string;
let agreement = theAgreement();
beforeAll(async () => {
  app = await startApp('2026-03-02T08:00:00Z');
  folder = await mkdtemp(join(tmpdir(), 'lockstep-simulate-'));
  await publish('tour', tour);
  const nurture = { C: 'tour', D: 'tour' };
  const segments = agreement.segments.map(segment => ({ ...segment, nurture }));
  agreement = { ...agreement, segments };
  await agreeOn(app.database, agreement, app.clock.now());
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await app.stop();
});

/** Everything that puts a mail off or sends a lead another way. */
const tour = `
goal: test
owner: nora
cap: 1 mail a week
steps:
  - { mail: hello, subject: s, preheader: p, window: always }
  - wait: 2 days
  - mail: middle
    subject: s
    preheader: p
    variants: { short: { weight: 1 }, long: { weight: 1 } }
  - wait: 3 days
  - if: clicked in hello within 2 days
    then: [{ mail: clicked, subject: s, preheader: p }]
    else: [{ mail: silent, subject: s, preheader: p }]
  - wait: until friday 15:00
  - { mail: last, subject: s, preheader: p }
  - wait: 10 days
`;

/** Publishes a sequence; its mails say nothing. */
async function publish(name: string, yaml: string): Promise<void> {
  const document = readDocument('sequence.yaml', yaml, sequenceSchema).value;
  const plan = planOf(document);
  const html = '<html><head></head><body><a href="https://site.example/x">go</a></body></html>';
  const mails = plan.flatMap(step =>
    step.do === 'mail'
      ? [[compiledName(step), { subject: 's', preheader: 'p', html, text: 'go' }] as const]
      : [],
  );
  const brand = {
    company: 'Test',
    sender: { name: 'Test', address: address('test@sender.example') },
    postalAddress: 'Somewhere 1, 12345 Town',
  };
  const { goal, cap = null } = document;
  const content = { goal, plan, cap, mails: Object.fromEntries(mails), brand };
  await publishVersion(app.database, name, content, app.clock.now());
}

async function rulesOf(name: string): Promise<Rules> {
  const version = (await currentVersions(app.database)).find(each => each.name === name);
  if (version === undefined) throw new Error(`${name} is not published.`);
  return version.content;
}

/** What is simulated of one lead, as it is before it was looked at for the first time. */
async function foretold(lead: LeadId, behaviorOf: (rules: Rules) => Behavior) {
  const facts = await loadFacts(app.database, lead, app.clock.now());
  if (facts === null) throw new Error('There is no such lead.');
  const rules = await rulesOf('tour');
  const start = startOf(facts, 'tour', agreement, app.clock.now());
  if (start.kind === 'not') throw new Error(start.why);
  const mails: { at: Instant; mail: string }[] = [];
  const escalations: Instant[] = [];
  class Diary extends Tally {
    override mail(...told: Parameters<Tally['mail']>): void {
      const step = rules.plan[told[0]];
      if (step?.do === 'mail') mails.push({ at: told[1], mail: step.mail });
    }
    override escalation(...told: Parameters<Tally['escalation']>): void {
      super.escalation(...told);
      escalations.push(told[1]);
    }
  }
  const diary = new Diary([], rules.plan.length, new Delays());
  const play = {
    ...{ agreement, published: new Set<string>(), clickHoldMs: app.config.clickHoldMs },
    ...{ pinned: pinned({ name: 'tour', content: rules }), lookback: lookbackOf(agreement) },
    to: plus(app.clock.now(), 90 * day),
  };
  const conduct = new Conduct(new Manners(behaviorOf(rules)), 1, app.clock.now());
  new Course(play, start.facts, conduct, diary).run(start.at);
  return { mails, escalations, ends: [...diary.ends.keys()] };
}

const sendsOf = async (lead: LeadId) =>
  app.database.send.findMany({ where: { leadId: lead }, orderBy: { at: 'asc' } });

async function happened(lead: LeadId) {
  const sends = await sendsOf(lead);
  const escalations = await escalationsOf(app, lead);
  return {
    mails: sends.map(({ at, stepKey }) => ({ at: instant(at.getTime()), mail: stepKey })),
    escalations: escalations.map(({ createdAt }) => instant(createdAt.getTime())),
  };
}

describe('a simulated lead and a real one', () => {
  it('are mailed the same at the same milliseconds while they are silent', async () => {
    const lead = await aLead(app, bestFit);
    const { ends, ...expected } = await foretold(lead, ({ plan }) => everybody(plan));
    expect(expected.mails.map(({ mail }) => mail)).toEqual(['hello', 'middle', 'silent', 'last']);
    await takeIn(app, lead);
    await until(app, lead, plus(app.clock.now(), 90 * day));
    expect(await happened(lead)).toEqual(expected);
    expect(ends).toEqual(['finished']);
  });

  it('go the same way, and cross at the same moment, when they click in every mail', async () => {
    const lead = await aLead(app, bestFit);
    const after = 5 * hour;
    const { ends, ...expected } = await foretold(lead, ({ plan }) =>
      everybody(plan, { click: 1 }, after),
    );
    await takeIn(app, lead);
    const end = plus(app.clock.now(), 90 * day);
    for (const { at, mail } of expected.mails) {
      await until(app, lead, plus(at, after));
      const send = (await sendsOf(lead)).find(({ stepKey }) => stepKey === mail);
      if (send === undefined || (await escalationsOf(app, lead)).length > 0) break;
      const click = { kind: 'click', subject: 'https://site.example/x' } as const;
      const holdUntil = plus(app.clock.now(), app.config.clickHoldMs);
      await does(app, lead, { ...click, holdUntil, sendId: send.id });
    }
    await until(app, lead, end);
    expect(await happened(lead)).toEqual(expected);
    expect(expected.mails.map(({ mail }) => mail)).toContain('clicked');
    expect(ends).toHaveLength(1);
  });
});

const simulate = (...words: string[]) => runIn(app, 'sequence', 'simulate', ...words);

async function simulated(...words: string[]): Promise<Simulation> {
  const { code, out, error } = await simulate('tour', '--published', '--json', ...words);
  expect([code, error]).toEqual([0, '']);
  return JSON.parse(out) as Simulation;
}

async function aFile(name: string, text: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}

describe('lockstep sequence simulate', () => {
  it('takes the leads of the segments that name the sequence, and says what each figure rests on', async () => {
    const words = ['--runs', '5', '--days', '30', '--from', '2026-12-01'];
    const told = await simulated(...words);
    expect(told).toMatchObject({ sequence: 'tour', version: 'version 1', leads: 2, runs: 5 });
    expect(told.splits.map(({ split }) => split)).toEqual(['middle']);
    expect(told.behavior.mails.hello?.click).toEqual({ rate: 0.029, basis: { kind: 'assumed' } });
    expect(await simulated(...words)).toEqual(told);
  });

  it('knows what followed the mails of the sequence, and how soon', async () => {
    const now = plus(app.clock.now(), 30 * day);
    const { mails, delays } = await measuredBehavior(app.database, 'tour', now);
    const hello = mails.find(({ mail }) => mail === 'hello');
    expect(hello).toMatchObject({ sent: 2, delivered: 2, reactions: { click: 1, reply: 0 } });
    expect(delays.click.quantiles[0]).toBe(5 * hour);
  });

  it('takes a file as an import does, tells its mistakes, and draws a page that stands alone', async () => {
    const header = 'Email,Job Title,Industry,Number of Employees,Country';
    const rows = ['a@a.example,Engineer,retail,50,DE', 'b@b.example,Student,,,', 'no address,,,,'];
    const file = await aFile('leads.csv', [header, ...rows].join('\n'));
    const page = join(folder, 'page.html');
    const words = ['--leads', file, '--html', page, '--runs', '3', '--from', '2026-09-01'];
    const { code, out, error } = await simulate('c-nurture', ...words);
    expect([code, error]).toEqual([0, expect.stringContaining('line 4: the address has no @')]);
    expect(out).toContain('2 leads of leads.csv, 1 Sep 2026 to 30 Nov 2026; 1 of them go into the');
    expect(out).toContain('1 do not: disqualified');
    expect(out).toMatch(/every mail +bounce +assumed 0\.4 %/);
    expect(Math.max(...out.split('\n').map(line => line.trimEnd().length))).toBeLessThanOrEqual(
      Math.max(80, page.length + 30),
    );
    const html = await readFile(page, 'utf8');
    expect(html.match(/<svg/g)?.length).toBe(6);
    expect(html).not.toMatch(/NaN|undefined|Infinity|<script/);
  });

  it('needs no workspace for a file: the agreement of the folder holds', async () => {
    const file = await aFile('one.csv', 'Email\nsomebody@a.example\n');
    const words = ['sequence', 'simulate', 'c-nurture', '--workspace', 'none', '--runs', '2'];
    const env = { LOCKSTEP_HOME: folder };
    const { code, out } = await runHere([...words, '--leads', file], env);
    expect([code, out]).toEqual([
      0,
      expect.stringContaining('c-nurture, draft, under agreement.yaml'),
    ]);
    const nobody = await runHere(words, env);
    expect([nobody.code, nobody.error]).toEqual([1, expect.stringContaining('--leads FILE')]);
  });

  it.each([
    [['c-nurtur'], 1, 'Did you mean "c-nurture"?'],
    [['tuor', '--published'], 1, 'No sequence "tuor" is published. Did you mean "tour"?'],
    [['c-nurture', '--segment', 'makers'], 1, 'There is no segment "makers".'],
    [['c-nurture'], 1, 'No segment names "c-nurture"'],
    [['c-nurture', '--runs', '0'], 2, 'a whole number from 1 to 10000'],
    [['c-nurture', '--days', '800'], 2, 'a whole number from 1 to 730'],
    [['c-nurture', '--assume', 'no.yaml'], 1, 'no.yaml cannot be read (ENOENT)'],
    [['c-nurture', '--leads', 'no.csv'], 1, 'There is no file no.csv.'],
    [['c-nurture', '--leads', 'a', '--segment', 'b'], 1, 'Name either a file'],
  ])('refuses %j', async (words, expected, message) => {
    const { code, error } = await simulate(...words);
    expect([code, error]).toEqual([expected, expect.stringContaining(message)]);
    expect(error).not.toContain('    at ');
  });

  it('refuses a file without a lead', async () => {
    const file = await aFile('empty.csv', 'Email\n');
    const { code, error } = await simulate('c-nurture', '--leads', file);
    expect([code, error]).toEqual([1, expect.stringContaining('There are no leads in empty.csv')]);
  });
});
