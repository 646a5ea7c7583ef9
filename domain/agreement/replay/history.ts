import type { Engagement } from '../../event/event.ts';
import type { LeadId } from '../../ids.ts';
import type { Instant } from '../../instant.ts';
import type { LeadFields } from '../../lead/fields.ts';
import type { OutcomeKind } from '../../outcome/outcome.ts';
import type { Cause } from '../../nurture/cause.ts';
import type { Grade } from '../grade.ts';

/** What can come of a lead: wanted ones first, in the order in which they come. */
export const outcomesInOrder = [
  'accepted',
  'qualified',
  'won',
  'rejected',
  'lost',
] as const satisfies readonly OutcomeKind[];

/** Whether an outcome says that it was right to hand the lead over. */
export function isWanted(kind: OutcomeKind): boolean {
  return kind === 'accepted' || kind === 'qualified' || kind === 'won';
}

/** What sales, or the system that it keeps its deals in, said of a lead. */
export interface KnownOutcome {
  kind: OutcomeKind;
  at: Instant;
}

/** A time that a lead really was with sales. */
export interface RealEscalation {
  at: Instant;
  /** Null while it goes on. */
  endedAt: Instant | null;
  grade: Grade;
  cause: Cause;
}

/** Everything that is known of a lead, to be looked at again under another agreement. */
export interface LeadHistory {
  id: LeadId;
  /** As they are today: what they were before is not kept. */
  fields: LeadFields;
  /** customer, open opportunity or competitor; as it is today. */
  account: string | null;
  /** From when on it is never to be worked, because sales said so. */
  disqualifiedAt: Instant | null;
  /** From when on it is never mailed, or wants to be left alone. */
  suppressedAt: Instant | null;
  createdAt: Instant;
  /** In the order of their moments. */
  events: readonly Engagement[];
  /** In the order of their moments. */
  escalations: readonly RealEscalation[];
  /** In the order of their moments. */
  outcomes: readonly KnownOutcome[];
}

/**
 * When what happened was known. `received`: when it arrived, as the engine saw it. `happened`: when it happened,
 * for a history that was brought in afterwards, as if it had been told at once.
 */
export type Timeline = 'received' | 'happened';

/** When an event of a lead could first be looked at. */
export function knownAt(event: Engagement, lead: LeadHistory, timeline: Timeline): Instant {
  return timeline === 'happened'
    ? event.at
    : (Math.max(event.receivedAt, lead.createdAt) as Instant);
}

/** When a lead was first looked at, or would have been. */
export function beginOf(lead: LeadHistory, timeline: Timeline): Instant {
  const [first] = lead.events;
  return timeline === 'happened' && first !== undefined && first.at < lead.createdAt
    ? first.at
    : lead.createdAt;
}
