import { dirname, join } from 'node:path';
import formbody from '@fastify/formbody';
import Fastify, { type FastifyInstance } from 'fastify';
import { DocumentError } from '../../domain/document/problem.ts';
import type { Clock } from '../../engine/clock.ts';
import { apiRoutes } from './api.ts';
import { Dropped } from './dropped.ts';
import { readFaults, type Faults, type SomeFaults } from './faults.ts';
import { inboxRoutes } from './inbox.ts';
import { Misfortune } from './misfortune.ts';
import { Outbox, type OutboxEntry } from './outbox.ts';
import { PostOffice, type Reception } from './post-office.ts';
import { Reader } from './reader.ts';
import { report } from './report.ts';
import { Suppressions } from './suppressions.ts';
import { Webhook } from './webhook.ts';

export interface SandboxOptions {
  apiKey: string;
  /** The file that holds every mail that left; suppressions and dropped mails are in files beside it. */
  outbox: string;
  /** Where events are posted. */
  webhookUrl: string;
  webhookPrivateKey: string;
  /** Where answers to mails are posted; without it, nobody can answer. */
  inboundUrl?: string;
  /** Where the pages of Lockstep are, for links. */
  pagesUrl: string;
  clock: Clock;
  /** What goes wrong; nothing unless said. */
  faults?: SomeFaults;
  /** What the mail server at the other end does with a mail; it delivers it unless said otherwise. */
  receptionOf?: (mail: OutboxEntry) => Reception;
}

export interface Sandbox {
  server: FastifyInstance;
  outbox: Outbox;
  dropped: Dropped;
  suppressions: Suppressions;
  webhook: Webhook;
  reader: Reader;
  get faults(): Faults;
  /** From now on these, drawn from the beginning. */
  set faults(given: SomeFaults);
  /** When each call began that is not answered yet. */
  calls: Map<string, number>;
}

/** The real service's limit on a mail. */
const maxBytes = 30 * 1024 * 1024;

/** A SendGrid on this machine: the API that mails are sent to, its event webhook, and an inbox to look at. */
export async function createSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { clock, pagesUrl, apiKey } = options;
  const server = Fastify({ logger: false, bodyLimit: maxBytes, forceCloseConnections: true });
  const misfortune = new Misfortune();
  if (options.faults !== undefined) misfortune.faults = options.faults;
  const outbox = new Outbox(options.outbox);
  const beside = (name: string) => join(dirname(options.outbox), name);
  const dropped = new Dropped(beside('dropped.jsonl'));
  const suppressions = new Suppressions(beside('suppressions.jsonl'));
  const webhook = new Webhook(options.webhookUrl, options.webhookPrivateKey, clock, misfortune);
  const { receptionOf = () => 'delivered', inboundUrl = null } = options;
  const postOffice = new PostOffice({
    clock,
    outbox,
    dropped,
    suppressions,
    webhook,
    receptionOf,
  });
  const reader = new Reader({ webhook, suppressions, clock, inboundUrl });
  const calls = new Map<string, number>();
  const sandbox: Sandbox = {
    server,
    outbox,
    dropped,
    suppressions,
    webhook,
    reader,
    get faults(): Faults {
      return misfortune.faults;
    },
    set faults(given: SomeFaults) {
      misfortune.faults = given;
    },
    calls,
  };
  await server.register(formbody);
  await server.register(apiRoutes, {
    clock,
    apiKey,
    misfortune,
    postOffice,
    suppressions,
    webhook,
    calls,
  });

  server.get('/sandbox/report', async () => report(sandbox));
  server.post('/sandbox/faults', async (request, reply) => {
    try {
      sandbox.faults = readFaults('faults.json', JSON.stringify(request.body ?? null));
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      return reply.code(400).send({ error: error.message });
    }
    return sandbox.faults;
  });
  await server.register(inboxRoutes, { outbox, dropped, reader, pagesUrl });
  return sandbox;
}
