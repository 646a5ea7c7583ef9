import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import proto from '@temporalio/proto';
import type { Verb } from '../domain/nurture/verb.ts';
import { idle } from '../engine/virtual-time.ts';
import type { App } from './app.ts';

const {
  BatchOperationState: { BATCH_OPERATION_STATE_RUNNING },
  ResetReapplyExcludeType: { RESET_REAPPLY_EXCLUDE_TYPE_SIGNAL },
  WorkflowExecutionStatus,
} = proto.temporal.api.enums.v1;

/** Whatever has Temporal's client: a namespace of a test, or an installation. */
type Ops = Pick<App, 'client'>;

/*
 * What ops do in the Temporal UI, by the calls that the UI makes.
 */

export async function terminate({ client }: Ops, workflowId: string): Promise<void> {
  await client.workflowService.terminateWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId },
    reason: 'ops try it',
  });
}

export async function cancel({ client }: Ops, workflowId: string): Promise<void> {
  await client.workflowService.requestCancelWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId },
    requestId: randomUUID(),
  });
}

export async function signal({ client }: Ops, workflowId: string, verb: Verb): Promise<void> {
  await client.workflowService.signalWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId },
    signalName: verb,
    input: { payloads: [] },
    requestId: randomUUID(),
  });
}

/** One run of a workflow. */
export interface Run {
  workflowId: string;
  runId: string;
}

/** The run that a workflow is in, or was in last. */
export async function currentRun({ client }: Ops, workflowId: string): Promise<Run> {
  const { runId } = await client.workflow.getHandle(workflowId).describe();
  return { workflowId, runId };
}

/** The events that a run can be reset to: each moment at which it had decided what comes next. */
export async function resetPoints({ client }: Ops, { workflowId, runId }: Run): Promise<number[]> {
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  return (events ?? [])
    .filter(event => event.workflowTaskCompletedEventAttributes)
    .map(({ eventId }) => Number(eventId));
}

/**
 * Resets a run to an event, and waits until the new run rests.
 * @param withSignals whether what it was told since is said again, as it is unless ops choose otherwise
 */
export async function reset(
  { client }: Ops,
  { workflowId, runId }: Run,
  eventId: number,
  withSignals = true,
): Promise<Run> {
  const made = await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId, runId },
    reason: 'ops try it',
    workflowTaskFinishEventId: eventId as never,
    requestId: randomUUID(),
    resetReapplyExcludeTypes: withSignals ? [] : [RESET_REAPPLY_EXCLUDE_TYPE_SIGNAL],
  });
  await idle(client, workflowId);
  return { workflowId, runId: made.runId };
}

type Operation = Pick<
  Parameters<App['client']['workflowService']['startBatchOperation']>[0],
  'signalOperation' | 'terminationOperation' | 'cancellationOperation' | 'resetOperation'
>;

/** Does something to every workflow that a query finds, and waits until that is done. */
export async function batch(
  { client }: Ops,
  visibilityQuery: string,
  operation: Operation,
): Promise<{ done: number }> {
  const { namespace } = client.options;
  const jobId = randomUUID();
  const request = { namespace, jobId, visibilityQuery, reason: 'ops try it', ...operation };
  await client.workflowService.startBatchOperation(request);
  for (;;) {
    const job = await client.workflowService.describeBatchOperation({ namespace, jobId });
    if (job.state !== BATCH_OPERATION_STATE_RUNNING)
      return { done: Number(job.completeOperationCount) };
    await sleep(100);
  }
}

/** How a workflow stands, such as `RUNNING` or `CANCELED`; null when there is none. */
export async function statusOf({ client }: Ops, workflowId: string): Promise<string | null> {
  const { namespace } = client.options;
  try {
    const { workflowExecutionInfo } = await client.workflowService.describeWorkflowExecution({
      namespace,
      execution: { workflowId },
    });
    const status = WorkflowExecutionStatus[workflowExecutionInfo?.status ?? 0];
    return status?.replace('WORKFLOW_EXECUTION_STATUS_', '') ?? null;
  } catch (error) {
    if ((error as { code?: number }).code === 5) return null;
    throw error;
  }
}

/** Sweeps once, at the clock's time. */
export async function sweep({ client, clock }: App): Promise<void> {
  const shift = clock.shift();
  await client.workflow.execute('sweep', {
    taskQueue: 'lockstep',
    workflowId: `sweep-${randomUUID()}`,
    args: [],
    ...(shift === 0 ? {} : { memo: { shift } }),
  });
}

/** Sweeps until something is as it should be: visibility, by which the sweep goes, is a moment behind. */
export async function sweepUntil(app: App, isSo: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    await sweep(app);
    if (await isSo()) return;
    await sleep(200);
  }
  throw new Error('Fifty sweeps did not bring it about.');
}
