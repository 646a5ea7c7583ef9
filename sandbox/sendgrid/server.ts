import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import formbody from '@fastify/formbody';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Clock } from '../../engine/clock.ts';
import { faultsSchema, noFaults, type Faults } from './faults.ts';
import { inboxRoutes } from './inbox.ts';
import { Outbox, toStored } from './outbox.ts';
import { Reader } from './reader.ts';
import { report } from './report.ts';
import { validate } from './validate.ts';
import { eventOf, Webhook } from './webhook.ts';

export interface SandboxOptions {
  apiKey: string;
  /** The file that holds every mail. */
  outbox: string;
  /** Where events are posted. */
  webhookUrl: string;
  webhookPrivateKey: string;
  /** Where the pages of Lockstep are, for links. */
  pagesUrl: string;
  clock: Clock;
}

export interface Sandbox {
  server: FastifyInstance;
  outbox: Outbox;
  webhook: Webhook;
  reader: Reader;
  faults: Faults;
  /** When each call began that is not answered yet. */
  calls: Map<string, number>;
}

/** The real service's limit on a mail. */
const maxBytes = 30 * 1024 * 1024;

/** A SendGrid on this machine: the API that mails are sent to, its event webhook, and an inbox to look at. */
export async function createSandbox(options: SandboxOptions): Promise<Sandbox> {
  const server = Fastify({ logger: false, bodyLimit: maxBytes, forceCloseConnections: true });
  const outbox = new Outbox(options.outbox);
  const webhook = new Webhook(options.webhookUrl, options.webhookPrivateKey, options.clock);
  const reader = new Reader(webhook, options.clock);
  const sandbox: Sandbox = { server, outbox, webhook, reader, faults: noFaults, calls: new Map() };
  await server.register(formbody);

  server.addHook('onResponse', async request => {
    sandbox.calls.delete(request.id);
  });

  server.post('/v3/mail/send', async (request, reply) => {
    sandbox.calls.set(request.id, Date.now());
    if (request.headers.authorization !== `Bearer ${options.apiKey}`)
      return reply.code(401).send({
        errors: [
          {
            message: 'The provided authorization grant is invalid, expired, or revoked',
            field: null,
            help: null,
          },
        ],
      });
    const result = validate(request.body);
    if ('errors' in result) return reply.code(400).send(result);
    if (sandbox.faults.delayMs > 0) await sleep(sandbox.faults.delayMs);
    const now = options.clock.now();
    const stored = toStored(result.mail, randomBytes(16).toString('base64url'), now);
    outbox.add(stored);
    webhook.send(
      eventOf(stored, 'processed', now, { send_at: 0 }),
      eventOf(stored, 'delivered', now, { response: '250 2.0.0 OK', ip: '127.0.0.1', tls: 1 }),
    );
    // Empty, as the real answer is; what matters is in the header.
    return reply.code(202).header('x-message-id', stored.id).send('');
  });

  server.get('/sandbox/report', async () => report(sandbox));
  server.post('/sandbox/faults', async request => {
    sandbox.faults = faultsSchema.parse(request.body);
    return sandbox.faults;
  });
  await server.register(inboxRoutes, { outbox, reader, pagesUrl: options.pagesUrl });
  return sandbox;
}
