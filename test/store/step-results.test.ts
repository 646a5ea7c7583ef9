import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeadId, SendId } from '../../domain/ids.ts';
import { day, hour, instant, minute, plus, second, type Instant } from '../../domain/instant.ts';
import { SetClock } from '../../engine/clock.ts';
import { mergeLeads } from '../../store/merge.ts';
import { splitResults, type SplitQuestion } from '../../store/split-results.ts';
import { stepResults, type StepResultsScope } from '../../store/step-results.ts';
import { createDatabase, type TestDatabase } from '../database.ts';
import { enrolled, exposed, handed, mailed, told, type Mailed } from '../mailed.ts';
import { aLead, aSequence } from '../program.ts';

const start = instant(Date.parse('2026-10-05T08:00:00Z'));
const at = plus(start, 30 * day);
const clock = new SetClock(start);
let test: TestDatabase;
let leads: LeadId[];
let ways: Mailed[];

const yaml = (wait: string) => `
goal: test
owner: nora
steps:
  - mail: one
    subject: One
    preheader: One
  - wait: ${wait}
  - mail: two
    subject: Two
    preheader: Two
    variants:
      plain: { weight: 1 }
      bold: { weight: 1, subject: Bold }
      hold_out: { weight: 1 }
`;

const click = (sent: Instant, afterMs: number, link: string, hold = 0) => ({
  kind: 'click' as const,
  subject: `https://site.example/${link}`,
  at: plus(sent, afterMs),
  holdUntil: plus(sent, afterMs + hold),
});
const is = (
  kind: 'delivered' | 'bounce' | 'unsubscribe' | 'complaint' | 'reply',
  sent: Instant,
) => ({
  kind,
  at: plus(sent, minute),
});
const opens = (sent: Instant, machine: boolean) => ({
  ...{ kind: 'open' as const, at: plus(sent, hour), detail: { machine } },
});

/**
 * Nine leads, the last two of whom are one person. Who gets "two" gets it ten days after "one".
 */
beforeAll(async () => {
  test = await createDatabase();
  const { database } = test;
  const house = { database, clock };
  await aSequence(house, 'trial', yaml('4 days'));
  leads = await Promise.all(Array.from({ length: 9 }, () => aLead(house)));
  ways = [];
  for (const [n, lead] of leads.entries())
    ways.push(await enrolled(database, lead, 'trial', start, { segment: n < 3 ? 'few' : 'many' }));
  const one: SendId[] = [];
  for (const way of ways) one.push(await mailed(database, way, 'one', start));
  const [a, b, c, d, e, f, g, h, i] = one as [
    ...[SendId, SendId, SendId, SendId, SendId, SendId, SendId, SendId, SendId],
  ];
  const delivered = is('delivered', start);
  // A person, twice.
  await told(database, a, delivered, click(start, hour, 'x'), click(start, 2 * hour, 'x'));
  // A scanner that follows three links at once.
  await told(
    database,
    b,
    delivered,
    ...['x', 'y', 'z'].map(link => click(start, hour + second, link)),
    opens(start, true),
  );
  // Both; and read by somebody too.
  await told(database, c, click(start, minute + second, 'x'), delivered, click(start, day, 'y'));
  await told(database, c, opens(start, true), opens(start, false));
  // Held still.
  await told(database, d, delivered, click(start, hour, 'x', 60 * day));
  await told(database, e, is('bounce', start));
  await told(database, f, delivered, is('unsubscribe', start), is('complaint', start));
  await told(database, g, delivered, is('reply', start));
  // The one person of these two clicks in both.
  await told(database, h, delivered, click(start, hour, 'x'));
  await told(database, i, delivered, click(start, hour, 'x'));

  const later = plus(start, 10 * day);
  const fell = ['plain', 'plain', 'bold', 'hold_out', 'hold_out'];
  for (const [n, variant] of fell.entries()) {
    const way = ways[n];
    if (way === undefined) continue;
    await exposed(database, way, 'two', variant, later);
    if (variant !== 'hold_out')
      await told(
        database,
        await mailed(database, way, 'two', later, { variant }),
        is('delivered', later),
      );
  }
  const [first, second_, third, fourth, , sixth] = leads as [
    ...[LeadId, LeadId, LeadId, LeadId, LeadId, LeadId],
  ];
  const [accepted, contacted] = [{ kind: 'accepted' as const }, { kind: 'contacted' as const }];
  // Six days after "one" and eight: the one is credited, the other is not.
  await handed(database, first, plus(start, 6 * day), accepted, contacted);
  await handed(database, second_, plus(start, 8 * day));
  // Six days after "two", and won.
  await handed(database, third, plus(later, 6 * day), accepted, contacted, {
    ...{ kind: 'won' as const, money: { minor: 100, currency: 'EUR' } },
  });
  await handed(database, fourth, plus(later, day));
  // Won, as the CRM says.
  await handed(database, sixth, plus(start, day));
  await database.outcome.create({
    data: {
      ...{ id: leads[0] ?? '', source: 'crm', externalId: '1', leadId: sixth, kind: 'won' },
      ...{ at: new Date(plus(start, 20 * day)), recordedAt: new Date(at) },
    },
  });
  const [survivor, merged] = leads.slice(7) as [LeadId, LeadId];
  await mergeLeads(database, { survivor, merged, who: 'ops', way: 'cli' }, at);
  // A tenth, in a second version: its mail waits for the window; and an eleventh, whose mail was refused.
  await aSequence(house, 'trial', yaml('5 days'));
  await enrolled(database, await aLead(house), 'trial', start, { cursor: 0 });
  const refused = await enrolled(database, await aLead(house), 'trial', start);
  await mailed(database, refused, 'one', start, { state: 'refused' });
});
afterAll(() => test.drop());

