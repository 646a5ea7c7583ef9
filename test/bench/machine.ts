import { readFile, readdir } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import type { Client } from '@temporalio/client';
import { startNodeProcess } from '../../sandbox/servers/node-process.ts';
import type { RunningServer } from '../../sandbox/servers/postgres.ts';
import type { Database } from '../../store/database.ts';
import { createInstallation } from '../installation.ts';

/** The processes whose work is measured apart. */
export type Part = 'temporal' | 'postgres' | 'worker' | 'http' | 'sink';

/** Servers as `npm start` runs them, in a folder of their own, and the processes of Lockstep on demand. */
export interface Machine {
  folder: string;
  env: Record<string, string>;
  database: Database;
  client: Client;
  ports: { http: number; sink: number };
  /** What the provider signs its posts with, as PEM. */
  webhookPrivateKey: string;
  /** Starts one of the processes; its work is then measured under the name. */
  start: (part: Exclude<Part, 'temporal' | 'postgres'>, entry: string) => Promise<RunningServer>;
  /** CPU time used by each part since it was started, in milliseconds. */
  cpu: () => Promise<Partial<Record<Part, number>>>;
  /** Resident memory of a part, in megabytes. */
  memory: (part: Part) => Promise<number>;
  stop: () => Promise<void>;
}

/** What the figures were measured on. */
export function describeMachine(): { cpu: string; cores: number; memoryGb: number; node: string } {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
  };
}

export async function startMachine(): Promise<Machine> {
  const installation = await createInstallation('bench');
  const { workspace, ports, env, database, client, servers } = installation;
  const { folder, secrets } = workspace;
  const running = new Map<Part, RunningServer>([
    ['postgres', servers.postgres],
    ['temporal', servers.temporal],
  ]);
  const own = { SINK_PORT: String(ports.inbox), BARE_PORT: String(ports.http) };
  return {
    folder,
    env,
    database,
    client,
    ports: { http: ports.http, sink: ports.inbox },
    webhookPrivateKey: secrets.webhookPrivateKey,
    start: async (part, entry) => {
      const server = await startNodeProcess({
        entry,
        folder,
        name: part,
        env: { ...env, ...own },
        graceMs: 45_000,
      });
      running.set(part, server);
      return {
        ...server,
        stop: async () => {
          running.delete(part);
          await server.stop();
        },
      };
    },
    cpu: async () => {
      const used: Partial<Record<Part, number>> = {};
      for (const [
        part,
        {
          process: { pid },
        },
      ] of running)
        used[part] = await cpuOf(pid);
      return used;
    },
    memory: async part => memoryOf(running.get(part)?.process.pid ?? 0),
    stop: async () => {
      for (const part of ['http', 'worker', 'sink'] as const) await running.get(part)?.stop();
      await installation.disconnect();
      await servers.temporal.stop();
      await servers.postgres.stop();
      await installation.remove();
    },
  };
}

/** Milliseconds of CPU that a process and its children, ended ones too, have used (Linux counts in 10 ms). */
async function cpuOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (stat === null) return 0;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
  let total = ticks * 10;
  for (const child of await childrenOf(pid)) total += await cpuOf(child);
  return total;
}

async function childrenOf(pid: number): Promise<number[]> {
  const found: number[] = [];
  for (const task of await readdir(`/proc/${pid}/task`).catch(() => [])) {
    const text = await readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '');
    found.push(...text.split(' ').filter(Boolean).map(Number));
  }
  return found;
}

async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}
