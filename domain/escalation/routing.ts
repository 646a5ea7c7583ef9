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
  /** Out of office at the moment of routing. */
  isAway: boolean;
}

/** Why somebody was asked: by the rules, or because of something that happened to whom was asked before. */
export type AssignmentCause =
  | 'routed'
  /** All who could take it have no room; the catch-all owner keeps it until somebody has. */
  | 'queued'
  /** It is nobody's territory. */
  | 'catch-all'
  /** Whom it was assigned to did not answer in time. */
  | 'overdue'
  /** Whom it was assigned to does not work here any more. */
  | 'left'
  /** Nobody else is left to ask. */
  | 'manager'
  /** They took it themselves: out of nurture, or from whoever had it. */
  | 'taken over'
  | 'ops';

export interface Route {
  person: PersonId;
  cause: AssignmentCause;
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

/** Who knows a lead already; each may be nobody. */
export interface Ties {
  /** Who owns the account. */
  owner: PersonId | null;
  /** Who has an open escalation of a colleague. */
  colleagueRep: PersonId | null;
  /** Who had this lead the last time. */
  lastRep: PersonId | null;
}

const noTies: Ties = { owner: null, colleagueRep: null, lastRep: null };

/**
 * Chooses who takes a lead. First who knows it, if they are there and have room: the account's owner, whoever has
 * a colleague, whoever had it before. Then reps of its territory who are there and have room, the one who has
 * waited longest first. Where all of them are away or full it waits for them with the catch-all owner; where there
 * is none of them it is the catch-all owner's.
 * @throws when there is no catch-all owner, which the database rules out
 */
export function route(
  fields: LeadFields,
  candidates: readonly Candidate[],
  ties: Ties = noTies,
): Route {
  const chosen = choose(fields, candidates, ties);
  return { ...chosen, reason: `${chosen.reason}${joiningReason(chosen, ties)}` };
}

/** The reason of whoever is asked for a lead's colleague. */
const hasColleague = 'has a colleague of this lead';

/** A lead that joins a colleague is told of as one, also in the record. */
function joiningReason({ person, reason }: Route, { colleagueRep }: Ties): string {
  if (colleagueRep === null) return '';
  if (person !== colleagueRep) return '; joins a colleague who is with somebody else';
  return reason === hasColleague ? ', whom it joins' : '; joins a colleague who is with them';
}

function choose(fields: LeadFields, candidates: readonly Candidate[], ties: Ties): Route {
  const isFree = ({ capacity, assigned, isAway }: Candidate) =>
    !isAway && (capacity === null || assigned < capacity);
  const known = [
    [ties.owner, 'owns the account'],
    [ties.colleagueRep, hasColleague],
    [ties.lastRep, 'had this lead before'],
  ] as const;
  for (const [id, reason] of known) {
    const person = candidates.find(candidate => candidate.id === id && candidate.isRep);
    if (person !== undefined && isFree(person))
      return { person: person.id, cause: 'routed', reason };
  }
  const reps = candidates.filter(({ isRep }) => isRep);
  const inTerritory = reps.filter(
    ({ territory }) => territory === null || meets(fields, territory),
  );
  const [chosen] = inTerritory
    .filter(isFree)
    .toSorted(
      (a, b) => (a.lastAssignedAt ?? 0) - (b.lastAssignedAt ?? 0) || (a.id < b.id ? -1 : 1),
    );
  if (chosen !== undefined)
    return {
      person: chosen.id,
      cause: 'routed',
      reason: 'in territory, with room, longest without a lead',
    };
  const catchAll = candidates.find(({ isCatchAll }) => isCatchAll);
  if (catchAll === undefined) throw new Error('There is no catch-all owner.');
  const away = inTerritory.filter(({ isAway }) => isAway).length;
  const full = inTerritory.length - away;
  const outside = reps.length - inTerritory.length;
  const who = `${full} at capacity, ${away} away, ${outside} of another territory`;
  return inTerritory.length > 0
    ? {
        person: catchAll.id,
        cause: 'queued',
        reason: `nobody eligible: ${who}; waits with the catch-all owner until somebody has room`,
      }
    : {
        person: catchAll.id,
        cause: 'catch-all',
        reason: `nobody eligible: ${who}; goes to the catch-all owner`,
      };
}

/**
 * Who is asked next when whoever was asked does not answer or is gone; the catch-all owner when nobody else is
 * left, or enough were asked.
 * @param asked everybody who was asked before
 */
export function routeOn(
  fields: LeadFields,
  candidates: readonly Candidate[],
  asked: ReadonlySet<PersonId>,
  why: 'overdue' | 'left',
  isEnough: boolean,
): Route {
  const others = candidates.filter(({ id, isCatchAll }) => isCatchAll || !asked.has(id));
  const next = route(fields, others);
  if (!isEnough && next.cause === 'routed')
    return { ...next, cause: why, reason: `${reasons[why]}; ${next.reason}` };
  const catchAll = candidates.find(({ isCatchAll }) => isCatchAll);
  if (catchAll === undefined) throw new Error('There is no catch-all owner.');
  const nobody = isEnough ? 'enough reps were asked' : next.reason;
  return { person: catchAll.id, cause: 'manager', reason: `${reasons[why]}; ${nobody}` };
}

const reasons = {
  overdue: 'nobody answered in time',
  left: 'who had it does not take leads any more',
} as const;
