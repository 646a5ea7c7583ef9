import { DateTime } from 'luxon';
import type { Instant } from '../instant.ts';
import { isPublicHoliday } from './holidays.ts';
import type { WeeklyHours } from './schema.ts';

/** Hours of the week in a time zone, without public holidays. */
export interface Week extends WeeklyHours {
  /** IANA name. */
  zone: string;
  /** Region whose public holidays are free, such as `DE-BE`; null for none. */
  holidays: string | null;
}

/** An open stretch of time: from `from`, up to but without `to`. */
export interface Opening {
  from: Instant;
  to: Instant;
}

/** No opening within this many days means that there is none, such as when every day is a holiday. */
const horizonDays = 370;

/**
 * The openings that end after a moment, in order; the first may have begun before it. A day on which
 * the clock change swallows the whole opening has none.
 */
export function* openingsAfter(at: Instant, week: Week): Generator<Opening> {
  const first = DateTime.fromMillis(at, { zone: week.zone }).startOf('day');
  for (let offset = 0; offset < horizonDays; offset++) {
    const date = first.plus({ days: offset });
    if (!week.days.includes(date.weekday)) continue;
    if (week.holidays !== null && isPublicHoliday(date.toFormat('yyyy-MM-dd'), week.holidays))
      continue;
    const from = atMinutes(date, week.from);
    const to = atMinutes(date, week.to);
    if (to > at && to > from) yield { from, to };
  }
}

/**
 * The first moment on that date at which the wall clock shows that many minutes since midnight, or
 * more: a time that the change to summer time leaves out is the moment of the change.
 */
export function atMinutes(date: DateTime, minutes: number): Instant {
  if (minutes >= 24 * 60) return date.plus({ days: 1 }).startOf('day').toMillis() as Instant;
  const wanted = {
    hour: Math.floor(minutes / 60),
    minute: minutes % 60,
    second: 0,
    millisecond: 0,
  };
  let moment = date.set(wanted);
  if (moment.hour === wanted.hour && moment.minute === wanted.minute)
    return moment.toMillis() as Instant;
  for (let before = moment.minus({ minutes: 1 }); before.offset === moment.offset;) {
    moment = before;
    before = moment.minus({ minutes: 1 });
  }
  return moment.toMillis() as Instant;
}
