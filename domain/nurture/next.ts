import type { Grade } from '../agreement/grade.ts';
import type { Bands } from '../agreement/score.ts';
import type { ClockName } from '../escalation/clock.ts';
import type { EscalationStatus } from '../escalation/life.ts';
import type { AssignmentCause } from '../escalation/routing.ts';
import type { EnrollmentId, EscalationId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { EndReason, Stage } from './decide.ts';
import type { WaitedTask } from './tasks.ts';

/**
 * What a turn tells its workflow. These values stand in histories for months, so a field is only
 * ever added, a new `kind` only with a new version of the union, and no value is personal.
 */
export type Next =
  | {
      v: 1;
      kind: 'wait';
      until: Instant | null;
      then: 'turn' | 'deliver';
      standing: Standing;
    }
  | { v: 1; kind: 'escalated'; escalation: EscalationId; standing: Standing }
  | { v: 1; kind: 'enrolled'; enrollment: EnrollmentId; standing: Standing }
  | { v: 1; kind: 'resting'; why: string; standing: Standing }
  | { v: 1; kind: 'ended'; reason: EndReason; standing: Standing };

/** Where a lead stands, as ops read it in the Temporal UI. */
export interface Standing {
  grade: Grade;
  bands: Bands;
  /** Hundredths. */
  fit: number;
  engagement: number;
  stage: Stage | 'escalated' | 'resting';
  /** Name and version, such as `c-nurture v3`; null outside a sequence. */
  sequence: string | null;
  segment: string | null;
  /** The mail that comes next, and when. */
  mail: { name: string; at: Instant } | null;
  /** What the grade becomes if nothing happens. */
  change: { at: Instant; to: Grade } | null;
  /** Why its next mail waits for somebody. */
  blocked: string | null;
  /** What it waits for a person to do; of whom the id. */
  task?: WaitedTask;
  /** The owner's id, while a rep has the lead. */
  rep: string | null;
  /** How its escalation stands, while a rep has the lead. */
  sales?: SalesStanding;
}

/** How an escalation stands, as ops read it. */
export interface SalesStanding {
  state: EscalationStatus;
  /** Who has it is the n-th who was asked, and why. */
  asked: number;
  cause: AssignmentCause;
  /** What its owner is to do, and by when; null when nothing is due. */
  due: { clock: ClockName; at: Instant } | null;
  /** How often ops gave more time. */
  extended: number;
}
