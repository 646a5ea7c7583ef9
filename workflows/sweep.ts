import { sweep as sweepOnce } from './activities.ts';
import { shiftOf } from './shift.ts';

/** Finds what fell between a write and its workflow, and sets it going again. Runs on a schedule. */
export async function sweep(): Promise<void> {
  await sweepOnce({ shift: shiftOf() });
}
