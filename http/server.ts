import type { FastifyInstance } from 'fastify';
import { bareServer } from './bare-server.ts';
import type { HttpContext } from './context.ts';
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

/** The HTTP server with all its routes, not yet listening. */
export async function createServer(context: HttpContext): Promise<FastifyInstance> {
  const { server, complete } = await bareServer(context.log);
  const rehearsed = context.config.workspace?.rehearsed ?? null;
  if (rehearsed !== null) tellOfRehearsal(server, rehearsed);
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
  if (context.studio !== null) {
    const { studioRoutes } = await import('./routes/studio.ts');
    await server.register(studioRoutes, context.studio);
  }
  await server.register(sendgridRoutes, context);
  await server.register(inboundRoutes, context);
  await server.register(apiRoutes, context);
  complete();
  return server;
}
