import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capAllows } from '../../../domain/calendar/cap.ts';
import { sendMoment } from '../../../domain/calendar/send-window.ts';
import { lookbackOf } from '../../../domain/agreement/lookback.ts';
import { day, hour, minute, plus, type Instant } from '../../../domain/instant.ts';
import type { SendId } from '../../../domain/ids.ts';
import { decideEnrollment, pinned } from '../../../domain/nurture/decide.ts';
import type { Facts } from '../../../domain/nurture/facts.ts';
import type { Plan, Rules } from '../../../domain/sequence/plan.ts';
import { Simulator, usualRuns } from '../../../domain/sequence/simulate.ts';
import { Conduct, Manners } from '../../../domain/sequence/simulate/conduct.ts';
import { Course } from '../../../domain/sequence/simulate/course.ts';
import { spreadOver } from '../../../domain/sequence/simulate/spread.ts';
import { startOf } from '../../../domain/sequence/simulate/start.ts';
import { Delays, Tally } from '../../../domain/sequence/simulate/tally.ts';
import { aSend, monday, theAgreement, theFacts, someFields } from '../facts.ts';
import { enrolled, fit, mail, waitDays } from '../nurture/enrolled.ts';
import { everybody, simulationOf } from './simulated.ts';

const agreement = theAgreement();

/** A tally that remembers when each mail went out, and when somebody was handed over. */
class Diary extends Tally {
  readonly sent: { step: number; at: Instant }[] = [];
  readonly handedOver: Instant[] = [];

  constructor(steps: number) {
    super([], steps, new Delays());
  }

  override mail(...told: Parameters<Tally['mail']>): void {
    super.mail(...told);
    this.sent.push({ step: told[0], at: told[1] });
  }

  override escalation(...told: Parameters<Tally['escalation']>): void {
    super.escalation(...told);
    this.handedOver.push(told[1]);
  }
}

/** One lead's way. */
function diaryOf(rules: Rules, lead: Facts, behavior = everybody(rules.plan), seed = 1): Diary {
  const start = startOf(lead, 'test', agreement, monday);
  if (start.kind === 'not') throw new Error(`It does not begin: ${start.why}.`);
  const play = {
    ...{ agreement, published: new Set<string>(), clickHoldMs: minute, to: plus(monday, 90 * day) },
    pinned: pinned({ name: 'test', content: rules }),
    lookback: lookbackOf(agreement),
  };
  const diary = new Diary(rules.plan.length);
  const conduct = new Conduct(new Manners(behavior), seed, monday);
  new Course(play, start.facts, conduct, diary).run(start.at);
  return diary;
}

/** When a silent lead is mailed, by asking for one decision after the other. */
function byHand(rules: Rules, lead: Parameters<typeof theFacts>[0]): Instant[] {
  const facts = enrolled({}, lead);
  const sent: Instant[] = [];
  let at = monday;
  for (let look = 0; look < 100; look++) {
    const { move } = decideEnrollment(facts, agreement, { sequence: 'test', ...rules }, at);
    if (move.kind !== 'wait') return sent;
    facts.enrollment = { ...facts.enrollment, cursor: move.cursor, dueAt: move.dueAt };
    if (move.mail !== null && move.then === 'deliver' && move.until !== null && move.until <= at) {
      const { name } = move.mail;
      facts.sends = [
        ...facts.sends,
        aSend({ id: name as SendId, stepKey: name, contentKey: `test/${name}`, at }),
      ];
      sent.push(at);
    } else at = move.until ?? (Infinity as Instant);
  }
  throw new Error('It comes to no end.');
}

const branching: Plan = [
  mail('first', null),
  waitDays(4),
  {
    do: 'branch',
    if: { kind: 'clicked', mail: 'first', withinMs: null, negated: false },
    otherwise: 5,
  },
  mail('clicked', null),
  { do: 'jump', to: 6 },
  mail('silent', null),
  { do: 'wait', wait: { kind: 'until', weekday: 2, minutes: 570 } },
  mail('last'),
];

