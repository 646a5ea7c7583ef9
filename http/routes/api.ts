import type { FastifyInstance } from 'fastify';
import type { HttpContext } from '../context.ts';
import { serveEndpoints } from '../endpoint.ts';
import { openApi } from '../openapi.ts';
import { eventsEndpoint } from './events.ts';
import { leadsEndpoint } from './leads.ts';
import { outcomesEndpoint } from './outcomes.ts';

const endpoints = [leadsEndpoint, eventsEndpoint, outcomesEndpoint];

/** What other systems post, and the document that says how. */
export async function apiRoutes(server: FastifyInstance, context: HttpContext): Promise<void> {
  await serveEndpoints(server, context, endpoints);
  const document = openApi(endpoints, context.config.http.publicUrl);
  server.get('/v1/openapi.json', async () => document);
}
