import { DateTime } from 'luxon';
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
    let begin = DateTime.fromMillis(from, { zone }).startOf('week');
    while (begin.toMillis() < to) {
      const end = begin.plus({ weeks: 1 });
      const inside = Math.min(end.toMillis(), to) - Math.max(begin.toMillis(), from);
      const isWhole = begin.toMillis() >= from && end.toMillis() <= to;
      const days = isWhole ? 7 : Math.min(6.9, Math.round((inside / day) * 10) / 10);
      this.weeks.push({ week: begin.toFormat("kkkk-'W'WW"), days, active: 0, draft: 0, real: 0 });
      this.#ends.push(end.toMillis());
      begin = end;
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
