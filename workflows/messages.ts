import { defineSignal } from '@temporalio/workflow';

/** A nudge: something about the lead changed, look again. It carries nothing. */
export const engaged = defineSignal('engaged');

/** What ops say, by hand in the Temporal UI, in a batch, or through `lockstep ops`. */
export const pause = defineSignal('pause');
export const resume = defineSignal('resume');
export const stop = defineSignal('stop');
