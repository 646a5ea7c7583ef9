import { catchUpMs, spreadOf } from '../calendar/send-window.ts';
import { plus, type Instant } from '../instant.ts';
import type { EndReason } from './decide.ts';
import type { EnrollmentFacts } from './facts.ts';

/** What ops asked for; `cancel` is what cancelling the workflow means. */
export type Verb = 'pause' | 'resume' | 'stop' | 'cancel';

/**
 * An enrollment after what ops asked for, in order, and why it ends if they asked for that. A pause
 * keeps what is left of the wait; a resume goes on from there, spread over a while, so that
 * resuming thousands sends no burst.
 */
export function obey<E extends EnrollmentFacts>(
  enrollment: E,
  verbs: readonly Verb[],
  at: Instant,
): { enrollment: E; ended: EndReason | null } {
  let current = enrollment;
  for (const verb of verbs) {
    switch (verb) {
      case 'pause':
        if (current.pausedAt === null)
          current = { ...current, pausedAt: at, remainingMs: Math.max(0, current.dueAt - at) };
        break;
      case 'resume':
        if (current.pausedAt !== null) {
          const spread = Math.floor(spreadOf(`${current.id}/resume`) * catchUpMs);
          const dueAt = plus(at, (current.remainingMs ?? 0) + spread);
          current = { ...current, pausedAt: null, remainingMs: null, dueAt };
        }
        break;
      case 'stop':
        return { enrollment: current, ended: 'stopped by ops' };
      case 'cancel':
        return { enrollment: current, ended: 'cancelled by ops' };
      default:
        return verb satisfies never;
    }
  }
  return { enrollment: current, ended: null };
}
