import { describe, expect, it } from 'vitest';
import type { EscalationId } from '../../../domain/ids.ts';
import { minute, plus } from '../../../domain/instant.ts';
import { decideIdle } from '../../../domain/nurture/decide.ts';
import { anEvent, monday, theFacts } from '../facts.ts';
import { agreement, demo, fit, idle } from './enrolled.ts';

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
    ['who wants quiet', { fields: fit, quiet: true }, {}, 'wants to be left alone'],
    [
      'who wants no quiet any more, and whom ops stopped',
      { fields: fit },
      {
        past: [
          { sequence: 'x', endReason: 'stopped by ops' },
          { sequence: 'stay-in-touch', endReason: 'quiet' },
        ],
      },
      'stopped by ops',
    ],
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

  it('goes on where it wanted quiet, once it does not any more, whatever its grade', () => {
    const past = [
      { sequence: 'c-nurture', endReason: 'escalated' },
      { sequence: 'stay-in-touch', endReason: 'quiet' },
    ];
    const back = { kind: 'enroll', sequence: 'stay-in-touch', segment: 'makers and movers' };
    expect(idle(theFacts({ fields: fit }, { past }))).toEqual(back);
    const looks = [1, 2, 3].map(() => anEvent({ subject: '/pricing' }));
    const worked = theFacts(
      { fields: fit, armed: false, holdUntil: plus(monday, minute), grade: 'B' },
      { past, events: looks },
    );
    expect(idle({ ...worked, lead: { ...worked.lead, seenRevision: 1 } })).toEqual(back);
    // Where it was finished since, it rests.
    const finished = [...past, { sequence: 'c-nurture', endReason: 'finished' }];
    expect(idle(theFacts({ fields: fit }, { past: finished })).kind).toBe('rest');
  });

  it('who wants quiet goes to sales when it asks, and not because it crosses', () => {
    const quiet = { fields: fit, quiet: true };
    const looks = [1, 2, 3].map(() => anEvent({ subject: '/pricing' }));
    expect(idle(theFacts({ fields: fit }, { events: looks })).kind).toBe('escalate');
    expect(idle(theFacts(quiet, { events: looks })).kind).toBe('rest');
    for (const event of [demo(), anEvent({ kind: 'reply' }), anEvent({ kind: 'booked' })])
      expect(idle(theFacts(quiet, { events: [event] })).kind).toBe('escalate');
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
