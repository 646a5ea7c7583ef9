import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { caughtUp, sendMoment, spreadOf } from '../../../domain/calendar/send-window.ts';
import { openingsAfter, type Week } from '../../../domain/calendar/week.ts';
import { day, hour, instant, minute, plus } from '../../../domain/instant.ts';

const berlin: Week = {
  days: [2, 3, 4],
  from: 9 * 60,
  to: 16 * 60,
  zone: 'Europe/Berlin',
  holidays: null,
};
const at = (text: string, zone = 'Europe/Berlin') =>
  instant(DateTime.fromISO(text, { zone }).toMillis());
const shown = (moment: number, zone = 'Europe/Berlin') =>
  DateTime.fromMillis(moment, { zone }).toFormat('ccc HH:mm');

const moments = fc.integer({ min: at('2025-01-01'), max: at('2028-01-01') }).map(instant);
const zones = fc.constantFrom(
  'Europe/Berlin',
  'America/New_York',
  'Asia/Tokyo',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
  'Asia/Kathmandu',
);
const weeks: fc.Arbitrary<Week> = fc
  .record({
    days: fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }),
    times: fc
      .tuple(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 1, max: 1440 }))
      .filter(([from, to]) => from + 30 < to),
    zone: zones,
    holidays: fc.constantFrom(null, 'DE', 'DE-BE', 'US'),
  })
  .map(({ days, times: [from, to], zone, holidays }) => ({ days, from, to, zone, holidays }));
const spreads = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('the send window', () => {
  it('is never left: whatever is due goes out on an agreed day, within the agreed hours of the lead', () => {
    fc.assert(
      fc.property(moments, weeks, spreads, (due, week, spread) => {
        const moment = DateTime.fromMillis(sendMoment(due, week, spread), { zone: week.zone });
        expect(moment.toMillis()).toBeGreaterThanOrEqual(due);
        expect(week.days).toContain(moment.weekday);
        // By the wall clock, except where it was put forward over the opening itself.
        const minutes = moment.hour * 60 + moment.minute;
        expect(minutes).toBeLessThan(week.to);
        expect(minutes).toBeGreaterThanOrEqual(week.from);
      }),
      { numRuns: 1_000 },
    );
  });

  it('lets a mail that is due inside it go at once', () => {
    const due = at('2026-03-03T11:30');
    expect(sendMoment(due, berlin, 0.9)).toBe(due);
  });

  it('spreads what waited for it over its first two hours', () => {
    const due = at('2026-03-06T11:00');
    expect(shown(sendMoment(due, berlin, 0))).toBe('Tue 09:00');
    expect(shown(sendMoment(due, berlin, 0.5))).toBe('Tue 10:00');
    expect(shown(sendMoment(due, berlin, 0.999))).toBe('Tue 10:59');
  });

  it('follows the lead’s zone: nine o’clock in Tokyo is nine o’clock in Tokyo', () => {
    const tokyo = { ...berlin, zone: 'Asia/Tokyo' };
    expect(shown(sendMoment(at('2026-03-02T20:00'), tokyo, 0), 'Asia/Tokyo')).toBe('Tue 09:00');
  });

  it('keeps its hours across the change to summer time', () => {
    const sunday = { ...berlin, days: [7] };
    const before = sendMoment(at('2026-03-22T20:00'), sunday, 0);
    expect(shown(before)).toBe('Sun 09:00');
    expect(before).toBe(at('2026-03-29T09:00'));
  });

  it('begins with the change where the change to summer time swallows its beginning, and is left out where it swallows all of it', () => {
    const night = { ...berlin, days: [7], from: 2 * 60 + 10, to: 5 * 60 };
    expect(shown(sendMoment(at('2026-03-28T20:00'), night, 0))).toBe('Sun 03:00');
    const gone = { ...night, to: 2 * 60 + 50 };
    expect(sendMoment(at('2026-03-28T20:00'), gone, 0)).toBe(at('2026-04-05T02:10'));
  });

  it('has no opening on a public holiday', () => {
    const week = { ...berlin, days: [1, 2, 3, 4, 5], holidays: 'DE' };
    // Good Friday and Easter Monday 2026 are 3 and 6 April.
    expect(shown(sendMoment(at('2026-04-02T17:00'), week, 0))).toBe('Tue 09:00');
  });

  it('has none on any day of a holiday of several days', () => {
    const week = {
      days: [1, 2, 3, 4, 5],
      from: 540,
      to: 960,
      zone: 'Europe/Istanbul',
      holidays: 'TR',
    };
    const opening = [...openingsAfter(instant(Date.parse('2026-05-27T00:00:00+03:00')), week)][0];
    // The feast takes from Wednesday 27 May to Saturday 30 May.
    expect(opening?.from).toBe(Date.parse('2026-06-01T09:00:00+03:00'));
  });

  it('yields openings in order, none of which overlap', () => {
    fc.assert(
      fc.property(moments, weeks, (from, week) => {
        let end = 0;
        let count = 0;
        for (const opening of openingsAfter(from, week)) {
          expect(opening.from).toBeGreaterThanOrEqual(end);
          expect(opening.to).toBeGreaterThan(opening.from);
          end = opening.to;
          if (++count === 5) break;
        }
      }),
    );
  });
});

describe('a late mail', () => {
  it('goes out on the spot while it is a quarter of an hour late at most', () => {
    const due = at('2026-03-03T11:00');
    expect(caughtUp(due, plus(due, 14 * minute), berlin, 0.5)).toBeNull();
  });

  it('is spread over half an hour when it is later, so that an outage releases no burst (P9)', () => {
    const due = at('2026-03-03T10:00');
    const back = plus(due, 2 * hour);
    const moments = Array.from(
      { length: 1_000 },
      (_, n) => caughtUp(due, back, berlin, spreadOf(`${n}`)) ?? 0,
    );
    const perMinute = new Map<number, number>();
    for (const moment of moments) {
      expect(moment).toBeGreaterThanOrEqual(back);
      expect(moment).toBeLessThan(back + 30 * minute);
      const key = Math.floor(moment / minute);
      perMinute.set(key, (perMinute.get(key) ?? 0) + 1);
    }
    expect(Math.max(...perMinute.values())).toBeLessThan(80);
  });

  it('still keeps to the window', () => {
    const due = at('2026-03-03T15:30');
    expect(shown(caughtUp(due, plus(due, day), berlin, 0.99) ?? 0)).toBe('Wed 15:59');
    expect(shown(caughtUp(due, at('2026-03-05T15:59'), berlin, 0.99) ?? 0)).toMatch(
      /^Tue (09|10):/,
    );
  });
});

describe('the spread', () => {
  it('is the same for the same mail, and even over many', () => {
    const values = Array.from({ length: 10_000 }, (_, n) => spreadOf(`enrollment-${n}/mail`));
    expect(spreadOf('a/b')).toBe(spreadOf('a/b'));
    const tenths = new Array<number>(10).fill(0);
    for (const value of values) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThan(1);
      const tenth = Math.floor(value * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    for (const count of tenths) expect(count).toBeGreaterThan(850);
  });
});
