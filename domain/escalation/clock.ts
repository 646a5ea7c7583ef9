import type { AgreementDocument } from '../agreement/schema.ts';
import { shareOfWorkingTime } from '../calendar/share.ts';
import { openingsAfter } from '../calendar/week.ts';
import { afterWorkingTime } from '../calendar/working-time.ts';
import type { AssignmentId } from '../ids.ts';
import { earliest, hour, plus, type Instant } from '../instant.ts';
import { workingWeek } from './due.ts';
import { isOpenState, type EscalationStatus } from './life.ts';

/** Share of the time that sales has, after which a rep is warned. */
const warnAfter = 0.8;
/** How often an escalation goes to another rep because nobody answered; then it is the manager's. */
export const mostReassignments = 3;

/** What the clocks of an escalation run by. */
export interface Watch {
  state: EscalationStatus;
  assignment: {
    id: AssignmentId;
    at: Instant;
    /** Whether it is a manager's to decide: no clock of a rep runs. */
    isLast: boolean;
  };
  /** Whether the owner still works here. */
  isOwnerActive: boolean;
  /** ISO 3166-1 alpha-2: whose working hours are the owner's; null is the agreement's own. */
  country: string | null;
  acceptDueAt: Instant;
  contactDueAt: Instant;
  /** Null until the lead was contacted. */
  feedbackDueAt: Instant | null;
  hasFeedback: boolean;
  /** When ops gave more time, and on which clock. */
  extended: readonly { clock: ClockName; at: Instant }[];
  /** Keys of what was told already. */
  told: ReadonlySet<string>;
}

/** Which of the agreed times it is about. */
export type ClockName = 'answer' | 'contact' | 'feedback';

/** What somebody is told about a clock, once. */
export interface Notice {
  /** Unique: of this kind to this assignment. */
  key: string;
  clock: ClockName;
  /** The owner is warned while there is time; the manager is told when there is none. */
  to: 'owner' | 'manager';
  dueAt: Instant;
}

/** What an escalation asks for now. */
export type Step =
  | { kind: 'tell'; notice: Notice }
  | { kind: 'reassign'; why: 'overdue' | 'left' }
  /** Its time has come to find somebody who has room. */
  | { kind: 'place' }
  | { kind: 'wait'; until: Instant | null };

/** What is due at a moment, or when something will be. The same watch at the same moment asks for the same. */
export function stepOf(watch: Watch, agreement: AgreementDocument, at: Instant): Step {
  const { state, assignment } = watch;
  if (!isOpenState(state)) return { kind: 'wait', until: null };
  if (!watch.isOwnerActive) return { kind: 'reassign', why: 'left' };
  if (state === 'queued') {
    const opens = nextOpening(assignment.at, agreement);
    return opens <= at ? { kind: 'place' } : { kind: 'wait', until: opens };
  }
  const clock = clockOf(watch, agreement);
  if (clock === null) return { kind: 'wait', until: null };
  const { name, warnAt, dueAt } = clock;
  const warning = noticeOf(name, 'owner', assignment.id, dueAt);
  const overdue = noticeOf(name, 'manager', assignment.id, dueAt);
  if (at >= dueAt && !watch.told.has(overdue.key)) return { kind: 'tell', notice: overdue };
  if (at >= dueAt && name === 'answer') return { kind: 'reassign', why: 'overdue' };
  if (at >= warnAt && at < dueAt && !watch.told.has(warning.key))
    return { kind: 'tell', notice: warning };
  return { kind: 'wait', until: earliest(...[warnAt, dueAt].filter(moment => moment > at)) };
}

/** A clock that runs. */
interface Clock {
  name: ClockName;
  /** By when its owner is to have done it. */
  promisedAt: Instant;
  warnAt: Instant;
  /** When the manager hears that it was not done. */
  dueAt: Instant;
}

/** The clock that runs, if one does. */
export function clockOf(watch: Watch, agreement: AgreementDocument): Clock | null {
  if (watch.assignment.isLast) return null;
  const week = workingWeek(agreement, watch.country);
  const ordinary = (name: ClockName, dueAt: Instant): Clock => {
    // Who was given more time is warned by what they have from then on, not in the same breath.
    const given = watch.extended.filter(({ clock }) => clock === name).map(({ at }) => at);
    const from = Math.max(watch.assignment.at, ...given) as Instant;
    const warnAt = shareOfWorkingTime(from, dueAt, warnAfter, week);
    return { name, promisedAt: dueAt, warnAt, dueAt };
  };
  switch (watch.state) {
    case 'assigned':
      return ordinary('answer', watch.acceptDueAt);
    case 'accepted':
      return ordinary('contact', watch.contactDueAt);
    case 'contacted': {
      const promisedAt = watch.feedbackDueAt;
      if (promisedAt === null || watch.hasFeedback) return null;
      // A rep is reminded when it is due; a working day later the manager hears of it.
      const dueAt = afterWorkingTime(promisedAt, { unit: 'day', count: 1 }, week);
      return { name: 'feedback', promisedAt, warnAt: promisedAt, dueAt };
    }
    default:
      return null;
  }
}

function noticeOf(
  clock: ClockName,
  to: Notice['to'],
  assignment: AssignmentId,
  dueAt: Instant,
): Notice {
  // Of another due moment it is another: ops may have given more time.
  return { key: `${clock}/${to}/${assignment}/${dueAt}`, clock, to, dueAt };
}

/** When sales opens next after a moment; the agreement's own hours. */
export function nextOpening(after: Instant, agreement: AgreementDocument): Instant {
  for (const { from } of openingsAfter(after, workingWeek(agreement, null)))
    if (from > after) return from;
  return plus(after, 24 * hour);
}
