import { day, plus, type Instant } from '../instant.ts';

/** At most so many mails within so many days, to one lead. */
export interface Cap {
  mails: number;
  days: number;
}

/** The moment from which the cap allows one more mail; `at` itself when it does now. */
export function capAllows(sent: readonly Instant[], cap: Cap, at: Instant): Instant {
  const span = cap.days * day;
  const recent = sent.filter(moment => moment > at - span).toSorted((a, b) => b - a);
  const blocking = recent[cap.mails - 1];
  return blocking === undefined ? at : plus(blocking, span);
}
