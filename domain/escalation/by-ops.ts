import type { PersonId } from '../ids.ts';
import type { Instant } from '../instant.ts';

/** What ops say of an escalation, by an update of its workflow. */
export type OpsSaid =
  { verb: 'reassign'; to: PersonId } | { verb: 'extend'; until: Instant } | { verb: 'close' };

/** How many leads somebody was given within seven days, and how many they take. */
export interface Load {
  assigned: number;
  capacity: number;
}

/** Why what ops said was not done, in words that end a sentence. */
export type OpsRefusal =
  | 'it has ended already'
  | 'there is no such person'
  | 'this person has left'
  | 'this person is not of sales'
  | 'it is theirs already'
  | 'the moment is past'
  | 'the moment is more than a year away'
  | 'it is not due before then'
  | 'no clock runs that could be extended'
  | 'sales has no manager who could close it';

/**
 * What became of what ops said. These values stand in histories for months, so a field is only ever added, and none
 * is personal.
 */
export type OpsOutcome =
  | {
      done: true;
      /** Of a reassignment to somebody who has more than they take; null when they have room. */
      over: Load | null;
    }
  | { done: false; why: OpsRefusal };
