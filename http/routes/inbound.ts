import multipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';
import pLimit from 'p-limit';
import type { Instant } from '../../domain/instant.ts';
import { unlessDeadlocked, type Database } from '../../store/database.ts';
import { ingestEvents } from '../../store/event.ts';
import { leadsByAddress } from '../../store/lead.ts';
import { answeredSend } from '../../store/send.ts';
import type { HttpContext } from '../context.ts';
import { isInboundSecret } from '../inbound-address.ts';
import { arrivalsOf, type Origin } from '../inbound-event.ts';
import { formOptions, Forms } from '../inbound-form.ts';
import { readMail, type InboundMail } from '../inbound-mail.ts';

interface Route {
  Params: { secret: string };
}

/** Mails that are being stored at once: pages need the other connections. */
const width = 2;

/** SendGrid's Inbound Parse: what leads answer. 2xx says that it is committed, and only then. */
export async function inboundRoutes(
  server: FastifyInstance,
  { config, database, clock, nudger, log }: HttpContext,
): Promise<void> {
  server.removeAllContentTypeParsers();
  await server.register(multipart, formOptions);
  const forms = new Forms();
  const inTurn = pLimit(width);

  server.post<Route>(
    '/webhooks/inbound/:secret',
    {
      helmet: false,
      // Before the body: a stranger's is not read.
      preParsing: async ({ params }, reply) => {
        if (isInboundSecret(params.secret, config.secret)) return;
        log.say('warn', {}, 'a mail was refused: it came to an address that is not this one');
        reply.callNotFound();
        await reply;
      },
    },
    async (request, reply) =>
      forms.take(request, reply, async form => {
        const mail = readMail(form);
        if (mail === null) return reply.code(400).send({ error: 'there is no mail in the form' });
        const now = clock.now();
        const { toNudge } = await inTurn(() => store(database, mail, now));
        nudger.nudge(toNudge);
        return reply.code(204).send();
      }),
  );
}

async function store(database: Database, mail: InboundMail, at: Instant) {
  const events = arrivalsOf(mail, await originOf(database, mail), at);
  return unlessDeadlocked(() => ingestEvents(database, events, at));
}

async function originOf(database: Database, { answers, senders }: InboundMail): Promise<Origin> {
  const answered = await answeredSend(database, answers);
  const leads = await leadsByAddress(database, senders);
  const from = senders.find(address => leads.has(address)) ?? null;
  return { answered, from, sender: (from && leads.get(from)) ?? null };
}
