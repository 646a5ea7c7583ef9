import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import formbody from '@fastify/formbody';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import type { HttpContext } from './context.ts';
import { Message } from './pages/layout.tsx';
import { escalationRoutes } from './routes/escalation.ts';
import { eventRoutes } from './routes/events.ts';
import { homeRoutes } from './routes/home.ts';
import { sendgridRoutes } from './routes/sendgrid.ts';
import { unsubscribeRoutes } from './routes/unsubscribe.ts';

/** The HTTP server with all its routes, not yet listening. */
export async function createServer(context: HttpContext): Promise<FastifyInstance> {
  const server = Fastify({
    // Every request's line would hold tokens; what matters is logged where it happens.
    logger: false,
    trustProxy: context.config.workspace === null,
    bodyLimit: 64 * 1024,
    requestTimeout: 30_000,
    forceCloseConnections: 'idle',
  });
  await server.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        formAction: ["'self'"],
        upgradeInsecureRequests: null,
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
  });
  await server.register(formbody);
  await server.register(rateLimit, { global: false });
  const assets = readAssets();
  server.get<{ Params: { name: string } }>('/assets/:name', async (request, reply) => {
    const css = assets.get(request.params.name);
    if (css === undefined) return reply.callNotFound();
    return reply.type('text/css').header('cache-control', 'public, max-age=3600').send(css);
  });
  server.get('/healthz', async () => ({ status: 'ok' }));
  await server.register(homeRoutes, context);
  await server.register(unsubscribeRoutes, context);
  await server.register(escalationRoutes, context);
  await server.register(sendgridRoutes, context);
  await server.register(eventRoutes, context);
  server.setNotFoundHandler((request, reply) =>
    answer(request.headers.accept, reply.code(404), 'Not here', 'There is no such page.'),
  );
  server.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500)
      context.log.error({ code: error.code, name: error.name }, 'a request failed');
    const text =
      status >= 500 ? 'Something went wrong on our side. Please try again.' : error.message;
    return answer(
      request.headers.accept,
      reply.code(status),
      status === 429 ? 'Too fast' : 'That did not work',
      text,
    );
  });
  return server;
}

/** The same answer as a page for people and as JSON for machines. */
function answer(
  accept: string | undefined,
  reply: { type: (type: string) => unknown; send: (body: unknown) => unknown },
  title: string,
  text: string,
): unknown {
  if (accept?.includes('text/html') === true) {
    reply.type('text/html');
    return reply.send(Message({ title, text }));
  }
  return reply.send({ error: text });
}

function readAssets(): ReadonlyMap<string, string> {
  const pico = createRequire(import.meta.url).resolve('@picocss/pico/css/pico.min.css');
  return new Map([
    ['pico.css', readFileSync(pico, 'utf8')],
    ['lockstep.css', readFileSync(new URL('assets/lockstep.css', import.meta.url), 'utf8')],
  ]);
}
