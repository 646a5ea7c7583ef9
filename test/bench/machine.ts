import { mkdir, mkdtemp, readFile, readdir } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { registerSearchAttributes } from '../../engine/namespace.ts';
import { freePorts } from '../../sandbox/servers/ports.ts';
import { startNodeProcess } from '../../sandbox/servers/node-process.ts';
import { postgresUrl, startPostgres, type RunningServer } from '../../sandbox/servers/postgres.ts';
import { startTemporal } from '../../sandbox/servers/temporal.ts';
import { resolveTemporal } from '../../sandbox/servers/temporal-binary.ts';
import { removeOwnedFolder } from '../../sandbox/servers/unprivileged.ts';
import { openWorkspace, workspaceEnvironment } from '../../sandbox/workspace.ts';
import { openDatabase, type Database } from '../../store/database.ts';
import { migrate } from '../../store/schema-engine.ts';

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
  start: (
    part: Exclude<Part, 'temporal' | 'postgres'>,
    entry: string,
    env?: Record<string, string>,
  ) => Promise<RunningServer>;
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
  const home = await mkdtemp(join(tmpdir(), 'lockstep-bench-'));
  const workspace = await openWorkspace(home, 'bench');
  const { folder, secrets } = workspace;
  await mkdir(folder, { recursive: true });
  const [http = 0, sink = 0, postgresPort = 0, temporalPort = 0] = await freePorts(4);
  const options = { folder, port: postgresPort, password: secrets.databasePassword };
  const binary = await resolveTemporal(line => process.stderr.write(`${line}\n`));
  const [postgres, temporal] = await Promise.all([
    startPostgres(options),
    startTemporal(binary, { folder, port: temporalPort, uiPort: null }),
  ]);
  const url = postgresUrl(options);
  const ports = {
    http,
    inbox: sink,
    postgres: postgresPort,
    temporal: temporalPort,
    temporalUi: 0,
  };
  const env = workspaceEnvironment(workspace, ports, url);
  await migrate(url);
  const database = openDatabase(url, 10);
  const connection = await Connection.connect({ address: `127.0.0.1:${temporalPort}` });
  const client = new Client({ connection });
  await registerSearchAttributes(client);
  const running = new Map<Part, RunningServer>([
    ['postgres', postgres],
    ['temporal', temporal],
  ]);
  return {
    folder,
    env,
    database,
    client,
    ports: { http, sink },
    webhookPrivateKey: secrets.webhookPrivateKey,
    start: async (part, entry, more = {}) => {
      const server = await startNodeProcess({
        entry,
        folder,
        name: part,
        env: { ...env, ...more },
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
      await connection.close();
      await database.close();
      await temporal.stop();
      await postgres.stop();
      await removeOwnedFolder(join(folder, 'postgres'));
      await removeOwnedFolder(home);
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
