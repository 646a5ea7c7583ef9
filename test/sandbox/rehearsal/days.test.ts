import { describe, expect, it } from 'vitest';
import { sumOf } from '../../../sandbox/rehearsal/counts.ts';
import { daysOf, weeksOf } from '../../../sandbox/rehearsal/days.ts';
import { madeUpProgram } from './made-up-program.ts';
import { aContext, aMail, anAnswer, anEnrollment, anEscalation, at, aTold, zone } from './told.ts';

describe('daysOf', () => {
  it('counts on the day of the zone’s calendar, also where a day has 23 or 25 hours', () => {
    const spring = aTold({
      mails: [
        ...['2026-03-28T22:59:59Z', '2026-03-28T23:00:00Z'],
        ...['2026-03-29T21:59:59Z', '2026-03-29T22:00:00Z'],
      ].map(moment => aMail({ at: at(moment) })),
    });
    const days = daysOf(spring, at('2026-03-28T08:00:00Z'), at('2026-03-30T08:00:00Z'), zone);
    expect(days.map(({ date, mails }) => [date, mails])).toEqual([
      ['2026-03-28', 1],
      ['2026-03-29', 2],
      ['2026-03-30', 1],
    ]);
    const autumn = aTold({
      mails: ['2026-10-24T22:00:00Z', '2026-10-25T22:59:59Z', '2026-10-25T23:00:00Z'].map(moment =>
        aMail({ at: at(moment) }),
      ),
    });
    expect(
      daysOf(autumn, at('2026-10-24T08:00:00Z'), at('2026-10-26T08:00:00Z'), zone).map(
        ({ date, mails }) => [date, mails],
      ),
    ).toEqual([
      ['2026-10-24', 0],
      ['2026-10-25', 2],
      ['2026-10-26', 1],
    ]);
  });

  it('has one day for every date, in a zone whose clock changes at midnight', () => {
    const days = daysOf(
      aTold(),
      at('2026-09-04T12:00:00Z'),
      at('2026-09-08T12:00:00Z'),
      'America/Santiago',
    );
    expect(days.map(({ date }) => date)).toEqual([4, 5, 6, 7, 8].map(date => `2026-09-0${date}`));
  });

  it('leaves out what happened before and after, and refused mails', () => {
    const [from, to] = [at('2026-03-02T08:00:00Z'), at('2026-03-02T16:00:00Z')];
    const told = aTold({
      mails: [
        aMail({ at: at('2026-03-02T07:59:59Z') }),
        aMail({ at: from }),
        aMail({ at: to, state: 'unknown' }),
        aMail({ at: to, state: 'refused' }),
        aMail({ at: at('2026-03-02T16:00:01Z') }),
      ],
      engagements: [
        { lead: 'ada@x.example', at: from, kind: 'click', subject: null },
        { lead: 'ada@x.example', at: from, kind: 'page', subject: '/' },
      ],
    });
    expect(daysOf(told, from, to, zone)).toMatchObject([{ mails: 2, clicks: 1 }]);
  });

  it('counts as recycled only the enrollment that follows a rejection of the same lead', () => {
    const [from, to] = [at('2026-03-02T08:00:00Z'), at('2026-03-06T08:00:00Z')];
    const rejected = at('2026-03-04T10:00:00Z');
    const told = aTold({
      enrollments: [
        anEnrollment({ at: from }),
        anEnrollment({ at: rejected, sequence: 'stay-in-touch', segment: null }),
        anEnrollment({ at: at('2026-03-05T10:00:00Z'), sequence: 'd-long-cycle' }),
        anEnrollment({ at: at('2026-03-05T11:00:00Z'), lead: 'ben@x.example' }),
      ],
      answers: [
        anAnswer({ at: rejected, kind: 'rejected', reason: 'not now' }),
        anAnswer({ at: rejected, lead: 'ben@x.example' }),
      ],
    });
    const days = daysOf(told, from, to, zone);
    expect(days.map(({ recycled }) => recycled)).toEqual([0, 0, 1, 0, 0]);
    expect(sumOf(days)).toMatchObject({ accepted: 1, rejected: 1, recycled: 1 });
  });

  it('tells the grades at the end of each day, and of the period', () => {
    const points = { fit: 0, engagement: 0 };
    const told = aTold({
      leads: [
        { lead: 'ada@x.example', at: at('2026-03-02T09:00:00Z'), grade: 'A' },
        { lead: 'ben@x.example', at: at('2026-03-03T09:00:00Z'), grade: null },
      ],
      scores: [
        { lead: 'ada@x.example', at: at('2026-03-02T09:00:00Z'), grade: 'C', ...points },
        { lead: 'ada@x.example', at: at('2026-03-03T09:00:00Z'), grade: 'B', ...points },
        { lead: 'ada@x.example', at: at('2026-03-04T09:00:00Z'), grade: 'A', ...points },
      ],
    });
    const [from, to] = [at('2026-03-01T08:00:00Z'), at('2026-03-04T08:00:00Z')];
    const none = { A: 0, B: 0, C: 0, D: 0, ungraded: 0 };
    expect(daysOf(told, from, to, zone).map(({ grades }) => grades)).toEqual([
      none,
      { ...none, C: 1 },
      { ...none, B: 1, ungraded: 1 },
      { ...none, B: 1, ungraded: 1 },
    ]);
  });

  it('loses nothing of 240 leads, and has no day for a period that ends before it begins', () => {
    const { from, to } = aContext();
    const told = madeUpProgram(7, 240, from, to);
    const days = daysOf(told, from, to, zone);
    expect(days).toHaveLength(91);
    expect(sumOf(days)).toMatchObject({
      mails: told.mails.length,
      clicks: told.engagements.length,
      escalations: told.escalations.length,
    });
    const { ungraded, ...graded } = days.at(-1)?.grades ?? { ungraded: -1 };
    expect(ungraded + Object.values(graded).reduce((sum, leads) => sum + leads, 0)).toBe(240);
    expect(daysOf(told, to, from, zone)).toEqual([]);
  });
});

describe('weeksOf', () => {
  it('adds up ISO weeks over the turn of a year, beside the capacity', () => {
    const told = aTold({
      escalations: ['2026-12-27T22:59:00Z', '2026-12-27T23:00:00Z', '2027-01-03T22:59:00Z'].map(
        moment => anEscalation({ at: at(moment) }),
      ),
    });
    const [from, to] = [at('2026-12-21T08:00:00Z'), at('2027-01-04T08:00:00Z')];
    expect(weeksOf(told, from, to, zone, 44)).toEqual([
      { week: '2026-W52', escalations: 1, capacity: 44 },
      { week: '2026-W53', escalations: 2, capacity: 44 },
      { week: '2027-W01', escalations: 0, capacity: 44 },
    ]);
    expect(weeksOf(aTold(), from, from, zone, null)).toEqual([
      { week: '2026-W52', escalations: 0, capacity: null },
    ]);
  });
});
