import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LeadId } from '../../domain/ids.ts';
import { realClock } from '../../engine/clock.ts';
import { inboundAddress } from '../../http/inbound-address.ts';
import { Links } from '../../mail/links.ts';
import { signedHeaders } from '../../sandbox/sendgrid/signature.ts';
import { startNodeProcess } from '../../sandbox/servers/node-process.ts';
import { freePorts } from '../../sandbox/servers/ports.ts';
import { createDatabase } from '../database.ts';
import { createNamespace } from '../namespace.ts';
import { aLead } from '../program.ts';

export type HttpProcess = Awaited<ReturnType<typeof startHttp>>;

/** Longer than a process gives itself. */
const graceMs = 45_000;
const secret = 'a secret of thirty-two characters';

interface Services {
  DATABASE_URL: string;
  TEMPORAL_ADDRESS: string;
}

/**
 * The HTTP process as it runs in production, on a database and in a namespace of its own.
 * @param between changes where its services are, to put something in between
 */
export async function startHttp(
  between: (services: Services) => Promise<Partial<Services>> = async () => ({}),
) {
  const [port = 0] = await freePorts(1);
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-http-'));
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const { database, url: databaseUrl, drop } = await createDatabase();
  const { address, namespace, connection, client } = await createNamespace();
  const url = `http://127.0.0.1:${port}`;
  const services = { DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: address };
  const env = {
    PATH: process.env.PATH ?? '',
    ...services,
    ...(await between(services)),
    TEMPORAL_NAMESPACE: namespace,
    SENDGRID_API_KEY: 'SG.test',
    SENDGRID_WEBHOOK_PUBLIC_KEY: publicKey
      .export({ type: 'spki', format: 'der' })
      .toString('base64'),
    LOCKSTEP_PUBLIC_URL: url,
    LOCKSTEP_HTTP_PORT: String(port),
    LOCKSTEP_SECRET: secret,
    LOCKSTEP_API_KEY: 'an api key for tests',
  };
  const server = await startNodeProcess({
    entry: 'http/main.ts',
    folder,
    name: 'http',
    env,
    graceMs,
  });
  const { pid } = server.process;
  const links = new Links(url, secret);
  const procFile = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
  return {
    url,
    port,
    database,
    databaseUrl,
    client,
    apiKey: env.LOCKSTEP_API_KEY,
    /** Where Inbound Parse posts. */
    inbound: inboundAddress(url, secret),
    exited: server.exited,
    /** What SendGrid says of a body. */
    headersFor: (...body: (string | Buffer)[]): Record<string, string> => ({
      'content-type': 'application/json',
      ...signedHeaders(privateKey, Date.now(), ...body),
    }),
    /** A page that asks the database: where a new lead can unsubscribe. */
    aPage: async (): Promise<string> =>
      links.unsubscribe(await aLead({ database, clock: realClock })),
    aLead: (): Promise<LeadId> => aLead({ database, clock: realClock }),
    /** What it wrote into its log. */
    log: async () => {
      const text = await readFile(join(folder, 'logs', 'http.log'), 'utf8');
      return text
        .split('\n')
        .filter(line => line.startsWith('{'))
        .map(line => JSON.parse(line) as Record<string, unknown>);
    },
    /** The most memory that it ever had, in megabytes (Linux only; 0 elsewhere). */
    peakMemory: async () =>
      Number(/VmHWM:\s+(\d+)/.exec(await procFile('status'))?.[1] ?? 0) / 1024,
    /** Files and connections that it has open (Linux only; 0 elsewhere). */
    openFiles: async () => (await readdir(`/proc/${pid}/fd`).catch(() => [])).length,
    /** Tells it to stop, as whoever runs it does, and waits for its exit code. */
    stop: async () => {
      process.kill(pid, 'SIGTERM');
      return server.exited;
    },
    /** Ends it in the middle of whatever it does. */
    kill: async () => {
      process.kill(pid, 'SIGKILL');
      return server.exited;
    },
    end: async () => {
      await server.stop();
      await connection.close();
      await drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

let made = 0;

/** An event of SendGrid's that no other equals. */
export function anEvent(more: Record<string, unknown> = {}): Record<string, unknown> {
  made += 1;
  return {
    email: `nobody-${made}@example.com`,
    timestamp: Math.floor(Date.now() / 1000) - 60,
    event: 'processed',
    sg_event_id: randomUUID(),
    sg_message_id: `${randomUUID()}.recvd`,
    ...more,
  };
}

/** Posts events as SendGrid does. */
export async function post(http: HttpProcess, events: unknown, more: Record<string, string> = {}) {
  const body = `${JSON.stringify(events)}\r\n`;
  const response = await fetch(`${http.url}/webhooks/sendgrid`, {
    method: 'POST',
    headers: { ...http.headersFor(body), ...more },
    body,
  });
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    text: await response.text(),
  };
}
