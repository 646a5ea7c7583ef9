import { CancellationScope, isCancellation, setCurrentDetails } from '@temporalio/workflow';
import type { HookId } from '../domain/ids.ts';
import { deliverHook, giveUpOnHook } from './activities.ts';
import { shiftOf } from './shift.ts';

export interface HookInput {
  hook: HookId;
}

/**
 * One transition that another system is told of: tried again, ever more seldom, until it was taken or three days are
 * over. Cancelled by ops, it is given up on.
 */
export async function hook({ hook: id }: HookInput): Promise<void> {
  const where = { hook: id, shift: shiftOf() };
  try {
    setCurrentDetails(await deliverHook(where));
  } catch (error) {
    const isCancelled = isCancellation(error);
    await CancellationScope.nonCancellable(() => giveUpOnHook({ ...where, isCancelled }));
    setCurrentDetails('Given up on; `npx lockstep ops hooks --replay` tries it again.');
    if (isCancelled) throw error;
  }
}
