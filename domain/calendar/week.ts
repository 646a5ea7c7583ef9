import { DateTime } from 'luxon';
import { day, hour, plus, type Instant } from '../instant.ts';
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
/** Weeks that are remembered, and how many days of each: a program asks for the same ones again and again. */
const mostWeeks = 1_000;
const mostDays = 3 * horizonDays;

/** More than any clock was ever changed by: zones have gone over the date line. */
const leewayMs = 25 * hour;

const known = new Map<string, KnownOpenings>();

/**
 * The openings that end after a moment, in order; the first may have begun before it. A day on which
 * the clock change swallows the whole opening has none.
 */
export function* openingsAfter(at: Instant, week: Week): Generator<Opening> {
  const openings = openingsAround(at, week);
  for (let index = openings.firstAfter(at); ; index++) {
    const opening = openings.nth(index, plus(at, horizonDays * day));
    if (opening === null) return;
    yield opening;
  }
}

function openingsAround(at: Instant, week: Week): KnownOpenings {
  const { zone, holidays, from, to, days } = week;
  const key = `${zone} ${holidays ?? ''} ${from} ${to} ${days.join()}`;
  let found = known.get(key);
  if (found === undefined || !found.isNear(at)) {
    if (known.size >= mostWeeks) known.clear();
    found = new KnownOpenings(at, { ...week });
    known.set(key, found);
  }
  return found;
}

/**
 * Openings of a week that were worked out once, day after day without a gap: what a day is by the calendar of a
 * zone takes a hundred times as long to find as to look up.
 */
class KnownOpenings {
  readonly #week: Week;
  readonly #base: DateTime;
  readonly #openings: Opening[] = [];
  /** The days that are known, counted from the base: from the first one, up to but without the second. */
  #low = 0;
  #high = 0;

  constructor(at: Instant, week: Week) {
    this.#week = week;
    this.#base = DateTime.fromMillis(at, { zone: week.zone }).startOf('day');
  }

  /** Whether a moment is near enough to be looked up here. */
  isNear(at: Instant): boolean {
    return Math.abs(at - this.#base.toMillis()) < (mostDays - horizonDays) * day;
  }

  /** The index of the first opening that ends after a moment. */
  firstAfter(at: Instant): number {
    while (this.#startOf(this.#low) + leewayMs > at)
      this.#openings.unshift(...this.#openingOn(--this.#low));
    while (this.#startOf(this.#high) - leewayMs <= at)
      this.#openings.push(...this.#openingOn(this.#high++));
    let [low, high] = [0, this.#openings.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#openings[middle]?.to ?? Infinity) > at) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The opening with an index; null where there is none that begins before `until`. */
  nth(index: number, until: Instant): Opening | null {
    while (index >= this.#openings.length && this.#startOf(this.#high) - leewayMs < until)
      this.#openings.push(...this.#openingOn(this.#high++));
    const opening = this.#openings[index];
    return opening === undefined || opening.from >= until ? null : opening;
  }

  /** When a day begins, but for changes of the clock. */
  #startOf(offset: number): number {
    return this.#base.toMillis() + offset * day;
  }

  #openingOn(offset: number): Opening[] {
    const { days, holidays, from: opens, to: closes } = this.#week;
    const date = this.#base.plus({ days: offset });
    if (!days.includes(date.weekday)) return [];
    if (holidays !== null && isPublicHoliday(date.toFormat('yyyy-MM-dd'), holidays)) return [];
    const from = atMinutes(date, opens);
    const to = atMinutes(date, closes);
    return to > from ? [{ from, to }] : [];
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
