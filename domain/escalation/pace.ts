import type { LeadId, PersonId } from '../ids.ts';
import type { LeadFields } from '../lead/fields.ts';
import { meets } from '../lead/match.ts';
import type { Candidate } from './routing.ts';

/** A lead that a new agreement alone made sales' to work. */
export interface WaitingLead {
  id: LeadId;
  fields: LeadFields;
}

/** A member of sales, and how many leads they were given today. */
export interface Busy extends Candidate {
  today: number;
}

/**
 * Which of the waiting leads go to sales today, so that nobody is flooded: a rep takes a working day's share
 * of what they can take in a week, whatever else came in counted; the catch-all owner, for leads of nobody's
 * territory, as many as the rep with most room. Reps without limit take all.
 * @param waiting in the order in which they are let through
 * @param workingDays of a week, 1 to 7
 */
export function letThrough(
  waiting: readonly WaitingLead[],
  candidates: readonly Busy[],
  workingDays: number,
): LeadId[] {
  const taken = new Map<PersonId, number>();
  const share = ({ capacity }: Candidate) =>
    capacity === null ? Infinity : Math.ceil(capacity / workingDays);
  const reps = candidates.filter(({ isRep }) => isRep);
  const catchAll = candidates.filter(({ isCatchAll }) => isCatchAll);
  const most = Math.max(...reps.map(share), 1);
  const hasRoom = (person: Busy, daily: number) => {
    const more = taken.get(person.id) ?? 0;
    const inWeek = person.capacity === null || person.assigned + more < person.capacity;
    return inWeek && person.today + more < daily;
  };
  const load = (person: Busy) => person.today + (taken.get(person.id) ?? 0);
  return waiting.flatMap(({ id, fields }) => {
    const own = reps.filter(({ territory }) => territory === null || meets(fields, territory));
    const free =
      own.length > 0
        ? own.filter(rep => hasRoom(rep, share(rep)))
        : catchAll.filter(person => hasRoom(person, most));
    const [next] = free.toSorted((a, b) => load(a) - load(b));
    if (next === undefined) return [];
    taken.set(next.id, (taken.get(next.id) ?? 0) + 1);
    return [id];
  });
}
