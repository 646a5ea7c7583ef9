import { describe, expect, it } from 'vitest';
import { nextOpening, stepOf, type Watch } from '../../../domain/escalation/clock.ts';
import { dueTimes } from '../../../domain/escalation/due.ts';
import type { AssignmentId } from '../../../domain/ids.ts';
import { day, hour, instant, plus, type Instant } from '../../../domain/instant.ts';
import { theAgreement } from '../facts.ts';

const agreement = theAgreement();
/** A moment in Berlin, where sales works from 9:00 to 17:30. */
const berlin = (text: string, offset = '+01:00') => instant(Date.parse(`${text}${offset}`));

/** An A lead, assigned at a moment: four working hours to answer. */
function watchFrom(at: Instant, more: Partial<Watch> = {}): Watch {
  return {
    state: 'assigned',
    assignment: { id: 'a1' as AssignmentId, at, isLast: false },
    isOwnerActive: true,
    country: null,
    ...dueTimes(agreement, 'A', null, at),
    feedbackDueAt: null,
    hasFeedback: false,
    extended: [],
    told: new Set(),
    ...more,
  };
}

/** The moments at which something is asked for, and what, as they come one after the other. */
function story(watch: Watch, from: Instant): string[] {
  const told = new Set(watch.told);
  const lines: string[] = [];
  let at = from;
  for (let n = 0; n < 20; n++) {
    const step = stepOf({ ...watch, told }, agreement, at);
    const when = new Date(at + hour).toISOString().slice(5, 16);
    if (step.kind === 'wait') {
      if (step.until === null) break;
      at = step.until;
      continue;
    }
    if (step.kind !== 'tell') {
      lines.push(`${when} ${step.kind}`);
      break;
    }
    told.add(step.notice.key);
    lines.push(`${when} ${step.notice.clock} to ${step.notice.to}`);
  }
  return lines;
}

describe('the clocks of an escalation', () => {
  it('warn at 80 % of the working time, and at 100 % tell the manager and ask the next', () => {
    const monday = berlin('2026-03-02T10:00');
    expect(story(watchFrom(monday), monday)).toEqual([
      '03-02T13:12 answer to owner',
      '03-02T14:00 answer to manager',
      '03-02T14:00 reassign',
    ]);
  });

  it('stand still over a weekend, a night and a holiday', () => {
    // The Friday before Easter week: Good Friday and Easter Monday are free.
    const thursday = berlin('2026-04-02T16:30', '+02:00');
    const { acceptDueAt } = watchFrom(thursday);
    expect(acceptDueAt).toBe(berlin('2026-04-07T12:00', '+02:00'));
    const [warning] = story(watchFrom(thursday), thursday);
    // An hour of four on Thursday, 2 h 12 min on Tuesday; told in winter time here.
    expect(warning).toBe('04-07T10:12 answer to owner');
  });

  it('run through the change to summer time by the clock on the wall', () => {
    const friday = berlin('2026-03-27T16:30');
    const { acceptDueAt } = watchFrom(friday);
    expect(acceptDueAt).toBe(berlin('2026-03-30T12:00', '+02:00'));
  });

  it('count what ops gave from when they gave it', () => {
    const monday = berlin('2026-03-02T10:00');
    const given = { acceptDueAt: berlin('2026-03-05T10:00') };
    // Without it 80 % of the time would be over on Wednesday, before it was given.
    const at = berlin('2026-03-04T17:00');
    const extended = [{ clock: 'answer', at }] as const;
    expect(story(watchFrom(monday, { ...given, extended }), at)).toEqual([
      '03-05T09:42 answer to owner',
      '03-05T10:00 answer to manager',
      '03-05T10:00 reassign',
    ]);
    const other = [{ clock: 'contact', at }] as const;
    expect(story(watchFrom(monday, { ...given, extended: other }), at)[0]).toBe(
      '03-04T17:00 answer to owner',
    );
  });

  it('go on with first contact once it was accepted, and end with it', () => {
    const monday = berlin('2026-03-02T10:00');
    expect(story(watchFrom(monday, { state: 'accepted' }), monday)).toEqual([
      '03-02T13:12 contact to owner',
      '03-02T14:00 contact to manager',
    ]);
    expect(story(watchFrom(monday, { state: 'qualified' }), monday)).toEqual([]);
  });

  it('ask for feedback seven days after the first contact, and a working day later tell the manager', () => {
    const monday = berlin('2026-03-02T10:00');
    const watch = watchFrom(monday, { state: 'contacted', feedbackDueAt: plus(monday, 7 * day) });
    expect(story(watch, monday)).toEqual([
      '03-09T10:00 feedback to owner',
      '03-10T10:00 feedback to manager',
    ]);
    expect(story({ ...watch, hasFeedback: true }, monday)).toEqual([]);
  });

  it('ask the next at once when the owner is gone, whatever they said', () => {
    const monday = berlin('2026-03-02T10:00');
    const gone = { isOwnerActive: false } as const;
    for (const state of ['queued', 'assigned', 'accepted', 'contacted', 'qualified'] as const)
      expect(story(watchFrom(monday, { ...gone, state }), monday)).toEqual([
        '03-02T10:00 reassign',
      ]);
    expect(story(watchFrom(monday, { ...gone, state: 'won' }), monday)).toEqual([]);
  });

  it('leave the manager alone, whose it is when nobody else is left', () => {
    const monday = berlin('2026-03-02T10:00');
    const assignment = { id: 'a5' as AssignmentId, at: monday, isLast: true };
    expect(story(watchFrom(monday, { assignment }), monday)).toEqual([]);
  });

  it('look for room when sales opens the next time', () => {
    const friday = berlin('2026-03-06T17:00');
    expect(nextOpening(friday, agreement)).toBe(berlin('2026-03-09T09:00'));
    expect(story(watchFrom(friday, { state: 'queued' }), friday)).toEqual(['03-09T09:00 place']);
  });
});
