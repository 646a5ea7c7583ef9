import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import type { Week } from '../../../domain/calendar/week.ts';
import { afterWorkingTime } from '../../../domain/calendar/working-time.ts';
import { capAllows } from '../../../domain/calendar/cap.ts';
import { day, hour, instant } from '../../../domain/instant.ts';

const week: Week = {
  days: [1, 2, 3, 4, 5],
  from: 9 * 60,
  to: 17 * 60 + 30,
  zone: 'Europe/Berlin',
  holidays: 'DE-BE',
};
const at = (text: string) => instant(DateTime.fromISO(text, { zone: week.zone }).toMillis());
const after = (from: string, count: number, unit: 'hour' | 'day') =>
  DateTime.fromMillis(afterWorkingTime(at(from), { unit, count }, week), {
    zone: week.zone,
  }).toFormat("yyyy-MM-dd'T'HH:mm");

describe('working time', () => {
  it('runs in working hours only', () => {
    expect(after('2026-03-02T10:00', 4, 'hour')).toBe('2026-03-02T14:00');
    expect(after('2026-03-02T16:00', 4, 'hour')).toBe('2026-03-03T11:30');
  });

  it('stands still over a weekend and a holiday', () => {
    expect(after('2026-03-06T16:30', 4, 'hour')).toBe('2026-03-09T12:00');
    // From the Thursday before Easter: Friday and Monday are free.
    expect(after('2026-04-02T16:30', 4, 'hour')).toBe('2026-04-07T12:00');
  });

  it('knows holidays of a part of the country: 8 March is free in Berlin alone', () => {
    const sunday = at('2027-03-08T10:00');
    const elsewhere = { ...week, holidays: 'DE-BY' };
    expect(afterWorkingTime(sunday, { unit: 'hour', count: 1 }, elsewhere)).toBe(
      at('2027-03-08T11:00'),
    );
    expect(afterWorkingTime(sunday, { unit: 'hour', count: 1 }, week)).toBe(at('2027-03-09T10:00'));
  });

  it('keeps the time of day when it counts days, also across the change to summer time', () => {
    expect(after('2026-03-27T11:15', 1, 'day')).toBe('2026-03-30T11:15');
  });

  it('counts from the next opening for what comes in at night', () => {
    expect(after('2026-03-02T03:00', 1, 'day')).toBe('2026-03-03T09:00');
    expect(after('2026-03-07T12:00', 4, 'hour')).toBe('2026-03-09T13:00');
  });

  it('always ends within working hours and never before it began', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: at('2025-01-01T00:00'), max: at('2028-01-01T00:00') }).map(instant),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom('hour' as const, 'day' as const),
        (from, count, unit) => {
          const end = afterWorkingTime(from, { unit, count }, week);
          const local = DateTime.fromMillis(end, { zone: week.zone });
          expect(end).toBeGreaterThan(from);
          expect(week.days).toContain(local.weekday);
          const minutes = local.hour * 60 + local.minute;
          expect(minutes).toBeGreaterThanOrEqual(week.from);
          expect(minutes).toBeLessThanOrEqual(week.to);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('the cap', () => {
  const sent = (...days: number[]) => days.map(count => instant(count * day));

  it('allows a mail while there is room, and else says from when', () => {
    const cap = { mails: 2, days: 7 };
    expect(capAllows(sent(1), cap, instant(3 * day))).toBe(3 * day);
    expect(capAllows(sent(1, 2), cap, instant(3 * day))).toBe(8 * day);
    expect(capAllows(sent(1, 2), cap, instant(8 * day))).toBe(8 * day);
  });

  it('is never broken, whatever was sent before', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 30 * day }), { maxLength: 20 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 30 * day, max: 60 * day }),
        (before, mails, now) => {
          const cap = { mails, days: 7 };
          const moment = capAllows(before.map(instant), cap, instant(now));
          expect(moment).toBeGreaterThanOrEqual(now);
          const inWindow = before.filter(time => time > moment - 7 * day && time <= moment);
          expect(inWindow.length).toBeLessThan(mails);
          if (moment > now)
            expect(
              before.filter(time => time > moment - hour - 7 * day && time < moment).length,
            ).toBeGreaterThanOrEqual(mails);
        },
      ),
    );
  });
});
