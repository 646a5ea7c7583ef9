import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NativeConnection } from '@temporalio/worker';
import { pino } from 'pino';
import { createContext } from '../activities/context.ts';
import type { Config } from '../config.ts';
import { instant, type Instant } from '../domain/instant.ts';
import { SetClock } from '../engine/clock.ts';
import { Engine } from '../engine/engine.ts';
import { inboundAddress } from '../http/inbound-address.ts';
import { httpContext } from '../http/context.ts';
import { createServer } from '../http/server.ts';
import { MailGateway } from '../mail/gateway.ts';
import { NoticeMail } from '../mail/notice-mail.ts';
import { RepMail } from '../mail/rep-mail.ts';
import { SigningMail } from '../mail/signing-mail.ts';
import { freePorts } from '../sandbox/servers/ports.ts';
import { createSandbox } from '../sandbox/sendgrid/server.ts';
import { createWorker } from '../worker.ts';
import { createDatabase } from './database.ts';
import { createNamespace } from './namespace.ts';

/** For what runs in real time: the clock goes by itself. */
class RealClock extends SetClock {
  override now(): Instant {
    return instant(Date.now());
  }

  override shift(): number {
    return 0;
  }
}

export type App = Awaited<ReturnType<typeof startApp>>;

/**
 * Everything but the processes: a real database, a real Temporal in virtual time, real HTTP, and a
 * SendGrid on this machine.
 * @param at when the domain's time begins, such as `2026-03-02T08:00:00Z`; `now` for real time
 * @param rehearsed what its pages say was rehearsed in it
 */
export async function startApp(at: string, rehearsed: { from: string; to: string } | null = null) {
  const clock =
    at === 'now' ? new RealClock(instant(Date.now())) : new SetClock(instant(Date.parse(at)));
  const [httpPort = 0, sandboxPort = 0] = await freePorts(2);
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-app-'));
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const log = pino({ level: 'silent' });
  const { database, url: databaseUrl, drop } = await createDatabase();
  const { address, namespace, connection, client } = await createNamespace();
  const config: Config = {
    databaseUrl,
    temporal: { env: { TEMPORAL_ADDRESS: address }, namespace, buildId: null },
    sendgrid: {
      apiKey: 'SG.test',
      baseUrl: `http://127.0.0.1:${sandboxPort}/`,
      webhookPublicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    },
    http: { host: '127.0.0.1', port: httpPort, publicUrl: `http://127.0.0.1:${httpPort}` },
    secret: 'a secret of thirty-two characters',
    apiKey: 'an api key for tests',
    hook: null,
    studio: null,
    logLevel: 'error',
    clickHoldMs: 60_000,
    workspace: {
      name: 'test',
      temporalUi: '',
      inbox: `http://127.0.0.1:${sandboxPort}`,
      rehearsed,
    },
  };
  const engine = new Engine(client);
  const parts = { config, database, engine, clock, templates: 'templates', log };
  const served = await httpContext(parts);
  const { links, nudger, loginMailer } = served;
  const http = await createServer(served);
  await http.listen({ host: '127.0.0.1', port: httpPort });
  const sandbox = await createSandbox({
    apiKey: config.sendgrid.apiKey,
    outbox: join(folder, 'outbox.jsonl'),
    webhookUrl: `${config.http.publicUrl}/webhooks/sendgrid`,
    webhookPrivateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    inboundUrl: inboundAddress(config.http.publicUrl, config.secret),
    pagesUrl: config.http.publicUrl,
    clock,
  });
  await sandbox.server.listen({ host: '127.0.0.1', port: sandboxPort });
  const context = createContext({
    database,
    engine,
    gateway: new MailGateway(config.sendgrid.apiKey, config.sendgrid.baseUrl),
    hooks: null,
    links,
    signingMail: await SigningMail.load('templates'),
    repMail: await RepMail.load('templates'),
    noticeMail: await NoticeMail.load('templates'),
    log,
  });
  const native = await NativeConnection.connect({ address });
  const worker = await createWorker(context, native, null);
  const running = worker.run();
  return {
    clock,
    config,
    database,
    client,
    engine,
    context,
    links,
    nudger,
    loginMailer,
    sandbox,
    worker,
    privateKey,
    stop: async () => {
      worker.shutdown();
      await running;
      sandbox.webhook.close();
      await sandbox.server.close();
      await http.close();
      await nudger.drain();
      await native.close();
      await connection.close();
      await drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
