import { join } from 'node:path';
import { inboundAddress } from '../http/inbound-address.ts';
import type { Service } from './supervisor.ts';
import { startNodeProcess } from './servers/node-process.ts';
import { startPostgres } from './servers/postgres.ts';
import { resolveTemporal, type TemporalBinary } from './servers/temporal-binary.ts';
import { startTemporal } from './servers/temporal.ts';
import type { Ports, Workspace } from './workspace.ts';

/** Longer than a process gives itself (lifecycle.ts), so that it always comes to its end by itself. */
const graceMs = 45_000;

/** PostgreSQL of a workspace. */
export function postgresService(
  { folder, secrets }: Workspace,
  { postgres: port }: Ports,
): Service {
  return {
    name: 'PostgreSQL',
    start: () => startPostgres({ folder, port, password: secrets.databasePassword }),
    describe: () => `127.0.0.1:${port}`,
  };
}

/** Temporal's server and Web UI of a workspace. */
export function temporalService(
  { folder }: Workspace,
  { temporal: port, temporalUi: uiPort }: Ports,
  progress: (line: string) => void,
): Service {
  let binary: TemporalBinary | undefined;
  return {
    name: 'Temporal',
    start: async () => {
      binary ??= await resolveTemporal(progress);
      return startTemporal(binary, { folder, port, uiPort });
    },
    describe: () =>
      `${binary?.version ?? ''} (${binary?.origin ?? ''}), UI http://localhost:${uiPort}`,
  };
}

/** The SendGrid of a workspace. */
export function sandboxService(
  { folder, secrets }: Workspace,
  ports: Ports,
  env: Readonly<Record<string, string>>,
): Service {
  return {
    name: 'SendGrid sandbox',
    start: () =>
      startNodeProcess({
        entry: 'sandbox/sendgrid/main.ts',
        folder,
        name: 'sandbox',
        env: {
          ...env,
          SANDBOX_PORT: String(ports.inbox),
          SANDBOX_OUTBOX: join(folder, 'sandbox', 'outbox.jsonl'),
          SANDBOX_WEBHOOK_URL: `http://127.0.0.1:${ports.http}/webhooks/sendgrid`,
          SANDBOX_PRIVATE_KEY: secrets.webhookPrivateKey,
          SANDBOX_INBOUND_URL: inboundAddress(`http://127.0.0.1:${ports.http}`, secrets.linkSecret),
        },
        graceMs: 5_000,
      }),
    describe: () => `inbox http://localhost:${ports.inbox}`,
  };
}

/** The worker, here or in production. */
export function workerService(folder: string, env: Readonly<Record<string, string>>): Service {
  return {
    name: 'worker',
    start: () => startNodeProcess({ entry: 'worker.ts', folder, name: 'worker', env, graceMs }),
    describe: () => 'runs workflows, sends mails',
  };
}

/** Pages and webhooks, here or in production. */
export function httpService(
  folder: string,
  env: Readonly<Record<string, string>>,
  address: string,
): Service {
  return {
    name: 'HTTP',
    start: () => startNodeProcess({ entry: 'http/main.ts', folder, name: 'http', env, graceMs }),
    describe: () => `pages ${address}`,
  };
}
