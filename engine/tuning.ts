import type { NativeConnectionOptions, WorkerOptions } from '@temporalio/worker';

/**
 * How a worker talks with the server. Messages are a few hundred bytes, and packing them costs more than sending
 * them; SDKs did not do it before 1.24 either.
 */
export const nativeTuning = {
  grpcCompression: { codec: 'none' },
} as const satisfies NativeConnectionOptions;

/**
 * How a worker shares its process among workflows and activities; the one configuration that is shipped
 * and measured.
 */
export const workerTuning = {
  /** Longer than an activity's attempt may take, so that none is cut off when the worker stops. */
  shutdownGraceTime: 35_000,
  maxConcurrentWorkflowTaskExecutions: 100,
  // A workflow that is kept takes about 110 KB as long as the process gives back what it has freed
  // (`sandbox/servers/node-process.ts`). A lead's sleeps for days, and its short history is soon replayed.
  maxCachedWorkflows: 2_000,
  maxConcurrentActivityTaskExecutions: 50,
  // With a fixed number of pollers a new run's first task waits for seconds under load.
  workflowTaskPollerBehavior: { type: 'autoscaling' },
  activityTaskPollerBehavior: { type: 'autoscaling' },
} as const satisfies Partial<WorkerOptions>;
