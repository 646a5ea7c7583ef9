import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Turns away whoever does not show the API key. */
export function keyNeeded(
  apiKey: string,
): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const expected = digest(`Bearer ${apiKey}`);
  return async (request, reply) => {
    if (!timingSafeEqual(digest(request.headers.authorization ?? ''), expected))
      await reply.code(401).send({ error: 'send the header "Authorization: Bearer <API key>"' });
  };
}

/** Compared as digests, so that the time it takes says nothing of how far a guess was right. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
