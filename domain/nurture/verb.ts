import { catchUpMs, spreadOf } from '../calendar/send-window.ts';
import { plus, type Instant } from '../instant.ts';
import type { EndReason } from './decide.ts';
import type { EnrollmentFacts } from './facts.ts';

/** What ops asked for; `cancel` is what cancelling the workflow means. */
export type Verb = 'pause' | 'resume' | 'stop' | 'cancel';

/**
 * An enrollment after what ops asked for, and why it ends if they asked for that. Of pauses and resumes
 * the last one counts: a workflow that is reset says again, at once, all that it was told since.
 */
export function obey<E extends EnrollmentFacts>(
  enrollment: E,
  verbs: readonly Verb[],
  at: Instant,
): { enrollment: E; ended: EndReason | null } {
  const wasHeld = enrollment.pausedAt !== null;
  let isHeld = wasHeld;
  for (const verb of verbs) {
    switch (verb) {
      case 'pause':
      case 'resume':
        isHeld = verb === 'pause';
        break;
      case 'stop':
        return { enrollment, ended: 'stopped by ops' };
      case 'cancel':
        return { enrollment, ended: 'cancelled by ops' };
      default:
        return verb satisfies never;
    }
  }
  if (isHeld === wasHeld) return { enrollment, ended: null };
  return { enrollment: isHeld ? paused(enrollment, at) : resumed(enrollment, at), ended: null };
}

/** Keeps what is left of the wait. */
function paused<E extends EnrollmentFacts>(enrollment: E, at: Instant): E {
  return { ...enrollment, pausedAt: at, remainingMs: Math.max(0, enrollment.dueAt - at) };
}

/** Goes on with what was left of the wait, spread over a while, so that resuming thousands sends no burst. */
function resumed<E extends EnrollmentFacts>(enrollment: E, at: Instant): E {
  const spread = Math.floor(spreadOf(`${enrollment.id}/resume`) * catchUpMs);
  const dueAt = plus(at, (enrollment.remainingMs ?? 0) + spread);
  return { ...enrollment, pausedAt: null, remainingMs: null, dueAt };
}
