import type { AgreementDocument } from '../agreement/schema.ts';
import type { PersonId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { LeadFields } from '../lead/fields.ts';
import { meets, type FieldsCondition } from '../lead/match.ts';

/** A member of sales as routing sees them. */
export interface Candidate {
  id: PersonId;
  /** Null takes every lead. */
  territory: FieldsCondition | null;
  /** Escalations within seven days; null is without limit. */
  capacity: number | null;
  /** Escalations they were assigned within the last seven days. */
  assigned: number;
  lastAssignedAt: Instant | null;
  /** ISO 3166-1 alpha-2: whose working hours and holidays are theirs; null is the agreement's own. */
  country: string | null;
  /** Reps are asked; others only own what nobody else can take. */
  isRep: boolean;
  isCatchAll: boolean;
}

export interface Route {
  person: PersonId;
  /** Why this person, for the record. */
  reason: string;
}

/** Reps of whom nobody said how many leads they can work have the room that the agreement gives to all. */
export function withAgreedCapacity(
  candidates: readonly Candidate[],
  { routing }: AgreementDocument,
): Candidate[] {
  const agreed = routing?.capacity_per_rep ?? null;
  return candidates.map(candidate =>
    candidate.isRep ? { ...candidate, capacity: candidate.capacity ?? agreed } : candidate,
  );
}

/**
 * Chooses who takes a lead: reps of its territory who have room, least recently assigned first. When
 * nobody is eligible the catch-all owner takes it, and the reason says who was out and why.
 * @throws when there is no catch-all owner, which the database rules out
 */
export function route(fields: LeadFields, candidates: readonly Candidate[]): Route {
  const reps = candidates.filter(({ isRep }) => isRep);
  const inTerritory = reps.filter(
    ({ territory }) => territory === null || meets(fields, territory),
  );
  const eligible = inTerritory.filter(
    ({ capacity, assigned }) => capacity === null || assigned < capacity,
  );
  const [chosen] = eligible.toSorted(
    (a, b) => (a.lastAssignedAt ?? 0) - (b.lastAssignedAt ?? 0) || (a.id < b.id ? -1 : 1),
  );
  if (chosen !== undefined)
    return { person: chosen.id, reason: 'in territory, with room, longest without a lead' };
  const catchAll = candidates.find(({ isCatchAll }) => isCatchAll);
  if (catchAll === undefined) throw new Error('There is no catch-all owner.');
  const full = inTerritory.length;
  const outside = reps.length - full;
  return {
    person: catchAll.id,
    reason: `nobody eligible: ${full} at capacity, ${outside} of another territory; goes to the catch-all owner`,
  };
}
