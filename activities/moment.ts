import { activityInfo } from '@temporalio/activity';
import { instant, minute, type Instant } from '../domain/instant.ts';
import type { LeadId } from '../domain/ids.ts';
import { attemptMoment } from '../engine/clock.ts';
import type { Session } from '../store/database.ts';
import { loadFacts, type LoadedFacts } from '../store/facts.ts';

/** In virtual time, what happened less than this before is what somebody looks for, in milliseconds. */
const delayMs = minute;

/** The moment at which this attempt takes place, for the domain. */
export function momentOf(shift: number): Instant {
  return attemptMoment(activityInfo(), shift);
}

/** Facts, and the moment at which they are looked at. */
export interface Look {
  facts: LoadedFacts;
  at: Instant;
}

/**
 * Loads a lead's facts for a decision.
 * @returns null when there is no such lead, or no active agreement
 */
export async function look(session: Session, lead: LeadId, shift: number): Promise<Look | null> {
  const facts = await loadFacts(session, lead, momentOf(shift));
  return facts && { facts, at: momentAfter(facts, shift) };
}

/**
 * When a decision on these facts takes place: now, and never before anything that they hold. An event that
 * was received by a host whose clock is ahead, or while facts were loaded again, would otherwise lie in the
 * future of the decision that takes note of it, and never count.
 *
 * In virtual time it takes place at the very moment of what caused it: how long the machine took to get here
 * is left out, so that the same program under the same events decides the same to the millisecond.
 */
export function momentAfter({ causedAt, events }: LoadedFacts, shift: number): Instant {
  const now = momentOf(shift);
  const cause = Math.max(causedAt, ...events.map(({ receivedAt }) => receivedAt));
  const isVirtual = shift !== 0;
  return instant(isVirtual && now - cause < delayMs ? cause : Math.max(now, cause));
}
