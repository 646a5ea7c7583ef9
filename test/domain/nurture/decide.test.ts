import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EnrollmentId, EscalationId, SendId } from '../../../domain/ids.ts';
import { day, hour, instant, minute, plus } from '../../../domain/instant.ts';
import { decideEnrollment, decideIdle } from '../../../domain/nurture/decide.ts';
import type { EnrollmentFacts, Facts } from '../../../domain/nurture/facts.ts';
import { obey } from '../../../domain/nurture/verb.ts';
import type { Plan } from '../../../domain/sequence/plan.ts';
import {
  anEnrollment,
  anEvent,
  aSend,
  monday,
  someEvents,
  someFields,
  someMoment,
  theAgreement,
  theFacts,
} from '../facts.ts';

const agreement = theAgreement();
const always = 'always' as const;
const mail = (name: string, window: 'always' | null = always) => ({
  do: 'mail' as const,
  mail: name,
  subject: 's',
  preheader: 'p',
  window,
});
const waitDays = (days: number) => ({
  do: 'wait' as const,
  wait: { kind: 'for' as const, ms: days * day },
});
const plan: Plan = [mail('first'), waitDays(4), mail('second'), waitDays(4), mail('third')];
const fit = { title: 'Plant Manager', industry: 'manufacturing', employees: 500, country: 'DE' };

type Enrolled = Facts & { enrollment: EnrollmentFacts };
const enrolled = (
  facts: Partial<Omit<Facts, 'lead' | 'enrollment'>> = {},
  lead: Parameters<typeof theFacts>[0] = {},
  enrollment: Partial<EnrollmentFacts> = {},
): Enrolled => ({
  ...theFacts(
    {
      fields: fit,
      seenRevision: 1,
      scoredAt: monday,
      grade: 'C',
      bands: { fit: 'A', engagement: 4 },
      ...lead,
    },
    facts,
  ),
  enrollment: anEnrollment(enrollment),
});
const decide = (facts: Enrolled, at = monday, of: Plan = plan) =>
  decideEnrollment(facts, agreement, { sequence: 'test', plan: of }, at).move;
const idle = (facts: Facts, at = monday) => decideIdle(facts, agreement, at).move;
const demo = (at = monday) => anEvent({ kind: 'form', subject: 'Book a demo', at });

