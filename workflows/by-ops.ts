import {
  ApplicationFailure,
  CancellationScope,
  currentUpdateInfo,
  setHandler,
} from '@temporalio/workflow';
import type { OpsOutcome, OpsSaid } from '../domain/escalation/by-ops.ts';
import type { EscalationId } from '../domain/ids.ts';
import { byOps } from './activities.ts';
import { close, extend, reassign } from './messages.ts';
import type { Nudges } from './nudges.ts';

/** Has an escalation do what ops say, and look again then. To be called before it waits for anything. */
export function hearOps(escalation: EscalationId, shift: number, nudges: Nudges): void {
  // Once begun it is done, also when the workflow is cancelled meanwhile.
  const hear = (said: OpsSaid): Promise<OpsOutcome> =>
    CancellationScope.nonCancellable(async () => {
      const updateId = currentUpdateInfo()?.id ?? '';
      const outcome = await byOps({ escalation, shift, updateId, said });
      // Also when it was refused: what ended it may not have been looked at yet.
      void nudges.lookAgain();
      return outcome;
    });
  setHandler(reassign, ({ to }) => hear({ verb: 'reassign', to }), {
    validator: mustNamePerson,
    description: 'give it to somebody else: {"to": "<id of the person>"}',
  });
  setHandler(extend, ({ until }) => hear({ verb: 'extend', until }), {
    validator: mustNameMoment,
    description: 'give more time for what is due: {"until": <milliseconds since 1970>}',
  });
  setHandler(close, () => hear({ verb: 'close' }), {
    description: 'close it unworked, in the name of the manager of sales',
  });
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** The last moment that a date can be, in milliseconds. */
const lastMoment = 8.64e15;

function mustNamePerson(given: unknown): void {
  const to = fieldOf(given, 'to');
  if (typeof to === 'string' && uuid.test(to)) return;
  throw badInput(
    '"to" is missing or no id of a person; `lockstep people list --json` tells the ids',
  );
}

function mustNameMoment(given: unknown): void {
  const until = fieldOf(given, 'until');
  if (typeof until === 'number' && Number.isInteger(until) && Math.abs(until) <= lastMoment) return;
  throw badInput('"until" is missing or no moment: a whole number of milliseconds since 1970');
}

function fieldOf(given: unknown, name: string): unknown {
  return typeof given === 'object' && given !== null ? Reflect.get(given, name) : undefined;
}

function badInput(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'bad-input');
}
