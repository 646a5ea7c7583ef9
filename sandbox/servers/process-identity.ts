import { execFile } from 'node:child_process';
import { readFile, readdir, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process told apart from a later one that was given the same pid. */
export interface ProcessIdentity {
  pid: number;
  /** When it started, in whatever unit the system uses; only compared for equality. */
  startedAt: string;
}

async function startOf(pid: number): Promise<string | null> {
  if (process.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
    // The second field is the command in parentheses and may hold spaces; field 22 is the start time.
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields === undefined || fields[0] === 'Z' ? null : (fields[19] ?? null);
  }
  const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(
    () => ({ stdout: '' }),
  );
  return stdout.trim() || null;
}

/** The identity of a running process, or null when no such process runs. */
export async function identify(pid: number): Promise<ProcessIdentity | null> {
  const startedAt = await startOf(pid);
  return startedAt === null ? null : { pid, startedAt };
}

export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  return (await startOf(identity.pid)) === identity.startedAt;
}

/**
 * Ends a process by its id: `signal` first, SIGKILL when it still runs after `graceMs`.
 * Does nothing when the process, or another with its pid, is not the one identified.
 */
export async function end(
  identity: ProcessIdentity,
  signal: NodeJS.Signals,
  graceMs: number,
): Promise<void> {
  for (const [next, patience] of [
    [signal, graceMs],
    ['SIGKILL', 5_000],
  ] as const) {
    if (!(await isAlive(identity))) return;
    process.kill(identity.pid, next);
    const deadline = Date.now() + patience;
    while (Date.now() < deadline && (await isAlive(identity))) await sleep(20);
  }
}

/** The processes whose working directory is `folder` (Linux only; empty elsewhere). */
export async function processesIn(folder: string): Promise<ProcessIdentity[]> {
  if (process.platform !== 'linux') return [];
  const found: ProcessIdentity[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const cwd = await readlink(`/proc/${entry}/cwd`).catch(() => null);
    const identity = cwd === folder ? await identify(Number(entry)) : null;
    if (identity !== null) found.push(identity);
  }
  return found;
}
