import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { isAway, sqlState } from '../store/database.ts';
import { BusyError } from './bodies.ts';
import { Connections } from './connections.ts';
import { contentSecurity } from './content-security.ts';
import type { HttpContext } from './context.ts';
import { otherMethods } from './methods.ts';
import { Message } from './pages/layout.tsx';
import { tellOfRehearsal } from './rehearsed.ts';
import { apiRoutes } from './routes/api.ts';
import { commentRoutes } from './routes/comment.ts';
import { deskRoutes } from './routes/desk.ts';
import { escalationRoutes } from './routes/escalation.ts';
import { healthRoutes } from './routes/health.ts';
import { homeRoutes } from './routes/home.ts';
import { inboundRoutes } from './routes/inbound.ts';
import { signingRoutes } from './routes/signing.ts';
import { leadRoutes } from './routes/lead.ts';
import { loginRoutes } from './routes/login.ts';
import { loopRoutes } from './routes/loop.ts';
import { sendgridRoutes } from './routes/sendgrid.ts';
import { stayRoutes } from './routes/stay.ts';
import { taskRoutes } from './routes/task.ts';
import { unsubscribeRoutes } from './routes/unsubscribe.ts';

/** Whoever was not answered by then is told to come again, in milliseconds: well within the grace of a process. */
const answerMs = 20_000;
/** When to come again, in seconds. */
const comeAgain = 5;

/** The HTTP server with all its routes, not yet listening. */
export async function createServer(context: HttpContext): Promise<FastifyInstance> {
  const connections = new Connections();
  const server = Fastify({
    // Every request's line would hold tokens; what matters is logged where it happens.
    logger: false,
    // A proxy in front is near; an address that a stranger forges is not believed.
    trustProxy: ['loopback', 'linklocal', 'uniquelocal'],
    bodyLimit: 64 * 1024,
    // A signed link may name two rows.
    routerOptions: { maxParamLength: 300 },
    serverFactory: handler => connections.serve(handler),
    frameworkErrors: (error, request, reply) => refuse(context, error, request, reply),
  });
  // Fastify's own `handlerTimeout` is over as soon as a post's body has been read (fastify/fastify#6725).
  server.addHook('onRequest', (_request, reply, done) => {
    const late = setTimeout(() => {
      if (!reply.sent) reply.send(new BusyError('a request was not answered in time'));
    }, answerMs);
    reply.raw.once('close', () => clearTimeout(late));
    done();
  });
  server.addHook('preClose', async () => connections.stop());
  server.addHook('onClose', async () => context.log.flush());
  await server.register(helmet, {
    contentSecurityPolicy: contentSecurity('own'),
    referrerPolicy: { policy: 'no-referrer' },
  });
  // A page's form and nothing else; what other routes take they say themselves.
  server.removeAllContentTypeParsers();
  await server.register(formbody);
  await server.register(cookie);
  await server.register(rateLimit, { global: false });
  // Before the routes: each of them takes over the handlers that there are.
  server.setNotFoundHandler((request, reply) =>
    answer(request.headers.accept, reply.code(404), 'Not here', 'There is no such page.'),
  );
  server.setErrorHandler((error: FastifyError, request, reply) =>
    refuse(context, error, request, reply),
  );
  const refuseOthers = otherMethods(server, (request, reply, methods) =>
    answer(
      request.headers.accept,
      reply.code(405).header('allow', methods),
      'Not this way',
      'This address is asked for in another way.',
    ),
  );
  const rehearsed = context.config.workspace?.rehearsed ?? null;
  if (rehearsed !== null) tellOfRehearsal(server, rehearsed);
  const assets = readAssets();
  server.get<{ Params: { name: string } }>('/assets/:name', async (request, reply) => {
    const css = assets.get(request.params.name);
    if (css === undefined) return reply.callNotFound();
    return reply.type('text/css').header('cache-control', 'public, max-age=3600').send(css);
  });
  await server.register(healthRoutes, context);
  await server.register(homeRoutes, context);
  await server.register(unsubscribeRoutes, context);
  await server.register(stayRoutes, context);
  await server.register(escalationRoutes, context);
  await server.register(taskRoutes, context);
  await server.register(signingRoutes, context);
  await server.register(leadRoutes, context);
  await server.register(commentRoutes, context);
  await server.register(loginRoutes, context);
  await server.register(deskRoutes, context);
  await server.register(loopRoutes, context);
  await server.register(sendgridRoutes, context);
  await server.register(inboundRoutes, context);
  await server.register(apiRoutes, context);
  refuseOthers();
  return server;
}

/** What is said of a failure; never what the failure itself says, which may hold what was sent. */
const sentences: ReadonlyMap<number, string> = new Map([
  [400, 'The body or the address of this request could not be read.'],
  [404, 'There is no such page.'],
  [413, 'That is too large.'],
  [414, 'The address is too long.'],
  [415, 'This kind of content is not taken here.'],
  [429, 'That was too often. Please try again in a minute.'],
  [500, 'Something went wrong on our side. Please try again.'],
  [503, 'Not just now. Please try again.'],
]);

function refuse(
  { log }: HttpContext,
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): unknown {
  const status = error.statusCode ?? (isAway(error) ? 503 : 500);
  if (status === 503) reply.header('retry-after', comeAgain);
  if (status >= 500)
    log.say(
      error instanceof BusyError ? 'warn' : 'error',
      { code: sqlState(error) ?? error.code, error: error.name, route: request.routeOptions.url },
      error instanceof BusyError ? error.message : 'a request failed',
    );
  const title = status === 429 ? 'Too fast' : 'That did not work';
  const text = sentences.get(status) ?? 'This request could not be understood.';
  return answer(request.headers.accept, reply.code(status), title, text);
}

/** The same answer as a page for people and as JSON for machines. */
function answer(
  accept: string | undefined,
  reply: FastifyReply,
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
    ['charts.css', readFileSync(new URL('../charts/charts.css', import.meta.url), 'utf8')],
  ]);
}
