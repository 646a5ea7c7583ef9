import type { FastifyInstance } from 'fastify';
import { bareServer } from '../bare-server.ts';
import { studioRoutes } from '../routes/studio.ts';
import type { SparingLog } from '../sparing-log.ts';
import type { StudioContext } from './context.ts';

/** A server that has the studio alone, not yet listening. */
export async function createStudio(
  context: StudioContext,
  log: SparingLog,
): Promise<FastifyInstance> {
  const { server, complete } = await bareServer(log);
  server.get('/', async (_request, reply) => reply.redirect('/studio', 302));
  await server.register(studioRoutes, context);
  complete();
  return server;
}