describe('a simulated lead', () => {
  it.each([
    ['that is silent', branching, null],
    ['under a cap that puts mails off', [mail('a'), mail('b'), mail('c'), mail('d')] as Plan, null],
    ['under a cap of the sequence’s own', branching, { mails: 1, days: 7 }],
  ])('%s is mailed at the moments that decisions one by one come to', (_what, plan, cap) => {
    for (const spread of ['anna', 'bert', 'carla']) {
      const lead = { fields: fit, spread, grade: null, bands: null };
      const rules = { plan, cap };
      const sent = diaryOf(rules, theFacts({ fields: { ...fit }, spread })).sent;
      expect(sent.map(({ at }) => at)).toEqual(byHand(rules, lead));
      expect(sent.length).toBeGreaterThan(2);
    }
  });

  it('that clicks goes the way of those who do, and what it is waiting for is no mail but its hold', () => {
    const clicks = everybody(branching, { click: 1 });
    const { sent } = diaryOf({ plan: branching }, theFacts({ fields: fit }), clicks);
    expect(sent.map(({ step }) => step)).toEqual([0, 3, 7]);
  });

  it.each([
    ['bounce', 'bounced', 1],
    ['unsubscribe', 'unsubscribed', 1],
    ['complaint', 'complained', 1],
    ['reply', 'with sales: reply', 1],
  ] as const)('is not mailed after a %s, and has %s', (reaction, end, mails) => {
    const does = everybody(branching, { [reaction]: 1 });
    const diary = diaryOf({ plan: branching }, theFacts({ fields: fit }), does);
    expect(diary.sent.length).toBe(mails);
    expect([...diary.ends]).toEqual([[end, 1]]);
    expect(diary.handedOver).toEqual(
      reaction === 'reply' ? [plus(diary.sent[0]?.at ?? monday, hour)] : [],
    );
  });

  it('that has finished goes to sales when it answers the last mail', () => {
    const plan = [mail('only')];
    const diary = diaryOf({ plan }, theFacts({ fields: fit }), everybody(plan, { reply: 1 }));
    expect([...diary.ends]).toEqual([['with sales: reply', 1]]);
  });

  it('waits until somebody has done what is asked, which is when it is due', () => {
    const call = {
      ...({ do: 'task', task: 'call', kind: 'call', for: 'owner', note: null } as const),
      ...({ dueWithin: { unit: 'day', count: 2 }, goOn: 'when done' } as const),
    };
    const diary = diaryOf(
      { plan: [mail('first'), call, mail('second')] },
      theFacts({ fields: fit }),
    );
    // Two working days after Monday.
    expect(diary.sent.map(({ at }) => at)).toEqual([monday, plus(monday, 2 * day)]);
    expect([...diary.tasks]).toEqual([['call', 1]]);
    const beside = diaryOf(
      { plan: [mail('first'), { ...call, goOn: 'at once' }, mail('second')] },
      theFacts({ fields: fit }),
    );
    expect(beside.sent.map(({ at }) => at)).toEqual([monday, monday]);
    expect([...beside.ends]).toEqual([['finished', 1]]);
  });

  it('does not begin when it is never mailed, or is sales’ from the start', () => {
    const why = (facts: Facts) => {
      const start = startOf(facts, 'test', agreement, monday);
      return start.kind === 'not' ? start.why : start.kind;
    };
    expect(why(theFacts({ fields: fit, suppressed: true }))).toBe('suppressed');
    expect(why(theFacts({ fields: { ...fit, title: 'Student' } }))).toBe('disqualified');
    expect(why(theFacts({}, { escalation: 'x' as Facts['escalation'] }))).toBe('with sales now');
    const had = [{ sequence: 'c-nurture', endReason: 'finished' }];
    expect(why(theFacts({ fields: fit }, { past: had }))).toBe('begins');
  });
});

const someStep: fc.Arbitrary<(at: number) => Plan> = fc.oneof(
  fc
    .tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.constantFrom('always' as const, null))
    .map(([name, window]) => () => [mail(name, window)]),
  fc.integer({ min: 1, max: 20 }).map(days => () => [waitDays(days)]),
  fc.constantFrom('a', 'b').map(name => (at: number): Plan => [
    {
      do: 'branch',
      if: { kind: 'clicked', mail: name, withinMs: null, negated: false },
      otherwise: at + 3,
    },
    mail(`${name}-clicked`, null),
    { do: 'jump', to: at + 3 },
  ]),
  fc.constant((at: number): Plan => [
    {
      do: 'split',
      split: `split-${at}`,
      paths: [
        { variant: 'one', weight: 1, to: at + 1 },
        { variant: 'hold_out', weight: 2, to: at + 2 },
      ],
    },
    mail(`variant-${at}`),
  ]),
);
const somePlan = fc.array(someStep, { minLength: 1, maxLength: 7 }).map(steps => {
  const plan: Plan[number][] = [];
  for (const step of steps) plan.push(...step(plan.length));
  return plan;
});
const someChance = fc.constantFrom(0, 0, 0.02, 0.3, 1);
const somePlay = fc.record({
  plan: somePlan,
  chances: fc.record({
    ...{ bounce: someChance, click: someChance, reply: someChance },
    ...{ unsubscribe: someChance, complaint: someChance },
  }),
  own: fc.constantFrom(0, 0.1, 1),
  fields: fc.array(someFields, { minLength: 1, maxLength: 4 }),
  seed: fc.nat(),
  cap: fc.constantFrom(null, { mails: 1, days: 7 }),
});

