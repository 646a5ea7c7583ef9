import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { end, identify } from './process-identity.ts';
import type { RunningServer } from './postgres.ts';
import { lastLines, openLog } from './server-log.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const readyWithinMs = 60_000;

/**
 * glibc gives each thread of Temporal's core an arena of its own, and as blocks grow it keeps ever larger ones that
 * were freed. With two arenas, and limits that stay where they begin, a worker that once was busy takes half of that.
 */
const allocator = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_TRIM_THRESHOLD_: '131072',
  MALLOC_MMAP_THRESHOLD_: '131072',
};

export interface NodeProcessOptions {
  /** The entry file, relative to the project's root. */
  entry: string;
  /** Its log is `logs/<name>.log` in this folder. */
  folder: string;
  name: string;
  env: Readonly<Record<string, string>>;
  /** How long it may take to finish what it is doing when it is told to stop. */
  graceMs: number;
}

export interface NodeProcess extends RunningServer {
  /** For whoever talks with it over its channel. */
  child: ChildProcess;
}

/** One of Lockstep's own processes could not be started. */
class NodeProcessError extends Error {
  override readonly name = 'NodeProcessError';
}

/**
 * Starts one of Lockstep's own processes in a group of its own and waits until it says that it is
 * ready. It ends by itself when the process that started it is gone, because its channel closes.
 */
export async function startNodeProcess(options: NodeProcessOptions): Promise<NodeProcess> {
  const log = join(options.folder, 'logs', `${options.name}.log`);
  const { descriptor, close } = openLog(log);
  const imports = ['tsx', join(root, 'engine', 'threads.mjs')].flatMap(each => ['--import', each]);
  const child = spawn(process.execPath, [...imports, join(root, options.entry)], {
    cwd: root,
    detached: true,
    stdio: ['ignore', descriptor, descriptor, 'ipc'],
    env: { ...allocator, ...options.env },
  });
  close();
  const exited = new Promise<string>(resolve => {
    child.once('exit', (code, signal) => resolve(signal ?? String(code)));
    child.once('error', error => resolve(error.message));
  });
  const ready = await new Promise<boolean>(resolve => {
    const timer = setTimeout(() => resolve(false), readyWithinMs);
    child.once('message', () => resolve(true));
    void exited.then(() => resolve(false));
    void exited.finally(() => clearTimeout(timer));
  });
  const identity = ready && child.pid !== undefined ? await identify(child.pid) : null;
  if (identity === null) {
    child.kill('SIGKILL');
    throw new NodeProcessError(
      `The ${options.name} did not start. Its log ${log} ends:\n${await lastLines(log)}`,
    );
  }
  return {
    child,
    process: identity,
    exited,
    stop: () => end(identity, 'SIGTERM', options.graceMs),
  };
}
