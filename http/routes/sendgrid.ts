import type { FastifyInstance } from 'fastify';
import { parseJson } from '../../domain/document/text.ts';
import { hour } from '../../domain/instant.ts';
import { EventWriter } from '../../store/event-writer.ts';
import { Bodies } from '../bodies.ts';
import type { HttpContext } from '../context.ts';
import { batchSchema, readEvents } from '../sendgrid-event.ts';
import { refusalOf } from '../signature.ts';

/** SendGrid tries again for a day, and its posts keep the time of the first try. */
const toleranceMs = 26 * hour;
/** What is held at once is as much as is stored within a few seconds: SendGrid waits for an answer not much longer. */
const limits = { largest: 4 * 1024 * 1024, bytes: 32 * 1024 * 1024, posts: 500 };
/** Posts with a bad signature that one address may make in a minute. */
const badPostsAMinute = 60;

const refusals = {
  missing: 'the signature headers are missing',
  bad: 'the signature does not fit the body',
  stale: 'the timestamp is too old',
} as const;

/** SendGrid's event webhook: 2xx says that every event is committed, and only then. */
export async function sendgridRoutes(
  server: FastifyInstance,
  { config, database, clock, nudger, webhookKey, log }: HttpContext,
): Promise<void> {
  // The signature is over the bytes as they came, so this route reads them itself.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_request, _body, done) => done(null));
  const bodies = new Bodies(limits);
  const writer = new EventWriter(database, leads => nudger.nudge(leads));
  const badPosts = server.createRateLimit({ max: badPostsAMinute, timeWindow: 60_000 });

  server.post('/webhooks/sendgrid', { helmet: false }, async (request, reply) =>
    bodies.take(request, async body => {
      const now = clock.now();
      const refusal = refusalOf(webhookKey, body, request.headers, now, toleranceMs);
      if (refusal !== null) {
        log.say('warn', { refusal }, 'a webhook post was refused');
        const limit = await badPosts(request);
        const isTooOften = !limit.isAllowed && limit.isExceeded;
        if (isTooOften) reply.header('retry-after', limit.ttlInSeconds);
        return reply.code(isTooOften ? 429 : 401).send({ error: refusals[refusal] });
      }
      const batch = batchSchema.safeParse(read(body));
      if (!batch.success)
        return reply.code(400).send({ error: 'the body is not a JSON list of events' });
      const events = readEvents(batch.data, now, config.clickHoldMs);
      await writer.write(events, now);
      return reply.code(204).send();
    }),
  );
}

function read(body: Buffer): unknown {
  try {
    return parseJson(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
