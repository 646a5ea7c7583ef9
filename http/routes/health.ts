import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { isThere } from '../../store/database.ts';
import type { HttpContext } from '../context.ts';

/** How long the database may take to say that it is there, in milliseconds. */
const patienceMs = 2_000;

/**
 * For whoever keeps this process running and sends requests to it. `/healthz`: it runs; only a process that does
 * not answer is to be started again, because that brings no database back. `/readyz`: it can do its work. (When
 * it stops, it takes no connection and answers 503 on those that there are.)
 */
export async function healthRoutes(
  server: FastifyInstance,
  { database }: HttpContext,
): Promise<void> {
  // However many ask, the database is asked once at a time.
  let asking: Promise<boolean> | null = null;
  const isReady = () =>
    (asking ??= Promise.race([isThere(database), sleep(patienceMs, false, { ref: false })]).finally(
      () => (asking = null),
    ));

  server.get('/healthz', async () => ({ status: 'ok' }));
  server.get('/readyz', async (_request, reply) =>
    (await isReady())
      ? { status: 'ready' }
      : reply.code(503).send({ status: 'the database does not answer' }),
  );
}
