import { calendarWeeks } from '../../calendar/calendar-weeks.ts';
import { day, type Instant } from '../../instant.ts';

/** Escalations of a calendar week, by ISO 8601. */
export interface ForecastWeek {
  /** `2026-W13` */
  week: string;
  /** How many of its days are in the period, to a tenth; 7 for a whole week. */
  days: number;
  active: number;
  draft: number;
  /** How many there really were. */
  real: number;
}

export type Counted = 'active' | 'draft' | 'real';

/** Counts what happens into the calendar weeks of a period. */
export class Weeks {
  readonly weeks: ForecastWeek[] = [];
  readonly #ends: number[] = [];
  readonly #from: Instant;
  readonly #to: Instant;

  /** @param zone IANA name, by whose calendar weeks begin */
  constructor(from: Instant, to: Instant, zone: string) {
    this.#from = from;
    this.#to = to;
    for (const { week, days, end } of calendarWeeks(from, to, zone)) {
      this.weeks.push({ week, days, active: 0, draft: 0, real: 0 });
      this.#ends.push(end);
    }
  }

  /** What happened outside of the period counts nowhere. */
  count(what: Counted, at: Instant): boolean {
    if (at < this.#from || at > this.#to) return false;
    const week = this.weeks[this.#ends.findIndex(end => at < end)] ?? this.weeks.at(-1);
    if (week !== undefined) week[what] += 1;
    return true;
  }
}

/** Escalations a week on average, of so many in a period. */
export function perWeek(count: number, { from, to }: { from: Instant; to: Instant }): number {
  return to > from ? (count * 7 * day) / (to - from) : 0;
}
