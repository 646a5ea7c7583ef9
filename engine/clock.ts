import { instant, type Instant } from '../domain/instant.ts';

/**
 * The only place that asks what time it is.
 *
 * Every workflow carries a shift: how far its own clock is ahead of the time that the domain is
 * told. It is zero in production. In virtual time the server moves a workflow's clock on by itself,
 * and the shift places its beginning at whichever moment a test or a rehearsal starts from.
 */

/** The present moment of a workspace, as pages, links and new workflows see it. */
export interface Clock {
  now: () => Instant;
  /** The shift of a workflow that starts now. */
  shift: () => number;
}

export const realClock: Clock = { now: () => instant(Date.now()), shift: () => 0 };

/** A clock that stands until it is set: what somebody says who plays time. */
export class SetClock implements Clock {
  at: Instant;

  constructor(at: Instant) {
    this.at = at;
  }

  now(): Instant {
    return this.at;
  }

  shift(): number {
    return Date.now() - this.at;
  }
}

/** When an activity's attempt was scheduled, by the clock of its workflow. */
interface AttemptInfo {
  currentAttemptScheduledTimestampMs: number;
}

/** The moment at which an activity's attempt takes place, for the domain. */
export function attemptMoment(info: AttemptInfo, shift: number): Instant {
  // In virtual time the scheduled time runs ahead of the wall clock; otherwise the wall clock is later.
  return instant(Math.max(Date.now(), info.currentAttemptScheduledTimestampMs) - shift);
}

/** The shift of a workflow that starts now and whose first moment is to be `at`. */
export function shiftTo(at: Instant, parentShift: number): number {
  return parentShift === 0 ? 0 : Date.now() - at;
}