describe('a simulation', () => {
  it('adds up, and is the same for the same seed', () => {
    fc.assert(
      fc.property(somePlay, ({ plan, chances, own, fields, seed, cap }) => {
        const leads = fields.map((of, n) => theFacts({ fields: of, spread: `lead ${n}` }));
        const deeds = [
          { kind: 'page' as const, subject: '/pricing', perWeek: own },
          { kind: 'form' as const, subject: 'Demo', perWeek: own / 10 },
        ];
        const behavior = everybody(plan, chances, 2 * hour, deeds);
        const options = simulationOf({ plan, cap }, leads, monday, { behavior, seed });
        const play = () => {
          const simulator = new Simulator(options);
          for (let run = 0; run < 2; run++) simulator.run();
          return simulator.result();
        };
        const result = play();
        expect(play()).toEqual(result);
        const total = (values: readonly { mean: number }[]) =>
          values.reduce((sum, { mean }) => sum + mean, 0);
        const { mails, escalations, steps, weeks, ends, notBegun, begin } = result;
        expect(total(steps.map(({ leads: reached }) => reached))).toBeCloseTo(mails.mean, 9);
        expect(total(weeks.map(week => week.mails))).toBeCloseTo(mails.mean, 9);
        expect(total(weeks.map(week => week.escalations))).toBeCloseTo(escalations.mean, 9);
        expect(total(ends.map(({ leads: ended }) => ended))).toBeCloseTo(begin, 9);
        const handedOver = ends.filter(({ how }) => how.startsWith('with sales'));
        expect(total(handedOver.map(({ leads: ended }) => ended))).toBeCloseTo(escalations.mean, 9);
        const left = notBegun.reduce((sum, { leads: many }) => sum + many, 0);
        expect(begin + left).toBe(leads.length);
        for (const { leads: reached } of steps) expect(reached.high).toBeLessThanOrEqual(begin);
      }),
      { numRuns: 15 },
    );
  });

  it('never mails beyond a cap or outside of a window', () => {
    fc.assert(
      fc.property(somePlay, ({ plan, chances, own, seed, cap }) => {
        const deeds = [{ kind: 'page' as const, subject: '/', perWeek: own }];
        const behavior = everybody(plan, chances, 5 * hour, deeds);
        const { sent } = diaryOf({ plan, cap }, theFacts({ fields: fit }), behavior, seed);
        for (const [index, { step, at }] of sent.entries()) {
          const before = sent.slice(0, index).map(earlier => earlier.at);
          for (const held of [agreement.nurture.cap, ...(cap ? [cap] : [])])
            expect(capAllows(before, held, at)).toBe(at);
          const instruction = plan[step];
          if (instruction?.do !== 'mail' || instruction.window === 'always') continue;
          const window = { ...agreement.nurture.window, zone: 'Europe/Berlin', holidays: 'DE' };
          expect(sendMoment(at, window, 0.5)).toBe(at);
        }
        const names = sent
          .map(({ step }) => plan[step])
          .map(step => step?.do === 'mail' && step.mail);
        expect(new Set(names).size).toBe(names.length);
      }),
      { numRuns: 60 },
    );
  });

  it('lets as many click as is said, however few do most of it', () => {
    const plan = [mail('first'), waitDays(4), mail('second')];
    const leads = Array.from({ length: 100 }, (_, n) => theFacts({ fields: fit, spread: `${n}` }));
    const lively = { share: 0.2, does: 0.8, why: 'test' };
    const behavior = { ...everybody(plan, { reply: 0.1 }), lively };
    const simulator = new Simulator(simulationOf({ plan }, leads, monday, { behavior }));
    for (let run = 0; run < 20; run++) simulator.run();
    const { ends, steps } = simulator.result();
    // One of ten has answered the first mail. Of the lively, who answer four of ten, fewer are left for the second.
    expect(steps[1]?.share).toBeCloseTo(0.9, 1);
    const expected = 0.2 * (1 - 0.6 ** 2) + 0.8 * (1 - 0.975 ** 2);
    const replied = ends.find(({ how }) => how === 'with sales: reply')?.share ?? 0;
    expect(Math.abs(replied - expected)).toBeLessThan(0.03);
  });

  it('plays as often as fits', () => {
    expect([usualRuns(1, 90), usualRuns(10_000, 90), usualRuns(500, 90)]).toEqual([1_000, 20, 100]);
    expect(spreadOver([3, 1, 2])).toEqual({ mean: 2, low: 1, high: 3 });
    expect(() => spreadOver([])).toThrow(RangeError);
  });
});
