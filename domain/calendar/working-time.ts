import { DateTime } from 'luxon';
import { hour, plus, type Instant } from '../instant.ts';
import type { WorkingTime } from './schema.ts';
import { openingsAfter, type Week } from './week.ts';

/**
 * The moment at which an amount of working time has passed. Hours run only while the week is open. A
 * working day ends at the same time of day on the next day that is open; what comes in while it
 * is closed counts from the next opening.
 */
export function afterWorkingTime(at: Instant, time: WorkingTime, week: Week): Instant {
  return time.unit === 'hour' ? afterHours(at, time.count, week) : afterDays(at, time.count, week);
}

/** How long a week is open between two moments, in milliseconds; nothing when the second is not the later. */
export function workingTimeBetween(from: Instant, to: Instant, week: Week): number {
  let total = 0;
  for (const opening of openingsAfter(from, week)) {
    if (opening.from >= to) break;
    total += Math.min(opening.to, to) - Math.max(opening.from, from);
  }
  return total;
}

function afterHours(at: Instant, count: number, week: Week): Instant {
  let left = count * hour;
  for (const { from, to } of openingsAfter(at, week)) {
    const start = Math.max(from, at) as Instant;
    if (to - start >= left) return plus(start, left);
    left -= to - start;
  }
  return plus(at, left);
}

function afterDays(at: Instant, count: number, week: Week): Instant {
  let passed = -1;
  let timeOfDay: { hour: number; minute: number; second: number; millisecond: number } | null =
    null;
  for (const { from, to } of openingsAfter(at, week)) {
    const start = DateTime.fromMillis(Math.max(from, at), { zone: week.zone });
    timeOfDay ??= {
      hour: start.hour,
      minute: start.minute,
      second: start.second,
      millisecond: start.millisecond,
    };
    passed += 1;
    if (passed === count) {
      const moment = DateTime.fromMillis(from, { zone: week.zone }).set(timeOfDay).toMillis();
      return Math.min(Math.max(moment, from), to) as Instant;
    }
  }
  return at;
}
