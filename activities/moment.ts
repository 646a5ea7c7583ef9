import { activityInfo } from '@temporalio/activity';
import type { Instant } from '../domain/instant.ts';
import { attemptMoment } from '../engine/clock.ts';

/** The moment at which this attempt takes place, for the domain. */
export function momentOf(shift: number): Instant {
  return attemptMoment(activityInfo(), shift);
}
