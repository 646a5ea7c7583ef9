import type { FastifyInstance } from 'fastify';
import { status } from '../../store/status.ts';
import type { HttpContext } from '../context.ts';
import { Home } from '../pages/home.tsx';
import { Message } from '../pages/layout.tsx';

/** The front page. Figures are shown on one's own machine only: in production it says nothing. */
export async function homeRoutes(
  server: FastifyInstance,
  { config: { workspace, studio }, database }: HttpContext,
): Promise<void> {
  server.get('/', async (_request, reply) => {
    reply.type('text/html');
    return workspace === null
      ? Message({ title: 'Lockstep', text: 'This server answers links in mails.' })
      : Home({ workspace, hasStudio: studio !== null, status: await status(database) });
  });
  // The link that no person sees. Whoever follows it is told nothing; the click itself is the sign.
  server.get('/l/p', async (_request, reply) => {
    reply.type('text/html');
    return Message({ title: 'Nothing here', text: 'This link is not meant to be followed.' });
  });
}