async function results(scope: StepResultsScope = {}) {
  const found = await stepResults(test.database, 'trial', scope, at);
  return found ?? expect.fail('There is no such sequence.');
}
const all = { came: 1, sent: 1, delivered: 1, bounced: 0, opened: 0, openedByMachine: 0 };
const nothing = { clicked: 0, scanned: 0, replied: 0, unsubscribed: 0, complained: 0 };
const noHand = { escalated: 0, accepted: 0, won: 0 };

it('each step is counted in leads: people and scanners apart, who was merged once, and what went to sales within a week', async () => {
  const { steps, versions, current, enrolled: begun } = await results();
  expect([versions, current, begun]).toEqual([[1, 2], 2, 11]);
  expect(steps.map(step => ({ ...step, shares: null }))).toEqual([
    {
      ...{ step: 'one', variant: null, segment: null, came: 10, sent: 8, delivered: 7, bounced: 1 },
      ...{ opened: 2, openedByMachine: 1, clicked: 3, scanned: 2, replied: 1 },
      ...{ unsubscribed: 1, complained: 1, escalated: 2, accepted: 2, won: 1 },
      shares: null,
    },
    ...[
      { variant: 'plain', ...all, ...noHand, came: 2, sent: 2, delivered: 2 },
      { variant: 'bold', ...all, escalated: 1, accepted: 1, won: 1 },
      { variant: 'hold_out', ...all, came: 2, sent: 0, delivered: 0, ...noHand, escalated: 1 },
    ].map(counts => ({ step: 'two', segment: null, shares: null, ...nothing, ...counts })),
  ]);
  const [one, , , heldOut] = steps;
  expect(one?.shares).toMatchObject({
    delivered: { count: 7, of: 8 },
    clicked: { count: 3, of: 7 },
    escalated: { count: 2, of: 8, rate: 0.25 },
    won: { count: 1, of: 2 },
  });
  expect(heldOut?.shares.escalated).toMatchObject({ count: 1, of: 2 });
});

it('counts one version, one segment or one period alone, and tells segments apart', async () => {
  const newest = await results({ version: 2 });
  expect(newest.steps.map(({ step, came, sent }) => [step, came, sent])).toEqual([['one', 2, 0]]);
  const few = await results({ segment: 'few', until: plus(start, day) });
  expect(few.steps.map(({ step, sent }) => [step, sent])).toEqual([['one', 3]]);
  const since = await results({ since: plus(start, day) });
  expect(since.steps.map(({ step, variant }) => [step, variant])).toEqual([
    ...['plain', 'bold', 'hold_out'].map(variant => ['two', variant]),
  ]);
  const apart = await results({ bySegment: true, version: 1 });
  expect(
    apart.steps.map(({ step, variant, segment, came }) => [step, variant, segment, came]),
  ).toEqual([
    ['one', null, 'few', 3],
    ['one', null, 'many', 5],
    ['two', 'plain', 'few', 2],
    ['two', 'bold', 'few', 1],
    ['two', 'hold_out', 'many', 2],
  ]);
  expect(await stepResults(test.database, 'trial', { version: 3 }, at)).toBeNull();
  expect(await stepResults(test.database, 'other', {}, at)).toBeNull();
});

