import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { realClock } from '../../engine/clock.ts';
import { Engine } from '../../engine/engine.ts';
import { createSandbox, type Sandbox } from '../../sandbox/sendgrid/server.ts';
import { report } from '../../sandbox/sendgrid/report.ts';
import { startNodeProcess } from '../../sandbox/servers/node-process.ts';
import { freePorts } from '../../sandbox/servers/ports.ts';
import type { RunningServer } from '../../sandbox/servers/postgres.ts';
import { createDatabase, type TestDatabase } from '../database.ts';
import { theAgreement } from '../domain/facts.ts';
import { createNamespace } from '../namespace.ts';
import { aLead, aSequence } from '../program.ts';
import { agreeOn } from '../agreed.ts';

const { EventType } = proto.temporal.api.enums.v1;
const leads = 8;

let folder: string;
let stored: TestDatabase;
let sandbox: Sandbox;
let connection: Connection;
let client: Client;
let env: Record<string, string>;
const workers: RunningServer[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockstep-worker-'));
  stored = await createDatabase();
  const [port = 0] = await freePorts(1);
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const { address, namespace, ...temporal } = await createNamespace();
  ({ connection, client } = temporal);
  env = {
    PATH: process.env.PATH ?? '',
    DATABASE_URL: stored.url,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    SENDGRID_API_KEY: 'SG.test',
    SENDGRID_BASE_URL: `http://127.0.0.1:${port}/`,
    SENDGRID_WEBHOOK_PUBLIC_KEY: publicKey
      .export({ type: 'spki', format: 'der' })
      .toString('base64'),
    LOCKSTEP_PUBLIC_URL: 'http://127.0.0.1:1',
    LOCKSTEP_SECRET: 'a secret of thirty-two characters',
    LOCKSTEP_API_KEY: 'an api key for tests',
  };
  sandbox = await createSandbox({
    apiKey: env.SENDGRID_API_KEY ?? '',
    outbox: join(folder, 'outbox.jsonl'),
    webhookUrl: 'http://127.0.0.1:1/webhooks/sendgrid',
    webhookPrivateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    pagesUrl: 'http://127.0.0.1:1',
    clock: realClock,
  });
  await sandbox.server.listen({ host: '127.0.0.1', port });
});
afterAll(async () => {
  for (const worker of workers) await worker.stop();
  sandbox.webhook.close();
  await sandbox.server.close();
  await connection.close();
  await stored.drop();
  await rm(folder, { recursive: true, force: true });
});

async function startWorker(): Promise<RunningServer> {
  const worker = await startNodeProcess({
    entry: 'worker.ts',
    folder,
    name: 'worker',
    env,
    graceMs: 45_000,
  });
  workers.push(worker);
  return worker;
}

const sends = (state: string) => stored.database.send.count({ where: { state } });

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(50);
}

it('a worker that is told to stop finishes the mails under way, once each, and the next one goes on', async () => {
  const { database } = stored;
  const segments = [{ name: 'all', nurture: { C: 'drained', D: 'drained' } }];
  await agreeOn(database, { ...theAgreement(), segments }, realClock.now());
  await aSequence(
    { database, clock: realClock },
    'drained',
    `goal: test
owner: test
window: always
steps:
  - { mail: first, subject: First, preheader: p }
  - wait: 1s
  - { mail: second, subject: Second, preheader: p }
`,
  );
  const engine = new Engine(client);
  sandbox.faults = { ...sandbox.faults, delayMs: 3_000 };
  const worker = await startWorker();
  for (let n = 0; n < leads; n++) {
    const lead = await aLead({ database, clock: realClock }, { title: 'Cook' });
    await engine.intake(lead, 1, { shift: 0 });
  }
  // Some are on their way, some have not begun.
  await until(async () => (await sends('dispatching')) > 0);

  process.kill(worker.process.pid, 'SIGTERM');
  expect(await worker.exited).toBe('0');
  const finished = await sends('accepted');
  expect(finished).toBeGreaterThan(0);
  expect(await sends('dispatching')).toBe(0);
  expect(report(sandbox)).toMatchObject({ accepted: finished, repeated: [] });

  sandbox.faults = { ...sandbox.faults, delayMs: 0 };
  await startWorker();
  await until(async () => (await sends('accepted')) === 2 * leads);
  await until(async () => (await database.enrollment.count({ where: { endedAt: null } })) === 0);
  expect(report(sandbox)).toMatchObject({ accepted: 2 * leads, repeated: [] });
  // The processes take no stack trace of every promise (`engine/threads.mjs`).
  const [one] = await database.enrollment.findMany({ take: 1 });
  const stack = client.workflow.getHandle(`nurture/${one?.id}`).query('__stack_trace');
  await expect(stack).rejects.toThrow('stack traces are not enabled');
  // No attempt was lost on the way: none was begun twice, none failed, none was waited for in vain. Nor was a turn.
  for await (const { workflowId, runId } of client.workflow.list()) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    for (const event of events ?? []) {
      expect(event.activityTaskStartedEventAttributes?.attempt ?? 1).toBe(1);
      expect([
        EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED,
        EventType.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT,
        EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
      ]).not.toContain(event.eventType);
    }
  }
}, 120_000);
