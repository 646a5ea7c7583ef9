import { DateTime } from 'luxon';
import { workingTimeBetween } from '../calendar/working-time.ts';
import type { Week } from '../calendar/week.ts';
import { day, hour, minute, type Instant } from '../instant.ts';

/**
 * What is left until a moment, in the time in which somebody works: `2 h 10 min left`, `1 working day 3 h left`; or
 * `overdue since Tue 3 Mar, 14:00`.
 * @param week whose hours count
 * @param zone in which moments are told
 */
export function timeLeft(due: Instant, at: Instant, week: Week, zone: string): string {
  if (at >= due) return `overdue since ${momentInWords(due, zone)}`;
  const left = workingTimeBetween(at, due, week);
  const wholeDay = (week.to - week.from) * minute;
  const days = Math.floor(left / wholeDay);
  const rest = left - days * wholeDay;
  const hours = Math.floor(rest / hour);
  const minutes = Math.floor((rest % hour) / minute);
  const parts = [
    ...(days > 0 ? [`${days} working ${days === 1 ? 'day' : 'days'}`] : []),
    ...(hours > 0 ? [`${hours} h`] : []),
    // Of what is a day off, minutes say nothing.
    ...(minutes > 0 && days === 0 ? [`${minutes} min`] : []),
  ];
  return parts.length === 0 ? 'less than a minute left' : `${parts.join(' ')} left`;
}

/** How long it has been since a moment, by the calendar: `3 days`, `5 h`, `less than an hour`. */
export function ageInWords(since: Instant, at: Instant): string {
  const days = Math.floor((at - since) / day);
  if (days > 0) return `${days} ${days === 1 ? 'day' : 'days'}`;
  const hours = Math.floor((at - since) / hour);
  return hours > 0 ? `${hours} h` : 'less than an hour';
}

/** `Tue 3 Mar, 14:00` */
export function momentInWords(at: Instant, zone: string): string {
  return DateTime.fromMillis(at, { zone }).toFormat('ccc d LLL, HH:mm');
}
