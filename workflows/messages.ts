import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { OpsOutcome } from '../domain/escalation/by-ops.ts';
import type { PersonId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';

/** A nudge: something about the lead changed, look again. It carries nothing. */
export const engaged = defineSignal('engaged');

/** What ops say, by hand in the Temporal UI, in a batch, or through `lockstep ops`. */
export const pause = defineSignal('pause');
export const resume = defineSignal('resume');
export const stop = defineSignal('stop');

/** What ops ask of an escalation, and are answered; through `lockstep ops`, or in the Temporal UI. */
export const reassign = defineUpdate<OpsOutcome, [{ to: PersonId }]>('reassign');
export const extend = defineUpdate<OpsOutcome, [{ until: Instant }]>('extend');
export const close = defineUpdate<OpsOutcome>('close');
