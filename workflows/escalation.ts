import type { EscalationId } from '../domain/ids.ts';
import type { Next } from '../domain/nurture/next.ts';
import { escalationTurn } from './activities.ts';
import { goOnAfresh, isLong } from './continue.ts';
import { Nudges } from './nudges.ts';
import { shiftOf } from './shift.ts';
import { Shown } from './shown.ts';

export interface EscalationInput {
  escalation: EscalationId;
}

/**
 * One crossing, with a rep: tell the owner, wait for the answer, and do what the answer asks for. Only
 * an answer ends it; a cancelled or terminated run is started again.
 */
export async function escalation({ escalation: id }: EscalationInput): Promise<void> {
  const shift = shiftOf();
  const nudges = new Nudges(shift);
  const shown = new Shown();
  let next: Next = await escalationTurn({ escalation: id, shift });
  while (next.kind === 'wait') {
    shown.show(next);
    if (isLong()) return goOnAfresh<typeof escalation>({ escalation: id });
    await nudges.arriveBefore(next.until, 'look again');
    nudges.take();
    next = await escalationTurn({ escalation: id, shift });
  }
  shown.show(next);
}
