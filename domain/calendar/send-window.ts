import { hour, minute, plus, type Instant } from '../instant.ts';
import { openingsAfter, type Week } from './week.ts';

/** When mails may go out: hours of the week in the lead's zone, or at any time. */
export type SendWindow = Week | 'always';

/** Mails that waited for a window are spread over this much of it. */
const spreadOverMs = 2 * hour;
/** A mail this late was held up by an outage or a pause, and is not sent on the spot. */
const lateMs = 15 * minute;
/** Late mails are spread over this long. */
export const catchUpMs = 30 * minute;

/**
 * The moment at which a mail that is due at `due` goes out: at once inside the window, otherwise
 * in the next opening, spread over its first two hours so that nine o'clock is no peak.
 * @param spread from 0 up to but without 1, always the same for the same mail
 */
export function sendMoment(due: Instant, window: SendWindow, spread: number): Instant {
  if (window === 'always') return due;
  for (const { from, to } of openingsAfter(due, window)) {
    if (from <= due) return due;
    return plus(from, Math.floor(spread * Math.min(spreadOverMs, to - from)));
  }
  return due;
}

/**
 * Where a mail goes that is late: after an outage or a pause thousands may be, and none of them is
 * worth a burst; and a window that has closed since is closed for it too. Null when it is in time.
 */
export function caughtUp(
  planned: Instant,
  at: Instant,
  window: SendWindow,
  spread: number,
): Instant | null {
  if (at < planned) return null;
  if (at - planned < lateMs) {
    const moment = sendMoment(at, window, spread);
    return moment === at ? null : moment;
  }
  return sendMoment(plus(at, Math.floor(spread * catchUpMs)), window, spread);
}

/**
 * A number from 0 up to but without 1 for a key, the same every time (FNV-1a, 32 bits, with a final
 * mix so that keys that differ only in their last digits lie apart).
 */
export function spreadOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++)
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
