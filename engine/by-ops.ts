import {
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
} from '@temporalio/client';
import type { OpsOutcome, OpsSaid } from '../domain/escalation/by-ops.ts';
import type { EscalationId } from '../domain/ids.ts';
import { close, extend, reassign } from '../workflows/messages.ts';

/** How long a worker may take to answer, in milliseconds. */
const patienceMs = 30_000;

/** An update was not answered, or failed; the message says what to do. */
class UpdateError extends Error {
  override readonly name = 'UpdateError';
}

/**
 * Has the workflow of an escalation do what ops say, and waits for its answer.
 * @returns null when no such workflow runs: it has ended, or the sweep has yet to start it again
 * @throws UpdateError
 */
export async function sayToEscalation(
  client: Client,
  escalation: EscalationId,
  said: OpsSaid,
): Promise<OpsOutcome | null> {
  try {
    return await client.withDeadline(Date.now() + patienceMs, () =>
      update(client, escalation, said),
    );
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError)
      throw new UpdateError(
        `Nobody answered within ${patienceMs / 1_000} s; is a worker running? It may be done yet: look before you say it again.`,
      );
    if (error instanceof WorkflowUpdateFailedError)
      throw new UpdateError(
        `The workflow escalation/${escalation} could not do it: ${error.cause?.message ?? 'it says no more'}.`,
      );
    throw error;
  }
}

function update(client: Client, escalation: EscalationId, said: OpsSaid): Promise<OpsOutcome> {
  const handle = client.workflow.getHandle(`escalation/${escalation}`);
  switch (said.verb) {
    case 'reassign':
      return handle.executeUpdate(reassign, { args: [{ to: said.to }] });
    case 'extend':
      return handle.executeUpdate(extend, { args: [{ until: said.until }] });
    case 'close':
      return handle.executeUpdate(close);
    default:
      return said satisfies never;
  }
}
