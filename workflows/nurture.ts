import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { EnrollmentId, LeadId } from '../domain/ids.ts';
import type { Next } from '../domain/nurture/next.ts';
import type { Verb } from '../domain/nurture/verb.ts';
import { deliver, turn } from './activities.ts';
import { goOnAfresh, isLong } from './continue.ts';
import { Nudges } from './nudges.ts';
import { shiftOf } from './shift.ts';
import { Shown } from './shown.ts';

export interface NurtureInput {
  enrollment: EnrollmentId;
  lead: LeadId;
  /** What was decided before this run began, so that it is not decided again. */
  next?: Next;
  /** What ops said to the run before that it could not tell a turn any more. */
  verbs?: Verb[];
}

/**
 * One lead in one sequence: wait for what is due, send it, wait for the next, until the lead crosses
 * to sales, leaves, or has had everything. Whatever the lead does interrupts any wait.
 */
export async function nurture({
  enrollment,
  lead,
  next: first,
  verbs = [],
}: NurtureInput): Promise<void> {
  const shift = shiftOf();
  const where = { enrollment, lead, shift };
  const nudges = new Nudges(shift);
  const shown = new Shown();
  try {
    let next = first ?? (await turn({ ...where, verbs }));
    while (next.kind === 'wait') {
      shown.show(next);
      if (isLong())
        return await goOnAfresh<typeof nurture>({
          enrollment,
          lead,
          ...(nudges.isWaiting ? { verbs: nudges.take() } : { next }),
        });
      const summary = summaryOf(next);
      const nudged = await nudges.arriveBefore(next.until, summary);
      const delivered: Next | null =
        nudged || next.then === 'turn'
          ? null
          : await nudges.mayWithdraw(() => deliver.executeWithOptions({ summary }, [where]));
      next = delivered ?? (await turn({ ...where, verbs: nudges.take() }));
    }
    shown.show(next);
  } catch (error) {
    if (!isCancellation(error)) throw error;
    // Cancelled by ops: the lead leaves the sequence, and the record says who made it leave.
    await CancellationScope.nonCancellable(async () => {
      shown.show(await turn({ ...where, verbs: ['cancel'] }));
    });
    throw error;
  }
}

function summaryOf({ then, standing }: Extract<Next, { kind: 'wait' }>): string {
  if (then === 'deliver') return `mail ${standing.mail?.name ?? ''}`;
  if (standing.task !== undefined) return `task ${standing.task.name}`;
  return standing.change === null ? 'look again' : `grade ${standing.change.to}`;
}
