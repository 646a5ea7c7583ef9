import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@sendgrid/client';
import { MailService } from '@sendgrid/mail';
import { instant, type Instant } from '../../domain/instant.ts';
import type { Clock } from '../../engine/clock.ts';
import { MailGateway, type OutgoingMail } from '../../mail/gateway.ts';
import type { StoredMail } from '../../sandbox/sendgrid/outbox.ts';
import { createSandbox, type SandboxOptions } from '../../sandbox/sendgrid/server.ts';
import { startReceiver } from './receiver.ts';

/** A clock that stands until it is moved. */
class StandingClock implements Clock {
  at: Instant = instant(Date.parse('2026-03-02T08:00:00Z'));

  now(): Instant {
    return this.at;
  }

  shift(): number {
    return Date.now() - this.at;
  }
}

export type TestSandbox = Awaited<ReturnType<typeof startSandbox>>;

/** A sandbox at a port of its own, with the official clients that talk to it and a receiver of its events. */
export async function startSandbox(options: Partial<SandboxOptions> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-sandbox-'));
  const receiver = await startReceiver();
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const clock = new StandingClock();
  const sandbox = await createSandbox({
    apiKey: 'SG.right',
    outbox: join(folder, 'outbox.jsonl'),
    webhookUrl: receiver.url,
    webhookPrivateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    pagesUrl: 'http://localhost:3000',
    clock,
    ...options,
  });
  await sandbox.server.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(sandbox.server.server.address() as AddressInfo).port}/`;
  const client = new Client();
  client.setApiKey('SG.right');
  client.setDefaultRequest('baseUrl', url);
  const service = new MailService();
  service.setClient(client);
  const gateway = new MailGateway('SG.right', url);
  return {
    folder,
    receiver,
    publicKey,
    clock,
    sandbox,
    url,
    client,
    service,
    gateway,
    /** Sends a mail by the official client; returns it as it was stored, or null when it was dropped. */
    mail: async (more: object = {}): Promise<StoredMail | null> => {
      const [response] = await service.send({ ...aMail, ...more });
      const headers = response.headers as Record<string, string>;
      return sandbox.outbox.read(headers['x-message-id'] ?? '');
    },
    /** The events that came since the last time. */
    told: async () => {
      await sandbox.webhook.settled();
      return receiver.events();
    },
    report: async () => (await fetch(`${url}sandbox/report`)).json(),
    stop: async () => {
      sandbox.webhook.close();
      await sandbox.server.close();
      receiver.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A mail as the official library takes it. */
export const aMail = {
  to: 'ada@example.com',
  from: { name: 'Nora', email: 'nora@northwind.example' },
  replyTo: 'reply+token@parse.northwind.example',
  subject: 'Hello',
  text: 'Hello Ada',
  html: '<p>Hello <a href="https://a.example/1">one</a> <a href="https://a.example/2" style="display:none">two</a></p>',
  customArgs: { send_id: 'send-1', enrollment_id: 'enrollment-1', step: 'first' },
  categories: ['c-nurture'],
};

/** The same as Lockstep's own gateway takes it. */
export const outgoing: OutgoingMail = {
  to: aMail.to,
  from: { name: 'Nora', address: 'nora@northwind.example' },
  subject: aMail.subject,
  html: aMail.html,
  text: aMail.text,
  headers: {},
  customArgs: aMail.customArgs,
  categories: aMail.categories,
  countClicks: true,
};
