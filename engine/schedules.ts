import { setTimeout as sleep } from 'node:timers/promises';
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import type { sweep as sweepWorkflow } from '../workflows/index.ts';
import { taskQueue } from './connect.ts';

/** Makes the schedules that a fresh cluster lacks. */
export async function ensureSchedules(client: Client): Promise<void> {
  try {
    await client.schedule.create({
      scheduleId: 'sweep',
      spec: { intervals: [{ every: '1 minute' }] },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
      action: {
        type: 'startWorkflow',
        workflowType: 'sweep' satisfies typeof sweepWorkflow.name,
        workflowId: 'sweep',
        taskQueue,
        args: [],
      },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}

/**
 * Lets schedules rest, because somebody else plays time and they come in real time; and waits until what one of
 * them has begun is over.
 */
export async function holdSchedules(client: Client): Promise<void> {
  const schedule = client.schedule.getHandle('sweep');
  await schedule.pause('a rehearsal');
  while ((await schedule.describe()).info.runningActions.length > 0) await sleep(20);
}

export async function releaseSchedules(client: Client): Promise<void> {
  await client.schedule.getHandle('sweep').unpause();
}