describe('what the variants of a mail brought', () => {
  const duel = (more: string, weight = 1) => `
goal: test
owner: nora
steps:
  - mail: hello
    subject: Hello
    preheader: Hello
    variants: { plain: { weight: 1 }, bold: { weight: ${weight}, subject: Bold } }
  - wait: ${more}
  - mail: last
    subject: Last
    preheader: Last
`;
  /** A variant falls to a lead, who gets its mail and then does this. */
  async function falls(
    lead: LeadId,
    variant: string,
    when: Instant,
    ...did: ((sent: Instant) => Parameters<typeof told>[2])[]
  ): Promise<void> {
    const way = await enrolled(test.database, lead, 'duel', when);
    await exposed(test.database, way, 'hello', variant, when);
    const had = await test.database.send.findFirst({
      where: { leadId: lead, contentKey: 'duel/hello' },
    });
    if (had !== null) return;
    const mail = await mailed(test.database, way, 'hello', when, { variant });
    await told(test.database, mail, is('delivered', when), ...did.map(event => event(when)));
  }
  const ask = async (question: SplitQuestion = {}) => {
    const [result] = (await splitResults(test.database, 'duel', question, at)) ?? [];
    const counts = result?.variants.map(({ variant, exposed: all, share }) => [
      ...[variant, all, share?.count, share?.of],
    ]);
    return { versions: result?.versions, counts };
  };

  it('counts who had their time, once, by the variant that fell to them first', async () => {
    const { database } = test;
    const house = { database, clock };
    await aSequence(house, 'duel', duel('1 day'));
    const [a, b, c, d, e, f, g] = await Promise.all(Array.from({ length: 7 }, () => aLead(house)));
    if (!a || !b || !c || !d || !e || !f || !g) return expect.fail();
    await falls(a, 'plain', start, sent => click(sent, hour, 'x'));
    // Later than within a week; and a scanner.
    await falls(b, 'plain', start, sent => click(sent, 8 * day, 'x'));
    await falls(c, 'bold', start, sent => click(sent, minute + second, 'x'));
    // Again, when it was another's turn.
    await falls(a, 'bold', plus(start, day));
    // Two who are one.
    await falls(d, 'bold', start, sent => click(sent, hour, 'x'));
    await falls(e, 'plain', plus(start, day), sent => click(sent, hour, 'x'));
    await mergeLeads(database, { survivor: e, merged: d, who: 'ops', way: 'cli' }, at);
    await handed(database, a, plus(start, 2 * day));
    // In the next version another mail comes later: the test goes on. This one has not had its week.
    await aSequence(house, 'duel', duel('2 days'));
    await falls(f, 'bold', plus(at, -3 * day), sent => click(sent, hour, 'x'));
    expect(await ask()).toEqual({
      versions: [1, 2],
      counts: [
        ['plain', 2, 1, 2],
        ['bold', 3, 1, 2],
      ],
    });
    expect((await ask({ withinDays: 2 })).counts).toEqual([
      ['plain', 2, 1, 2],
      ['bold', 3, 2, 3],
    ]);
    expect((await ask({ measure: 'escalated' })).counts).toEqual([
      ['plain', 2, 1, 2],
      ['bold', 3, 0, 2],
    ]);
    for (const measure of ['replied', 'accepted', 'won'] as const)
      expect((await ask({ measure })).counts?.map(([, all, reached]) => [all, reached])).toEqual([
        [2, 0],
        [3, 0],
      ]);
    // Other weights are another test, and who was in the first is not in it.
    await aSequence(house, 'duel', duel('2 days', 3));
    await falls(g, 'bold', start, sent => click(sent, hour, 'x'));
    await falls(b, 'bold', plus(start, day));
    expect(await ask()).toEqual({
      versions: [3],
      counts: [
        ['plain', 0, 0, 0],
        ['bold', 1, 1, 1],
      ],
    });
    expect(await splitResults(database, 'other', {}, at)).toBeNull();
    expect(await splitResults(database, 'c-nurture', {}, at)).toEqual([]);
  });
});
