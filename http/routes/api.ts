import type { FastifyInstance } from 'fastify';
import type { HttpContext } from '../context.ts';
import { serveEndpoints } from '../endpoint.ts';
import { serveListing } from '../listing.ts';
import { serveLookup } from '../lookup.ts';
import { openApi } from '../openapi.ts';
import { accountLookup, accountsEndpoint } from './accounts.ts';
import { answersEndpoint } from './answers.ts';
import { escalationListing, escalationLookup } from './escalations.ts';
import { eventsEndpoint } from './events.ts';
import { leadsEndpoint } from './leads.ts';
import { outcomesEndpoint } from './outcomes.ts';
import { stepResultsLookup } from './step-results.ts';

const endpoints = [
  leadsEndpoint,
  eventsEndpoint,
  outcomesEndpoint,
  accountsEndpoint,
  answersEndpoint,
];
const lookups = [accountLookup, escalationLookup];
const listings = [escalationListing];

/** What other systems post and read, and the document that says how. */
export async function apiRoutes(server: FastifyInstance, context: HttpContext): Promise<void> {
  await serveEndpoints(server, context, endpoints);
  for (const lookup of lookups) serveLookup(server, context, lookup);
  serveLookup(server, context, stepResultsLookup);
  for (const listing of listings) serveListing(server, context, listing);
  const document = openApi(
    { endpoints, lookups: [...lookups, stepResultsLookup], listings },
    context.config.http.publicUrl,
  );
  server.get('/v1/openapi.json', async () => document);
}
