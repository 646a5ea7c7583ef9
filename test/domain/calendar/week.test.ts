import fc from 'fast-check';
import { DateTime } from 'luxon';
import { expect, it } from 'vitest';
import { isPublicHoliday } from '../../../domain/calendar/holidays.ts';
import {
  atMinutes,
  openingsAfter,
  type Opening,
  type Week,
} from '../../../domain/calendar/week.ts';
import { day, instant, type Instant } from '../../../domain/instant.ts';

/** What is meant, worked out day by day for each moment. */
function* plainly(at: Instant, week: Week): Generator<Opening> {
  const first = DateTime.fromMillis(at, { zone: week.zone }).startOf('day');
  for (let offset = 0; offset < 370; offset++) {
    const date = first.plus({ days: offset });
    if (!week.days.includes(date.weekday)) continue;
    if (week.holidays !== null && isPublicHoliday(date.toFormat('yyyy-MM-dd'), week.holidays))
      continue;
    const [from, to] = [atMinutes(date, week.from), atMinutes(date, week.to)];
    if (to > at && to > from) yield { from, to };
  }
}

/** Clocks that change at midnight, by half an hour, in Ramadan, and over the date line. */
const someWeek: fc.Arbitrary<Week> = fc.record({
  zone: fc.constantFrom(
    ...['Europe/Berlin', 'America/New_York', 'America/Sao_Paulo', 'Australia/Lord_Howe'],
    ...['Africa/Casablanca', 'Pacific/Apia', 'Atlantic/Azores', 'UTC'],
  ),
  holidays: fc.constantFrom(null, 'DE-BE', 'US', 'XX'),
  days: fc.constantFrom([1, 2, 3, 4, 5], [2, 3, 4], [7], [1, 2, 3, 4, 5, 6, 7]),
  from: fc.constantFrom(0, 120, 150, 540),
  to: fc.constantFrom(180, 960, 1_440),
});
const somewhen = fc
  .integer({ min: Date.parse('2025-09-01T00:00Z'), max: Date.parse('2027-04-01T00:00Z') })
  .map(instant);

it('knows the same openings whatever it was asked before, and however far away', () => {
  fc.assert(
    fc.property(someWeek, somewhen, fc.integer({ min: -400, max: 400 }), (week, at, days) => {
      for (const moment of [at, instant(at + days * day), instant(at - day)]) {
        const [known, meant] = [openingsAfter(moment, week), plainly(moment, week)];
        for (let n = 0; n < 4; n++) expect(known.next()).toEqual(meant.next());
      }
    }),
    { numRuns: 20 },
  );
});

it('leaves out the day that Samoa never had', () => {
  const week = { zone: 'Pacific/Apia', holidays: null, days: [5, 6], from: 540, to: 960 };
  const at = instant(Date.parse('2011-12-20T00:00Z'));
  const [known, meant] = [openingsAfter(at, week), plainly(at, week)];
  for (let n = 0; n < 6; n++) expect(known.next()).toEqual(meant.next());
});

it('has no opening where every day is closed, and comes to an end', () => {
  const never = { zone: 'UTC', holidays: null, days: [], from: 0, to: 60 };
  expect([...openingsAfter(instant(Date.parse('2026-03-02T08:00Z')), never)]).toEqual([]);
});
