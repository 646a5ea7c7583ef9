import { describe, expect, it } from 'vitest';
import { day, hour, plus } from '../../../domain/instant.ts';
import { decideEnrollment } from '../../../domain/nurture/decide.ts';
import { anEvent, monday, theFacts } from '../facts.ts';
import { agreement, decide, demo, enrolled, fit, idle, plan } from './enrolled.ts';

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

  it('comes from a raised hand although nothing is new, until somebody has answered for it', () => {
    const raised = enrolled({ events: [demo()] });
    expect(decide(raised)).toEqual({ kind: 'escalate', cause: 'hand raise' });
    expect(decide({ ...raised, escalationEndedAt: plus(monday, 1) })).toMatchObject({
      kind: 'wait',
    });
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
