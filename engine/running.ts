import type { Client } from '@temporalio/client';

/** Workflows that each stand for one open row, whose id ends theirs. */
const ofOpenRows = `WorkflowType IN ('nurture', 'escalation') AND ExecutionStatus = 'Running'`;

/** How many open rows have a workflow that runs, as far as visibility knows: a moment behind. */
export async function countRunning(client: Client): Promise<number> {
  return (await client.workflow.count(ofOpenRows)).count;
}

/** The workflows that run, by the ids of their rows. */
export async function runningRows(client: Client): Promise<Map<string, string>> {
  const rows = new Map<string, string>();
  for await (const { workflowId } of client.workflow.list({ query: ofOpenRows, pageSize: 1_000 }))
    rows.set(workflowId.slice(workflowId.indexOf('/') + 1), workflowId);
  return rows;
}
