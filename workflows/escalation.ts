import { allHandlersFinished, CancellationScope, condition } from '@temporalio/workflow';
import type { EscalationId } from '../domain/ids.ts';
import type { Next } from '../domain/nurture/next.ts';
import { escalationTurn } from './activities.ts';
import { hearOps } from './by-ops.ts';
import { goOnAfresh, isLong } from './continue.ts';
import { Nudges } from './nudges.ts';
import { shiftOf } from './shift.ts';
import { Shown } from './shown.ts';

export interface EscalationInput {
  escalation: EscalationId;
}

/**
 * One crossing, with a rep: tell the owner, wait for the answer, and do what the answer asks for. Only
 * an answer ends it; a cancelled or terminated run is started again. Ops may give it to somebody else, give more time,
 * or close it.
 */
export async function escalation({ escalation: id }: EscalationInput): Promise<void> {
  const shift = shiftOf();
  const nudges = new Nudges(shift);
  hearOps(id, shift, nudges);
  const shown = new Shown();
  try {
    let next: Next = await escalationTurn({ escalation: id, shift });
    while (next.kind === 'wait') {
      shown.show(next);
      if (isLong()) return await goOnAfresh<typeof escalation>({ escalation: id });
      await nudges.arriveBefore(next.until, 'look again');
      nudges.take();
      next = await escalationTurn({ escalation: id, shift });
    }
    shown.show(next);
  } finally {
    // Whoever asked for something is answered, however this run ends.
    await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
  }
}
