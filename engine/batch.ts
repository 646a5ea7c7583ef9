import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';

const { BATCH_OPERATION_STATE_RUNNING } = proto.temporal.api.enums.v1.BatchOperationState;

/** Search attributes and the values they must have; undefined asks for nothing. */
export type Filter = Readonly<Record<string, string | undefined>>;

/** The query of all open nurture workflows that match. */
function nurtureQuery(filter: Filter): string {
  const conditions = Object.entries(filter)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, value]) => `${name} = "${value.replace(/["\\]/g, '')}"`);
  return [`WorkflowType = "nurture"`, `ExecutionStatus = "Running"`, ...conditions].join(' AND ');
}

/**
 * Sends a signal to every open nurture workflow that matches, as one batch of the server, which goes
 * on by itself should this process end.
 * @param onProgress is told the share that is done, from 0 to 1
 * @returns how many match
 */
export async function signalMatching(
  client: Client,
  signal: string,
  filter: Filter,
  dryRun: boolean,
  onProgress: (share: number) => void,
): Promise<number> {
  const visibilityQuery = nurtureQuery(filter);
  const { count } = await client.workflow.count(visibilityQuery);
  if (dryRun || count === 0) return count;
  const { namespace } = client.options;
  const jobId = `${signal}-${randomUUID()}`;
  await client.workflowService.startBatchOperation({
    namespace,
    jobId,
    visibilityQuery,
    reason: `ops: ${signal}`,
    signalOperation: { signal },
  });
  for (;;) {
    const batch = await client.workflowService.describeBatchOperation({ namespace, jobId });
    const total = Number(batch.totalOperationCount) || 1;
    onProgress(
      (Number(batch.completeOperationCount) + Number(batch.failureOperationCount)) / total,
    );
    if (batch.state !== BATCH_OPERATION_STATE_RUNNING) return count;
    await sleep(200);
  }
}
