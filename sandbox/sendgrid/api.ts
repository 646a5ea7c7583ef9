import type { Clock } from '../../engine/clock.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import type { CallFate, Misfortune } from './misfortune.ts';
import type { PostOffice } from './post-office.ts';
import { accountLists, type AccountList, type Suppressions } from './suppressions.ts';
import { validate, type MailSend } from './validate.ts';
import type { Webhook } from './webhook.ts';

interface ApiOptions {
  apiKey: string;
  clock: Clock;
  misfortune: Misfortune;
  postOffice: PostOffice;
  suppressions: Suppressions;
  webhook: Webhook;
  /** When each call began that is not answered yet. */
  calls: Map<string, number>;
}

/** An answer waits this long at most, in milliseconds, for events that are to come before it. */
const earlyMs = 2_000;

const badGateway = `<html>\r
<head><title>502 Bad Gateway</title></head>\r
<body>\r
<center><h1>502 Bad Gateway</h1></center>\r
<hr><center>nginx</center>\r
</body>\r
</html>\r
`;

/** The real service's API: mails, and the lists of those whom it does not mail. */
export async function apiRoutes(server: FastifyInstance, options: ApiOptions): Promise<void> {
  const { apiKey, misfortune, suppressions, calls } = options;

  server.addHook('onRequest', async (request, reply) => {
    if (request.headers.authorization !== `Bearer ${apiKey}`)
      return refuse(reply, 401, 'The provided authorization grant is invalid, expired, or revoked');
  });
  server.setErrorHandler(({ statusCode = 500, message }: FastifyError, _request, reply) =>
    refuse(reply, statusCode, statusCode === 400 ? 'Bad Request' : message),
  );

  // The official client calls what it sends JSON, also where it sends nothing.
  server.removeContentTypeParser('application/json');
  server.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    async (_request: unknown, body: string) => read(body),
  );

  server.post('/v3/mail/send', async (request, reply) => {
    calls.set(request.id, Date.now());
    reply.raw.once('close', () => calls.delete(request.id));
    const result = validate(request.body);
    if ('errors' in result) return reply.code(400).send(result);
    const { delayMs } = misfortune.faults;
    if (delayMs > 0) await sleep(delayMs);
    return answer(reply, result.mail, options);
  });

  server.get<{ Params: { list: string } }>('/v3/suppression/:list', async ({ params }, reply) => {
    const list = accountList(params.list);
    if (list === null) return refuse(reply, 404, 'resource not found');
    return suppressions.on(list).map(({ address, at, reason, status }) => ({
      created: Math.floor(at / 1_000),
      email: address,
      reason,
      status,
    }));
  });

  server.delete<{ Params: { list: string; address: string } }>(
    '/v3/suppression/:list/:address',
    async ({ params }, reply) => {
      const list = accountList(params.list);
      if (list === null || !suppressions.remove(list, params.address))
        return refuse(reply, 404, 'resource not found');
      return reply.code(204).send();
    },
  );
}

/** Takes a mail, and answers; whatever goes wrong goes wrong here. */
async function answer(
  reply: FastifyReply,
  mail: MailSend,
  { clock, misfortune, postOffice, webhook }: ApiOptions,
): Promise<unknown> {
  // Checked, and sent to nobody.
  if (mail.mail_settings?.sandbox_mode?.enable === true) return reply.code(200).send('');
  const fate = misfortune.call(...subjectOf(mail));
  if (!isTaken(fate)) return fail(reply, fate, misfortune, clock);
  const id = postOffice.take(mail);
  if (fate.isEarly) await Promise.race([webhook.settled(), sleep(earlyMs)]);
  if (fate.trouble === 'timeouts') await hold(reply, misfortune.faults.holdMs);
  else if (fate.trouble !== null) return fail(reply, fate, misfortune, clock);
  // Empty, as the real answer is; what matters is in the header.
  return reply.code(202).header('x-message-id', id).send('');
}

/** Whom a call mails, and at which step: what its fate is drawn by, since ids are new each time. */
function subjectOf({ personalizations: [first], custom_args: args }: MailSend): [string, string] {
  const step = first?.custom_args?.step ?? args?.step ?? '';
  return [first?.to[0]?.email ?? '', step];
}

function isTaken({ trouble, isTaken: taken }: CallFate): boolean {
  switch (trouble) {
    case 'limits':
    case 'errors':
    case 'resets':
      return false;
    case 'proxy':
      return taken;
    case null:
    case 'lateErrors':
    case 'lateResets':
    case 'timeouts':
      return true;
  }
}

function fail(
  reply: FastifyReply,
  { trouble, status }: CallFate,
  { faults }: Misfortune,
  clock: Clock,
): FastifyReply {
  switch (trouble) {
    case 'limits':
      return refuse(
        reply
          .header('x-ratelimit-limit', '600')
          .header('x-ratelimit-remaining', '0')
          .header('x-ratelimit-reset', Math.ceil(clock.now() / 1_000) + faults.limitSeconds),
        429,
        'too many requests',
      );
    case 'resets':
    case 'lateResets':
      reply.hijack();
      reply.raw.socket?.resetAndDestroy();
      return reply;
    case 'proxy':
      return reply.code(502).type('text/html').send(badGateway);
    default:
      return refuse(
        reply,
        status,
        status === 500 ? 'Internal Server Error' : 'Service Unavailable',
      );
  }
}

/** Waits, unless whoever asked hangs up before. */
async function hold(reply: FastifyReply, ms: number): Promise<void> {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  await sleep(ms, undefined, { signal: gone.signal }).catch(() => undefined);
}

function refuse(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).send({ errors: [{ message, field: null, help: null }] });
}

/** JSON, or undefined when it is none. */
function read(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function accountList(name: string): AccountList | null {
  return accountLists.find(list => list === name) ?? null;
}
