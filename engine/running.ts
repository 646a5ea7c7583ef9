import type { Client } from '@temporalio/client';

/** Workflows that each stand for one open row, whose id ends theirs. */
const ofOpenRows = `WorkflowType IN ('nurture', 'escalation') AND ExecutionStatus = 'Running'`;
/** Those that each tell one transition, whose id ends theirs. */
const ofHooks = `WorkflowType = 'hook' AND ExecutionStatus = 'Running'`;

/** How many open rows have a workflow that runs, as far as visibility knows: a moment behind. */
export async function countRunning(client: Client): Promise<number> {
  return (await client.workflow.count(ofOpenRows)).count;
}

/** The workflows that run, by the ids of their rows. */
export async function runningRows(client: Client): Promise<Map<string, string>> {
  return byRow(client, ofOpenRows);
}

/** How many hooks have a workflow that runs, as far as visibility knows. */
export async function countRunningHooks(client: Client): Promise<number> {
  return (await client.workflow.count(ofHooks)).count;
}

/** The workflows of hooks that run, by the ids of the hooks. */
export async function runningHooks(client: Client): Promise<Map<string, string>> {
  return byRow(client, ofHooks);
}

async function byRow(client: Client, query: string): Promise<Map<string, string>> {
  const rows = new Map<string, string>();
  for await (const { workflowId } of client.workflow.list({ query, pageSize: 1_000 }))
    rows.set(workflowId.slice(workflowId.indexOf('/') + 1), workflowId);
  return rows;
}
