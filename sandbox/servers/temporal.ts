import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { environment } from '../../config.ts';
import { end, identify } from './process-identity.ts';
import type { RunningServer } from './postgres.ts';
import { lastLines, openLog } from './server-log.ts';
import { untilReady } from './until-ready.ts';
import type { TemporalBinary } from './temporal-binary.ts';

const readyWithinMs = 30_000;

export interface TemporalOptions {
  /** Holds the server's store in `temporal.db` and its log in `logs/`. */
  folder: string;
  port: number;
  /** Null leaves the Web UI out. */
  uiPort: number | null;
  /** Keeps nothing on disk; for throw-away test servers only. */
  throwAway?: boolean;
}

/** The local Temporal server could not be started; the message ends in its last log lines. */
class TemporalError extends Error {
  override readonly name = 'TemporalError';
}

/**
 * Settings of the server. The first makes virtual time possible. The next let a timer fire when it is due: on
 * this server's one shard, queues are read 20 times a second at most, and under load a timer waits for 50 to
 * 300 ms (1 s without the time shift). The limits of a turn that was done in time are deleted; else each comes due
 * later for nothing. Fairness lets one sequence's backlog not hold up another's mails, and holds within a partition;
 * the last is what a cluster has that nobody set up otherwise.
 */
const dynamicConfig: Readonly<Record<string, string>> = {
  'frontend.WorkflowTimeSkippingEnabled': 'true',
  'history.timerProcessorMaxTimeShift': '"5ms"',
  'history.timerProcessorMaxPollRPS': '1000',
  'history.transferProcessorMaxPollRPS': '1000',
  'history.enableBestEffortDeleteTasksOnWorkflowUpdate': 'true',
  'matching.enableFairness': 'true',
  'matching.numTaskqueueReadPartitions': '1',
  'matching.numTaskqueueWritePartitions': '1',
  'frontend.MaxConcurrentBatchOperationPerNamespace': '1',
};

/** Settings of its store: 16 MB of pages are kept and written back together, 2 and 4 MB otherwise. */
const pragmas = { journal_mode: 'WAL', cache_size: '-16384', wal_autocheckpoint: '4000' };

/**
 * What the server's process is given: half of the cores, because the store takes one statement at a time, and threads
 * that wait for it take time from the worker and from PostgreSQL; and a heap that may grow to three times of what is
 * used before it is collected, not twice. Whoever starts it may say otherwise.
 */
const runtime = {
  GOMAXPROCS: String(Math.max(1, Math.floor(availableParallelism() / 2))),
  GOGC: '200',
};

/** Starts Temporal's server on the workspace's store. @throws TemporalError */
export async function startTemporal(
  binary: TemporalBinary,
  options: TemporalOptions,
): Promise<RunningServer> {
  const log = join(options.folder, 'logs', 'temporal.log');
  const { descriptor, close } = openLog(log);
  const synchronous = options.throwAway ? 'OFF' : 'NORMAL';
  const args = [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(options.port)],
    ...(options.uiPort === null ? ['--headless'] : ['--ui-port', String(options.uiPort)]),
    ...(options.throwAway ? [] : ['--db-filename', join(options.folder, 'temporal.db')]),
    ...['--log-level', 'warn', '--log-format', 'json'],
    ...flags('--sqlite-pragma', { ...pragmas, synchronous }),
    ...flags('--dynamic-config-value', dynamicConfig),
  ];
  const child = spawn(binary.path, args, {
    cwd: options.folder,
    detached: true,
    env: { ...runtime, ...environment() },
    stdio: ['ignore', descriptor, descriptor],
  });
  close();
  const exited = new Promise<string>(resolve => {
    child.once('exit', (code, signal) => resolve(signal ?? String(code)));
    child.once('error', error => resolve(error.message));
  });
  const running = await untilReady(
    () => isReady(`127.0.0.1:${options.port}`),
    exited,
    readyWithinMs,
  );
  const identity = running && child.pid !== undefined ? await identify(child.pid) : null;
  if (identity === null)
    throw new TemporalError(
      `Temporal did not start. Its log ${log} ends:\n${await lastLines(log)}`,
    );
  return { process: identity, exited, stop: () => end(identity, 'SIGTERM', 15_000) };
}

function flags(name: string, values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).flatMap(([key, value]) => [name, `${key}=${value}`]);
}

async function isReady(address: string): Promise<boolean> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: 1_000 });
    try {
      await connection.workflowService.describeNamespace({ namespace: 'default' });
      return true;
    } finally {
      await connection.close();
    }
  } catch {
    return false;
  }
}
