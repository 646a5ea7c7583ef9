import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { go, type asleep, type signalled, type steps } from './bare-workflows.ts';

/** Work for every number below `count`, so many at once. */
async function atOnce(
  count: number,
  width: number,
  work: (n: number) => Promise<void>,
): Promise<void> {
  const numbers = Array.from({ length: count }, (_, n) => n).values();
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const n of numbers) await work(n);
    }),
  );
}

/** Starts workflows that wait and do nothing, in turn, so many times. */
export async function startSteps(
  client: Client,
  workflows: number,
  first: number,
  wait: number,
  count: number,
): Promise<void> {
  const run = randomUUID();
  await atOnce(workflows, 16, async n => {
    await client.workflow.start<typeof steps>('steps', {
      taskQueue: 'bare',
      workflowId: `bare/${run}/${n}`,
      args: [first, wait, count],
    });
  });
}

/**
 * Starts workflows that sleep, on the queue of the bare worker or on one that nobody serves.
 * @returns their ids, in the order of their starts
 */
export async function startAsleep(
  client: Client,
  workflows: number,
  width: number,
  taskQueue: 'bare' | 'nobody' = 'bare',
): Promise<string[]> {
  const run = randomUUID();
  const ids = Array.from({ length: workflows }, (_, n) => `asleep/${run}/${n}`);
  await atOnce(workflows, width, async n => {
    await client.workflow.start<typeof asleep>('asleep', {
      taskQueue,
      workflowId: ids[n] ?? '',
      args: [],
    });
  });
  return ids;
}

/**
 * Waits until workflows have had their first turn. Every twentieth is asked, because asking takes time from
 * what is measured.
 */
export async function untilAsleep(client: Client, ids: readonly string[]): Promise<void> {
  for (const id of ids.filter((_, n) => n % 20 === 19)) {
    const handle = client.workflow.getHandle(id);
    while ((await handle.describe()).raw.pendingWorkflowTask) await sleep(20);
  }
}

/** Starts workflows that wait to be told. */
export async function startSignalled(
  client: Client,
  workflows: number,
): Promise<WorkflowHandle<typeof signalled>[]> {
  const run = randomUUID();
  const handles: WorkflowHandle<typeof signalled>[] = [];
  await atOnce(workflows, 16, async n => {
    handles.push(
      await client.workflow.start<typeof signalled>('signalled', {
        taskQueue: 'bare',
        workflowId: `signalled/${run}/${n}`,
        args: [],
      }),
    );
  });
  return handles;
}

/** Tells one, and waits for its end. */
export async function tell(handle: WorkflowHandle<typeof signalled>): Promise<void> {
  await handle.signal(go);
  await handle.result();
}
