import { DateTime } from 'luxon';
import { day, type Instant } from '../instant.ts';

/** A calendar week by ISO 8601, or the part of one that lies in a period. */
export interface CalendarWeek {
  /** `2026-W13` */
  week: string;
  /** How many of its days are in the period, to a tenth; 7 for a whole week. */
  days: number;
  /** The first moment that is in no earlier week. */
  begin: Instant;
  /** The first moment of the next one. */
  end: Instant;
}

/**
 * The calendar weeks of a period, in order.
 * @param zone IANA name, by whose calendar weeks begin
 */
export function calendarWeeks(from: Instant, to: Instant, zone: string): CalendarWeek[] {
  const weeks: CalendarWeek[] = [];
  let begin = DateTime.fromMillis(from, { zone }).startOf('week');
  while (begin.toMillis() < to) {
    const next = begin.plus({ weeks: 1 });
    const end = next.toMillis();
    const inside = Math.min(end, to) - Math.max(begin.toMillis(), from);
    const isWhole = begin.toMillis() >= from && end <= to;
    weeks.push({
      week: begin.toFormat("kkkk-'W'WW"),
      days: isWhole ? 7 : Math.min(6.9, Math.round((inside / day) * 10) / 10),
      begin: begin.toMillis() as Instant,
      end: end as Instant,
    });
    begin = next;
  }
  return weeks;
}
