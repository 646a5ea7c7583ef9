import type { AssignmentId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { ClockName, Watch } from './clock.ts';
import { hasEnded, type AnswerKind, type EscalationStatus } from './life.ts';
import type { AssignmentCause } from './routing.ts';

/** What is looked at to say which clocks of an escalation run. */
export interface Watched {
  state: EscalationStatus;
  acceptDueAt: Instant;
  contactDueAt: Instant;
  feedbackDueAt: Instant | null;
  owner: { country: string | null; isActive: boolean };
  assignment: { id: AssignmentId; at: Instant; cause: AssignmentCause };
  dispositions: readonly { seq: number; kind: AnswerKind }[];
  extensions: readonly { clock: ClockName; at: Instant }[];
  told: ReadonlySet<string>;
}

/** What the clocks of an escalation run by. */
export function watchOf(watched: Watched): Watch {
  const { assignment, owner, dispositions, extensions } = watched;
  const since = dispositions.findLast(({ kind }) => kind === 'contacted')?.seq ?? Infinity;
  return {
    state: hasEnded(watched) ? 'closed' : watched.state,
    assignment: {
      id: assignment.id,
      at: assignment.at,
      isLast: assignment.cause === 'manager' || assignment.cause === 'catch-all',
    },
    isOwnerActive: owner.isActive,
    country: owner.country,
    acceptDueAt: watched.acceptDueAt,
    contactDueAt: watched.contactDueAt,
    feedbackDueAt: watched.feedbackDueAt,
    hasFeedback: dispositions.some(({ kind, seq }) => kind === 'feedback' && seq > since),
    extended: extensions,
    told: watched.told,
  };
}
