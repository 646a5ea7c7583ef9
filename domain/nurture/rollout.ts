import type { LeadId } from '../ids.ts';
import type { Instant } from '../instant.ts';

/**
 * What a turn of an activation tells its workflow. These values stand in histories, so a field is only ever
 * added, and none is personal.
 */
export type Rollout = { v: 1; counts: RolloutCounts } & (
  | { kind: 'grading' | 'telling'; last: LeadId }
  /** All have their grade; those that must look have to be told. */
  | { kind: 'graded' }
  /** Some wait for a rep. */
  | { kind: 'pacing'; until: Instant; waiting: number }
  | { kind: 'ended'; why: 'done' | 'another agreement is in force' }
);

/** How far it has come. */
export interface RolloutCounts {
  version: number;
  total: number;
  looked: number;
  changed: number;
  crossed: number;
  released: number;
}
