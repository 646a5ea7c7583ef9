import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import type { sweep } from '../workflows/index.ts';
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
        workflowType: 'sweep' satisfies typeof sweep.name,
        workflowId: 'sweep',
        taskQueue,
        args: [],
      },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}

/** Schedules rest while somebody else plays time: they come in real time. */
export async function holdSchedules(client: Client): Promise<void> {
  await client.schedule.getHandle('sweep').pause('a rehearsal');
}

export async function releaseSchedules(client: Client): Promise<void> {
  await client.schedule.getHandle('sweep').unpause();
}
