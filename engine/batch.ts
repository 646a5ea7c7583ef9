import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';

const { BATCH_OPERATION_STATE_RUNNING, BATCH_OPERATION_STATE_FAILED } =
  proto.temporal.api.enums.v1.BatchOperationState;

/** Search attributes and the values they must have; undefined asks for nothing. */
export type Filter = Readonly<Record<string, string | undefined>>;

/** A batch came to no good end; the message says where to look. */
class BatchError extends Error {
  override readonly name = 'BatchError';
}

/** The query of all open nurture workflows that match. */
function nurtureQuery(filter: Filter): string {
  const conditions = Object.entries(filter)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, value]) => `${name} = "${value.replace(/["\\]/g, '\\$&')}"`);
  return [`WorkflowType = "nurture"`, `ExecutionStatus = "Running"`, ...conditions].join(' AND ');
}

/**
 * How many open nurture workflows match, as far as visibility knows: it is written a moment after the
 * workflows.
 */
export async function countMatching(client: Client, filter: Filter): Promise<number> {
  return (await client.workflow.count(nurtureQuery(filter))).count;
}

/**
 * Sends a signal to every open nurture workflow that matches, as one batch of the server, which goes
 * on by itself should this process end. Waits its turn while another batch is under way.
 * @param onProgress is told the share that is done, from 0 to 1
 * @returns how many were told; one that ended meanwhile was not
 * @throws BatchError
 */
export async function signalMatching(
  client: Client,
  signal: string,
  filter: Filter,
  onProgress: (share: number) => void,
): Promise<number> {
  const { namespace } = client.options;
  const jobId = `${signal}-${randomUUID()}`;
  await startInTurn(client, {
    namespace,
    jobId,
    visibilityQuery: nurtureQuery(filter),
    reason: `ops: ${signal}`,
    signalOperation: { signal },
  });
  for (;;) {
    const batch = await client.workflowService.describeBatchOperation({ namespace, jobId });
    const told = Number(batch.completeOperationCount);
    const total = Number(batch.totalOperationCount) || 1;
    onProgress((told + Number(batch.failureOperationCount)) / total);
    if (batch.state === BATCH_OPERATION_STATE_FAILED)
      throw new BatchError(`The batch failed. The Temporal UI says why, under Batch: ${jobId}.`);
    if (batch.state !== BATCH_OPERATION_STATE_RUNNING) return told;
    await sleep(200);
  }
}

type BatchRequest = Parameters<Client['workflowService']['startBatchOperation']>[0];

/** A cluster runs as many batches of a namespace at once as it is set up to; ordinarily one. */
async function startInTurn({ workflowService }: Client, request: BatchRequest): Promise<void> {
  for (;;) {
    try {
      await workflowService.startBatchOperation(request);
      return;
    } catch (error) {
      // The client has tried for half a minute or so by now.
      const { details } = error as { details?: unknown };
      if (typeof details !== 'string' || !/concurrent batch/i.test(details)) throw error;
    }
  }
}
