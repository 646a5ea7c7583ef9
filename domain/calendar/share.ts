import type { Instant } from '../instant.ts';
import { openingsAfter, type Week } from './week.ts';

/** The milliseconds of a stretch of time in which the week is open. */
function workingMs(from: Instant, to: Instant, week: Week): number {
  let passed = 0;
  for (const opening of openingsAfter(from, week)) {
    if (opening.from >= to) break;
    passed += Math.min(opening.to, to) - Math.max(opening.from, from);
  }
  return passed;
}

/**
 * The moment at which a share of the working time of a stretch has passed.
 * @param share 0 to 1
 */
export function shareOfWorkingTime(from: Instant, to: Instant, share: number, week: Week): Instant {
  let left = workingMs(from, to, week) * share;
  for (const opening of openingsAfter(from, week)) {
    const start = Math.max(opening.from, from);
    const open = Math.min(opening.to, to) - start;
    if (open <= 0) break;
    if (open >= left) return Math.round(start + left) as Instant;
    left -= open;
  }
  return to;
}
