import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { faultsSchema, type SomeFaults } from '../../../sandbox/sendgrid/faults.ts';
import type { Report } from '../../../sandbox/sendgrid/report.ts';
import { sandboxService } from '../../../sandbox/local-services.ts';
import { startNodeProcess, type NodeProcess } from '../../../sandbox/servers/node-process.ts';
import type { RunningServer } from '../../../sandbox/servers/postgres.ts';
import type { Database } from '../../../store/database.ts';
import { createInstallation } from '../../installation.ts';
import type { Actor, Edge, Order, Said } from './edges.ts';

/** How long the provider takes to answer a call, in milliseconds. */
const apiMs = 100;
/** A call that began longer ago may be answered before the kill arrives. */
const freshMs = apiMs * 0.6;
/**
 * How long a process may take to come to an edge, and the provider to be called: a sweep that was killed is tried
 * again after a minute, and until then none begins.
 */
const patienceMs = 150_000;
const graceMs = 45_000;

/** Every process of an installation but the provider, which counts what left. */
export type Part = Actor | 'postgres' | 'temporal';

/** An installation in a folder of its own, whose processes can be held, killed and started again. */
export interface Fleet {
  folder: string;
  /** What the provider signs its posts with, as PEM. */
  webhookPrivateKey: string;
  env: Readonly<Record<string, string>>;
  database: Database;
  client: Client;
  /** Where its pages are, and the provider. */
  pages: string;
  provider: string;
  report: () => Promise<Report>;
  /** From now on these go wrong at the provider, besides that it is slow. */
  strike: (faults: SomeFaults) => Promise<void>;
  channel: (actor: Actor) => ChildProcess;
  /** Has a process hold the next one that comes to an edge; the promise is that one does. */
  hold: (actor: Actor, edge: Edge) => Promise<void>;
  letGo: (actor: Actor) => void;
  /**
   * Kills a part the moment a call of the provider is under way, and starts it again.
   * @returns how many calls were under way, never none
   */
  kill: (part: Part) => Promise<number>;
  /** Kills a part at this moment, and starts it again. */
  killNow: (part: Part) => Promise<void>;
  /** @param keep leaves its folder, with the logs, for somebody to look into */
  stop: (keep: boolean) => Promise<void>;
}

export async function startFleet(): Promise<Fleet> {
  const installation = await createInstallation('kill');
  const { workspace, ports, env, database, client } = installation;
  const { folder, secrets } = workspace;
  const node = (entry: string, name: string) => () =>
    startNodeProcess({ entry: `test/e2e/kill/${entry}`, folder, name, env, graceMs });
  const starts: Record<Part, () => Promise<RunningServer | NodeProcess>> = {
    ...installation.start,
    worker: node('worker.ts', 'worker'),
    http: node('http.ts', 'http'),
    importer: node('importer.ts', 'importer'),
  };
  const running = new Map<Part, RunningServer | NodeProcess>([
    ['postgres', installation.servers.postgres],
    ['temporal', installation.servers.temporal],
  ]);
  const start = async (part: Part) => running.set(part, await starts[part]());
  const sandbox = await sandboxService(workspace, ports, env).start();
  const provider = `http://127.0.0.1:${ports.inbox}`;
  const report = async () => (await (await fetch(`${provider}/sandbox/report`)).json()) as Report;
  const strike = async (faults: SomeFaults) => {
    await fetch(`${provider}/sandbox/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(faultsSchema.parse({ ...faults, delayMs: apiMs })),
    });
  };
  await strike({});

  await Promise.all((['worker', 'http', 'importer'] as const).map(start));

  const channel = (actor: Actor): ChildProcess => {
    const process = running.get(actor);
    if (process === undefined || !('child' in process)) throw new Error(`No ${actor} runs.`);
    return process.child;
  };
  const killNow = async (part: Part) => {
    const victim = running.get(part);
    if (victim === undefined) throw new Error(`No ${part} runs.`);
    process.kill(victim.process.pid, 'SIGKILL');
    await victim.exited;
    await start(part);
  };
  const order = (actor: Actor, what: Order) => channel(actor).send(what);

  return {
    folder,
    webhookPrivateKey: secrets.webhookPrivateKey,
    env,
    database,
    client,
    pages: `http://127.0.0.1:${ports.http}`,
    provider,
    report,
    strike,
    channel,
    hold: (actor, edge) =>
      new Promise((resolve, reject) => {
        const child = channel(actor);
        const timer = setTimeout(
          () => reject(new Error(`The ${actor} never came to be ${edge.phase} "${edge.effect}".`)),
          patienceMs,
        );
        const listen = (message: Said | object) => {
          if (!('held' in message)) return;
          clearTimeout(timer);
          child.off('message', listen);
          resolve();
        };
        child.on('message', listen);
        order(actor, { hold: edge });
      }),
    letGo: actor => order(actor, { go: true }),
    kill: async part => {
      const calls = await underWay(report);
      await killNow(part);
      return calls;
    },
    killNow,
    stop: async keep => {
      await installation.disconnect();
      for (const part of ['importer', 'http', 'worker'] as const) await running.get(part)?.stop();
      await sandbox.stop();
      for (const part of ['temporal', 'postgres'] as const) await running.get(part)?.stop();
      if (!keep) await installation.remove();
    },
  };
}

/** Waits for calls that will still be under way a moment from now. */
async function underWay(report: () => Promise<Report>): Promise<number> {
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline) {
    const { inFlight } = await report();
    const fresh = inFlight.filter(began => Date.now() - began < freshMs);
    if (fresh.length > 0) return inFlight.length;
    await sleep(3);
  }
  throw new Error('The provider was not called, so nothing was in flight to be lost.');
}
