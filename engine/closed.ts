import type { Client } from '@temporalio/client';
import type { Instant } from '../domain/instant.ts';

/**
 * The rows whose workflows ended since a moment otherwise than by completing: terminated by ops,
 * failed, or timed out. Their ids are those of the rows, whatever kind they are of.
 */
export async function endedBadly(client: Client, since: Instant): Promise<string[]> {
  const query =
    `ExecutionStatus IN ('Terminated', 'Failed', 'TimedOut', 'Canceled') ` +
    `AND CloseTime >= '${new Date(since).toISOString()}'`;
  const ids: string[] = [];
  for await (const { workflowId } of client.workflow.list({ query })) {
    const id = workflowId.split('/')[1];
    if (id !== undefined) ids.push(id);
  }
  return ids;
}