describe('an enrollment', () => {
  it('sends its first mail at once where the window is always', () => {
    expect(decide(enrolled())).toMatchObject({
      kind: 'wait',
      then: 'deliver',
      until: monday,
      cursor: 0,
      mail: { name: 'first' },
    });
  });

  it('waits from the moment at which the mail before it went out', () => {
    const sentAt = plus(monday, 3 * hour);
    const facts = enrolled({ sends: [aSend({ at: sentAt })] });
    expect(decide(facts, sentAt)).toMatchObject({
      cursor: 2,
      until: plus(sentAt, 4 * day),
      mail: { name: 'second' },
    });
  });

  it('keeps a mail for the agreed window', () => {
    const move = decide(enrolled(), monday, [mail('first', null)]);
    // Monday is no day for mails: Tuesday from nine in Berlin on, spread over two hours.
    const opening = instant(Date.parse('2026-03-03T08:00:00Z'));
    expect(move).toMatchObject({ kind: 'wait', then: 'deliver' });
    if (move.kind !== 'wait' || move.until === null) throw new Error('no wait');
    expect(move.until).toBeGreaterThanOrEqual(opening);
    expect(move.until).toBeLessThan(opening + 2 * hour);
  });

  it('keeps to the cap across sequences', () => {
    const sends = [1, 2].map(days =>
      aSend({
        id: `s${days}` as SendId,
        enrollmentId: 'other' as EnrollmentId,
        contentKey: `other/${days}`,
        at: plus(monday, -days * day),
      }),
    );
    expect(decide(enrolled({ sends }))).toMatchObject({ until: plus(monday, 5 * day) });
  });

  it('never sends again what the lead has had in another sequence’s enrollment, and skips its wait too', () => {
    const sends = [aSend({ enrollmentId: 'earlier' as EnrollmentId, at: plus(monday, -30 * day) })];
    expect(decide(enrolled({ sends }))).toMatchObject({
      until: monday,
      mail: { name: 'second' },
      cursor: 2,
    });
  });

  it('goes on after a refused mail and after one whose outcome is not known', () => {
    for (const state of ['refused', 'unknown'] as const)
      expect(decide(enrolled({ sends: [aSend({ state })] }))).toMatchObject({
        mail: { name: 'second' },
      });
  });

  it('looks again when a call that is under way must have ended', () => {
    const sends = [aSend({ state: 'dispatching', callAgeMs: 5_000 })];
    expect(decide(enrolled({ sends }))).toMatchObject({
      then: 'deliver',
      until: plus(monday, 10_000),
      mail: { name: 'first' },
    });
  });

  it('ends when it has sent everything', () => {
    const sends = ['first', 'second', 'third'].map(name =>
      aSend({ id: name as SendId, stepKey: name, contentKey: `test/${name}`, at: monday }),
    );
    expect(decide(enrolled({ sends }))).toEqual({ kind: 'end', reason: 'finished' });
  });

  it('ends at once when the address is suppressed (P10)', () => {
    expect(decide(enrolled({}, { suppressed: true }))).toEqual({
      kind: 'end',
      reason: 'suppressed',
    });
  });

  it('ends when the account is a customer’s or a competitor’s', () => {
    expect(decide(enrolled({}, { account: 'customer' }))).toEqual({
      kind: 'end',
      reason: 'customer',
    });
    expect(decide(enrolled({}, { account: 'competitor' }))).toEqual({
      kind: 'end',
      reason: 'competitor',
    });
  });

  it('looks again when the grade would change, before the next mail', () => {
    const events = [
      anEvent({ subject: '/pricing' }),
      anEvent({ subject: '/pricing/2' }),
      anEvent({ subject: '/pricing/3' }),
    ];
    const facts = enrolled(
      { events, sends: [aSend({ at: monday })] },
      { armed: false, bands: { fit: 'A', engagement: 3 }, grade: 'B' },
    );
    const move = decide(facts, monday, [mail('first'), waitDays(90), mail('second')]);
    // 30 points over 30 days are 20 after 10 days.
    expect(move).toMatchObject({ kind: 'wait', then: 'turn' });
    if (move.kind !== 'wait' || move.until === null) throw new Error('no wait');
    expect(Math.abs(move.until - plus(monday, 10 * day))).toBeLessThan(hour);
  });

  it('looks again when a hold ends', () => {
    const click = anEvent({ kind: 'click', holdUntil: plus(monday, minute) });
    expect(decide(enrolled({ events: [click], sends: [aSend({})] }))).toMatchObject({
      then: 'turn',
      until: plus(monday, minute),
    });
  });

  it('sends nothing while it is paused, and is still scored and escalated', () => {
    const paused = { pausedAt: monday, remainingMs: 0 };
    expect(decide(enrolled({}, {}, paused))).toMatchObject({
      kind: 'wait',
      then: 'turn',
      stage: 'paused',
      mail: null,
    });
    expect(decide(enrolled({ events: [demo()] }, { revision: 2 }, paused))).toEqual({
      kind: 'escalate',
      cause: 'hand raise',
    });
  });

  it('waits, blocked, until somebody mends the mail or the lead', () => {
    const blocked = {
      code: 'template',
      mail: 'first',
      detail: 'undefined variable: lead.company',
    } as const;
    expect(decide(enrolled({}, {}, { blocked }))).toMatchObject({
      kind: 'wait',
      then: 'turn',
      until: null,
      stage: 'blocked',
      blocked,
    });
    expect(decide(enrolled({}, { revision: 2 }, { blocked }))).toMatchObject({
      then: 'deliver',
      stage: 'nurturing',
      blocked: null,
    });
  });

  it('looks every now and then while all mail is off, and never at once with others', () => {
    const facts = enrolled({ mailOff: true });
    const move = decide(facts);
    if (move.kind !== 'wait' || move.until === null) throw new Error('no wait');
    expect(move.until).toBeGreaterThanOrEqual(monday + 15 * minute);
    expect(move.until).toBeLessThan(monday + 30 * minute);
  });

  it('branches on a click in a mail, waiting for one that is held', () => {
    const branching: Plan = [
      mail('first'),
      waitDays(1),
      {
        do: 'branch',
        if: { kind: 'clicked', mail: 'first', withinMs: null, negated: false },
        otherwise: 4,
      },
      mail('yes'),
      mail('no'),
    ];
    const sends = [aSend({ at: monday })];
    const at = plus(monday, day);
    const click = (more = {}) =>
      anEvent({ kind: 'click', sendId: 'send' as SendId, at: plus(monday, hour), ...more });
    expect(decide(enrolled({ sends }), at, branching)).toMatchObject({ mail: { name: 'no' } });
    expect(decide(enrolled({ sends, events: [click()] }), at, branching)).toMatchObject({
      mail: { name: 'yes' },
    });
    const held = plus(at, minute);
    expect(
      decide(enrolled({ sends, events: [click({ at, holdUntil: held })] }), at, branching),
    ).toMatchObject({ cursor: 2, then: 'turn', until: held });
    const scanned = click({ userAgent: 'Barracuda' });
    expect(decide(enrolled({ sends, events: [scanned] }), at, branching)).toMatchObject({
      mail: { name: 'no' },
    });
  });

  it('leaves by an exit step', () => {
    expect(decide(enrolled(), monday, [{ do: 'exit', reason: 'done here' }])).toEqual({
      kind: 'end',
      reason: 'exit: done here',
    });
  });

  it('always comes to a next step: it never waits in the past, and not for ever without a reason', () => {
    fc.assert(
      fc.property(
        someFields,
        someEvents,
        someMoment,
        fc.nat({ max: 4 }),
        (fields, events, at, cursor) => {
          const facts = enrolled(
            { events },
            { fields, bands: null, grade: null, scoredAt: null, seenRevision: 0 },
            { cursor, dueAt: instant(at - day) },
          );
          const move = decide(facts, at);
          if (move.kind !== 'wait') return;
          if (move.then === 'deliver') expect(move.mail).not.toBeNull();
          else expect(move.until === null || move.until > at).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a crossing', () => {
  const hot = (at = monday) => [demo(at), anEvent({ kind: 'webinar', subject: 'A webinar', at })];

  it('escalates a lead that was with marketing', () => {
    const events = [1, 2, 3].map(n => anEvent({ subject: `/pricing/${n}` }));
    expect(decide(enrolled({ events }, { revision: 2 }))).toEqual({
      kind: 'escalate',
      cause: 'crossing',
    });
  });

  it('escalates once: not again until the lead was C or D, or raises a hand', () => {
    const events = [1, 2, 3].map(n => anEvent({ subject: `/pricing/${n}` }));
    const after = { armed: false, revision: 2 };
    expect(
      decide(enrolled({ events, escalationEndedAt: plus(monday, hour) }, after)),
    ).toMatchObject({ kind: 'wait' });
    const asked = [...events, demo(plus(monday, 2 * hour))];
    expect(
      decide(
        enrolled({ events: asked, escalationEndedAt: plus(monday, hour) }, after),
        plus(monday, 2 * hour),
      ),
    ).toEqual({ kind: 'escalate', cause: 'hand raise' });
  });

  it('does not come from time alone, when negative points fade', () => {
    const events = [
      anEvent({ kind: 'webinar', subject: 'A webinar' }),
      anEvent({ kind: 'webinar', subject: 'B webinar' }),
      anEvent({ subject: '/careers', at: plus(monday, -20 * day) }),
    ];
    const facts = enrolled({ events });
    expect(
      decideEnrollment(facts, agreement, { sequence: 'test', plan }, monday).appraisal.score.grade,
    ).toBe('C');
    const later = plus(monday, 5 * day);
    const stronger = enrolled({
      events: [...events, anEvent({ kind: 'download', subject: 'A guide' })],
    });
    const decision = decideEnrollment(stronger, agreement, { sequence: 'test', plan }, later);
    expect(decision.appraisal.news).toBe(false);
    expect(decision.move.kind).toBe('wait');
    expect(
      decideEnrollment(
        { ...stronger, lead: { ...stronger.lead, revision: 2 } },
        agreement,
        { sequence: 'test', plan },
        later,
      ).move,
    ).toEqual({ kind: 'escalate', cause: 'crossing' });
  });

  it('of a disqualified lead is shown, and goes nowhere', () => {
    const facts = enrolled(
      { events: hot() },
      { revision: 2, fields: { ...fit, title: 'Student' } },
    );
    expect(decide(facts)).toEqual({ kind: 'end', reason: 'disqualified' });
  });

  it('of a suppressed lead escalates only when the lead asked for sales', () => {
    const events = [1, 2, 3].map(n => anEvent({ subject: `/pricing/${n}` }));
    expect(decide(enrolled({ events }, { revision: 2, suppressed: true }))).toEqual({
      kind: 'end',
      reason: 'suppressed',
    });
    expect(decide(enrolled({ events: [demo()] }, { revision: 2, suppressed: true }))).toEqual({
      kind: 'escalate',
      cause: 'hand raise',
    });
  });

  it('is not needed for a reply or a booking, whatever the grade', () => {
    for (const [kind, cause] of [
      ['reply', 'reply'],
      ['booked', 'booking'],
    ] as const) {
      const facts = enrolled({ events: [anEvent({ kind })] }, { revision: 2, fields: {} });
      expect(decide(facts)).toEqual({ kind: 'escalate', cause });
      expect(decide({ ...facts, escalationEndedAt: plus(monday, 1) })).toMatchObject({
        kind: 'wait',
      });
    }
  });

  it('with fit D is not reached by a raised hand', () => {
    expect(idle(theFacts({}, { events: hot() }))).toMatchObject({
      kind: 'enroll',
      sequence: 'd-long-cycle',
    });
  });
});

describe('a lead that is in nothing', () => {
  it('is enrolled by its grade and segment', () => {
    expect(idle(theFacts({ fields: fit }))).toEqual({
      kind: 'enroll',
      sequence: 'c-nurture',
      segment: 'makers and movers',
    });
    expect(idle(theFacts())).toEqual({
      kind: 'enroll',
      sequence: 'd-long-cycle',
      segment: 'everyone else',
    });
  });

  it('goes to sales at once when it is A or B', () => {
    expect(idle(theFacts({ fields: fit }, { events: [demo()] }))).toEqual({
      kind: 'escalate',
      cause: 'hand raise',
    });
  });

  it.each([
    ['a student', { fields: { title: 'Student' } }, {}, 'disqualified'],
    ['a customer', { account: 'customer' }, {}, 'customer'],
    ['whom sales never wants to see again', { disqualified: 'competitor' }, {}, 'disqualified'],
    ['who left', { suppressed: true }, {}, 'suppressed'],
    [
      'whom ops stopped',
      { fields: fit },
      { past: [{ sequence: 'x', endReason: 'stopped by ops' }] },
      'stopped by ops',
    ],
    [
      'who had it all',
      { fields: fit },
      { past: [{ sequence: 'c-nurture', endReason: 'finished' }] },
      'had c-nurture already',
    ],
  ] as const)('rests: %s', (_who, lead, facts, why) => {
    expect(idle(theFacts(lead as never, facts as never))).toEqual({ kind: 'rest', why });
  });

  it('is looked at again when a held click counts', () => {
    const click = anEvent({ kind: 'click', holdUntil: plus(monday, minute) });
    expect(idle(theFacts({ fields: fit }, { events: [click] }))).toEqual({
      kind: 'wait',
      until: plus(monday, minute),
    });
  });

  it('with a rep is not escalated a second time, and what it asks the rep arms nothing', () => {
    const armed = decideIdle(
      theFacts(
        { fields: fit, armed: false },
        { events: [demo()], escalation: 'open' as EscalationId },
      ),
      agreement,
      monday,
    ).appraisal.armed;
    expect(armed).toBe(false);
    const facts = theFacts(
      { fields: fit },
      { events: [demo()], escalation: 'open' as EscalationId },
    );
    expect(decideIdle(facts, agreement, monday).appraisal.cause).toBeNull();
  });
});

describe('ops', () => {
  const enrollment = anEnrollment({ dueAt: plus(monday, 3 * day) });

  it('pause and resume keep what was left of the wait (P9)', () => {
    const { enrollment: paused } = obey(enrollment, ['pause', 'pause'], plus(monday, day));
    expect(paused).toMatchObject({ pausedAt: plus(monday, day), remainingMs: 2 * day });
    const weeks = plus(monday, 30 * day);
    const { enrollment: resumed } = obey(paused, ['resume'], weeks);
    expect(resumed).toMatchObject({ pausedAt: null, remainingMs: null });
    expect(resumed.dueAt).toBeGreaterThanOrEqual(plus(weeks, 2 * day));
    expect(resumed.dueAt).toBeLessThan(plus(weeks, 2 * day + 30 * minute));
  });

  it('resume many without a burst (P9)', () => {
    const dues = Array.from({ length: 1_000 }, (_, n) => {
      const one = anEnrollment({ id: `e-${n}` as EnrollmentId, pausedAt: monday, remainingMs: 0 });
      return Math.floor((obey(one, ['resume'], monday).enrollment.dueAt - monday) / minute);
    });
    for (let slot = 0; slot < 30; slot++)
      expect(dues.filter(due => due === slot).length).toBeLessThan(70);
  });

  it('stop and cancel end it, and resume alone does nothing', () => {
    expect(obey(enrollment, ['stop'], monday).ended).toBe('stopped by ops');
    expect(obey(enrollment, ['cancel'], monday).ended).toBe('cancelled by ops');
    expect(obey(enrollment, ['resume'], monday)).toEqual({ enrollment, ended: null });
  });
});
