import type { Client } from '@temporalio/client';
import { Runtime, Worker, type NativeConnection } from '@temporalio/worker';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { createActivities } from './activities/activities.ts';
import { createContext, type Context, type Outside } from './activities/context.ts';
import { FailureInterceptor } from './activities/failure.ts';
import { readConfig, type Config } from './config.ts';
import { workflowBundle } from './engine/bundle.ts';
import { realClock } from './engine/clock.ts';
import { connectWorker, taskQueue } from './engine/connect.ts';
import { Engine } from './engine/engine.ts';
import { registerSearchAttributes } from './engine/namespace.ts';
import { ensureSchedules } from './engine/schedules.ts';
import { workerTuning } from './engine/tuning.ts';
import { HookGateway } from './hook/receiver.ts';
import { untilToldToStop } from './lifecycle.ts';
import { createLog } from './log.ts';
import { MailGateway } from './mail/gateway.ts';
import { Links } from './mail/links.ts';
import { NoticeMail } from './mail/notice-mail.ts';
import { RepMail } from './mail/rep-mail.ts';
import { SigningMail } from './mail/signing-mail.ts';
import { switchHooks } from './store/control.ts';
import { openDatabase } from './store/database.ts';

const templates = join(fileURLToPath(new URL('.', import.meta.url)), 'templates');

/** What a worker runs its activities with, connected and ready. */
async function workerContext(
  config: Config,
  client: Client,
  log: Logger,
  through: (outside: Outside) => Outside,
): Promise<Context> {
  return createContext({
    ...through({
      database: openDatabase(config.databaseUrl, 20),
      engine: new Engine(client),
      gateway: new MailGateway(config.sendgrid.apiKey, config.sendgrid.baseUrl),
    }),
    hooks: config.hook && new HookGateway(config.hook),
    links: new Links(config.http.publicUrl, config.secret),
    signingMail: await SigningMail.load(templates),
    repMail: await RepMail.load(templates),
    noticeMail: await NoticeMail.load(templates),
    log,
  });
}

/** A worker for all workflows and activities, not yet running. */
export async function createWorker(
  context: Context,
  connection: NativeConnection,
  buildId: string | null,
): Promise<Worker> {
  return Worker.create({
    connection,
    namespace: context.engine.client.options.namespace,
    taskQueue,
    workflowBundle: await workflowBundle(),
    activities: createActivities(context),
    interceptors: { activity: [() => ({ inbound: new FailureInterceptor(context.log) })] },
    ...workerTuning,
    ...(buildId === null
      ? {}
      : {
          workerDeploymentOptions: {
            version: { deploymentName: 'lockstep', buildId },
            useWorkerVersioning: true,
            // Workflows are thin and guarded by replay tests: they go over to new code as they are.
            defaultVersioningBehavior: 'AUTO_UPGRADE',
          },
        }),
  });
}

/**
 * The worker process: connects, registers what a fresh cluster lacks, runs, and drains when told to stop.
 * @param through what everything it does goes through; tests watch it there
 */
export async function runWorker(
  through: (outside: Outside) => Outside = outside => outside,
): Promise<void> {
  const config = readConfig();
  const log = createLog('worker', config);
  Runtime.install({ logger: temporalLog(log) });
  const { connection, client } = await connectWorker(config);
  const context = await workerContext(config, client, log, through);
  await registerSearchAttributes(client);
  await ensureSchedules(client);
  await switchHooks(context.database, config.hook === null ? 'off' : 'on', realClock.now());
  const worker = await createWorker(context, connection, config.temporal.buildId);
  const running = worker.run();
  untilToldToStop(async () => {
    worker.shutdown();
    await running;
    await connection.close();
    await context.database.close();
  }, log);
  await running;
}

/** Temporal's own messages, in our log. */
function temporalLog(log: Logger) {
  const child = log.child({ from: 'temporal' });
  return {
    log: (level: string, message: string, meta?: object) => child.info({ ...meta, level }, message),
    trace: (message: string, meta?: object) => child.trace(meta ?? {}, message),
    debug: (message: string, meta?: object) => child.debug(meta ?? {}, message),
    info: (message: string, meta?: object) => child.info(meta ?? {}, message),
    warn: (message: string, meta?: object) => child.warn(meta ?? {}, message),
    error: (message: string, meta?: object) => child.error(meta ?? {}, message),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runWorker();
