import type { EventId, SendId } from '../ids.ts';
import type { Instant } from '../instant.ts';

/** What can happen, told apart by what it says about the lead. */
export const eventKinds = [
  // what a person does
  'click',
  'page',
  'form',
  'download',
  'webinar',
  'reply',
  'booked',
  // what ends mailing
  'bounce',
  'unsubscribe',
  'complaint',
  // what a person says of mails: to stay in touch, or to be left alone until they say otherwise
  'stay',
  'quiet',
  // what a mail goes through; stored, and never a reason to look again
  'processed',
  'deferred',
  'delivered',
  'blocked',
  'dropped',
  'open',
  'resubscribe',
  // what a machine answers for a person, who may not have read anything
  'auto reply',
  // what a sender may add one day
  'unknown',
] as const;
export type EventKind = (typeof eventKinds)[number];

/** Kinds that the agreement may give points to. */
export const scoringKinds = [
  'click',
  'page',
  'form',
  'download',
  'webinar',
  'reply',
  'booked',
] as const;

/** Kinds by which a lead says whether it wants to hear from us; the last one holds. */
export const wishKinds = ['stay', 'quiet'] as const;
export type Wish = (typeof wishKinds)[number];

/** What each means, as the end of a sentence that begins with who says it. */
export const wishInWords: Readonly<Record<Wish, string>> = {
  stay: 'wants to stay in touch',
  quiet: 'wants to be left alone',
};

/** Kinds after which the address is never mailed again. */
export const suppressingKinds = ['bounce', 'unsubscribe', 'complaint'] as const;

/** Whether the event can change what happens to a lead: such an event raises the lead's revision. */
export function nudges(kind: EventKind): boolean {
  return (
    (scoringKinds as readonly string[]).includes(kind) ||
    (wishKinds as readonly string[]).includes(kind) ||
    (suppressingKinds as readonly string[]).includes(kind)
  );
}

/** An event as the rules see it. */
export interface Engagement {
  id: EventId;
  kind: EventKind;
  /** A page's path, a form's or a file's name, the clicked link. */
  subject: string | null;
  at: Instant;
  receivedAt: Instant;
  /** A click that may be a scanner's does not count before. */
  holdUntil: Instant | null;
  /** The mail it belongs to. */
  sendId: SendId | null;
  userAgent: string | null;
}
