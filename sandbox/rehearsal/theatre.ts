import { inboundAddress } from '../../http/inbound-address.ts';
import { httpContext } from '../../http/context.ts';
import { createServer } from '../../http/server.ts';
import type { Config } from '../../config.ts';
import { minute, type Instant } from '../../domain/instant.ts';
import { SetClock } from '../../engine/clock.ts';
import { connectClient } from '../../engine/connect.ts';
import { Engine } from '../../engine/engine.ts';
import { holdSchedules, releaseSchedules } from '../../engine/schedules.ts';
import { openDatabase } from '../../store/database.ts';
import type { Logger } from 'pino';
import { createSandbox } from '../sendgrid/server.ts';
import type { Faults } from '../sendgrid/faults.ts';
import { worldOf } from '../people/world.ts';
import type { Stage } from './conductor.ts';

export interface TheatreOptions {
  config: Config;
  templates: string;
  /** Where the sandbox keeps its mails, and listens. */
  outbox: string;
  inboxPort: number;
  webhookPrivateKey: string;
  faults: Faults;
  /** When the domain's time begins. */
  from: Instant;
  log: Logger;
}

export interface Theatre extends Omit<Stage, 'cast'> {
  close: () => Promise<void>;
}

/** As in production: a click counts once it cannot be a scanner's any more. */
const clickHoldMs = minute;

/**
 * The pages, the webhooks and the sandbox in this very process, so that they share a clock that the conductor
 * sets; beside them runs the worker, a process as always. Schedules rest: they would come in real time.
 */
export async function openTheatre(options: TheatreOptions): Promise<Theatre> {
  const { log, from, templates } = options;
  const config: Config = { ...options.config, clickHoldMs };
  const clock = new SetClock(from);
  const client = await connectClient(config);
  const database = openDatabase(config.databaseUrl, 20);
  const engine = new Engine(client);
  const context = await httpContext({ config, database, engine, clock, templates, log });
  const { nudger } = context;
  const http = await createServer(context);
  await http.listen({ host: config.http.host, port: config.http.port });
  const local = `http://127.0.0.1:${config.http.port}`;
  const sandbox = await createSandbox({
    apiKey: config.sendgrid.apiKey,
    outbox: options.outbox,
    webhookUrl: `${local}/webhooks/sendgrid`,
    webhookPrivateKey: options.webhookPrivateKey,
    inboundUrl: inboundAddress(local, config.secret),
    pagesUrl: config.http.publicUrl,
    faults: options.faults,
    clock,
  });
  await sandbox.server.listen({ host: '127.0.0.1', port: options.inboxPort });
  await holdSchedules(client);
  const world = worldOf(config, sandbox.reader, local);
  return {
    ...{ clock, database, client, engine, nudger, sandbox, world },
    close: async () => {
      await releaseSchedules(client);
      sandbox.webhook.close();
      await sandbox.server.close();
      await http.close();
      await nudger.drain();
      await client.connection.close();
      await database.close();
    },
  };
}
