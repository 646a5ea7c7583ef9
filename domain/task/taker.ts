import type { PersonId } from '../ids.ts';
import type { LeadFields } from '../lead/fields.ts';
import { meets, type FieldsCondition } from '../lead/match.ts';
import type { Instant } from '../instant.ts';
import type { AskedFor } from './task.ts';

/** A member of sales who may be given a task. */
export interface Taker {
  id: PersonId;
  role: string;
  /** Null takes every lead. */
  territory: FieldsCondition | null;
  /** ISO 3166-1 alpha-2: whose working hours are theirs; null is the agreement's own. */
  country: string | null;
  isCatchAll: boolean;
  /** Out of office at this moment. */
  isAway: boolean;
  /** Tasks that are theirs to do. */
  open: number;
  /** When they were given the last one. */
  lastAt: Instant | null;
}

/** Who knows the lead; each may be nobody. */
export interface Acquainted {
  /** Who owns its account. */
  owner: PersonId | null;
  /** Who had it the last time. */
  lastRep: PersonId | null;
}

/**
 * Chooses who does a task. For the owner: who owns the lead's account, or else had it last, if they are there; else, as
 * for a rep, somebody of its territory. Of several who are there the one with the fewest open tasks, and of these the
 * one who has waited longest. Nobody eligible: the catch-all owner.
 * @throws when there is no catch-all owner, which the database rules out
 */
export function takerOf(
  asked: AskedFor,
  fields: LeadFields,
  takers: readonly Taker[],
  { owner, lastRep }: Acquainted,
): Taker {
  const present = takers.filter(({ isAway }) => !isAway);
  const known = asked === 'owner' ? [owner, lastRep] : [];
  for (const id of known) {
    const person = present.find(taker => taker.id === id);
    if (person !== undefined) return person;
  }
  const wanted = asked === 'owner' ? 'rep' : asked;
  const [chosen] = present
    .filter(
      ({ role, territory }) => role === wanted && (territory === null || meets(fields, territory)),
    )
    .toSorted(
      (a, b) => a.open - b.open || (a.lastAt ?? 0) - (b.lastAt ?? 0) || (a.id < b.id ? -1 : 1),
    );
  const taker = chosen ?? takers.find(({ isCatchAll }) => isCatchAll);
  if (taker === undefined) throw new Error('There is no catch-all owner.');
  return taker;
}
