import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EnrollmentId, SendId } from '../../../domain/ids.ts';
import { day, hour, instant, minute, plus } from '../../../domain/instant.ts';
import type { Plan } from '../../../domain/sequence/plan.ts';
import { anEvent, aSend, monday, someEvents, someFields, someMoment } from '../facts.ts';
import { decide, demo, enrolled, mail, waitDays } from './enrolled.ts';

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

  it('does not end while a click is held that may take it over the line', () => {
    const sends = ['first', 'second', 'third'].map(name =>
      aSend({ id: name as SendId, stepKey: name, contentKey: `test/${name}`, at: monday }),
    );
    const held = plus(monday, minute);
    const events = [anEvent({ kind: 'click', sendId: 'third' as SendId, holdUntil: held })];
    expect(decide(enrolled({ sends, events }))).toMatchObject({
      kind: 'wait',
      then: 'turn',
      until: held,
    });
    expect(decide(enrolled({ events }), monday, [{ do: 'exit', reason: 'x' }])).toMatchObject({
      until: held,
    });
  });

  it('keeps a mail that is a little late for the next opening when the window has closed', () => {
    const thursday = instant(Date.parse('2026-03-05T14:55:00Z'));
    const dueAt = thursday;
    const move = decide(enrolled({}, {}, { dueAt }), plus(thursday, 6 * minute), [
      mail('first', null),
    ]);
    // Sixteen o'clock in Berlin has passed; Tuesday is the next day for mails.
    if (move.kind !== 'wait' || move.until === null) throw new Error('no wait');
    expect(move.until).toBeGreaterThanOrEqual(Date.parse('2026-03-10T08:00:00Z'));
    expect(
      decide(enrolled({}, {}, { dueAt }), plus(thursday, 4 * minute), [mail('first', null)]),
    ).toMatchObject({ until: thursday });
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
