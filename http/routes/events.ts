import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { suggestion } from '../../domain/document/nearest.ts';
import { noFields } from '../../domain/lead/fields.ts';
import type { LeadId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Session } from '../../store/database.ts';
import { ingestEvents } from '../../store/event.ts';
import { leadByAddress, openSource, upsertLeads } from '../../store/lead.ts';
import { arrivalOf, cloudEventSchema, cloudEventTypes, type CloudEvent } from '../cloud-event.ts';
import type { HttpContext } from '../context.ts';

const maxEvents = 1_000;
/** What a person who is not a lead yet can do to become one. */
const introductions: readonly CloudEvent['type'][] = ['form', 'download', 'webinar', 'booked'];

/** `POST /v1/events`: what leads do on your own site, as CloudEvents, one or a list. */
export async function eventRoutes(
  server: FastifyInstance,
  { config, database, clock, nudger }: HttpContext,
): Promise<void> {
  const expected = digest(`Bearer ${config.apiKey}`);
  server.addContentTypeParser(
    /^application\/cloudevents(-batch)?\+json/,
    { parseAs: 'string' },
    server.getDefaultJsonParser('error', 'error'),
  );

  server.post(
    '/v1/events',
    { bodyLimit: 1024 * 1024, config: { rateLimit: { max: 6_000, timeWindow: 60_000 } } },
    async (request, reply) => {
      if (!timingSafeEqual(digest(request.headers.authorization ?? ''), expected))
        return reply.code(401).send({ error: 'send the header "Authorization: Bearer <API key>"' });
      const given: unknown[] = Array.isArray(request.body) ? request.body : [request.body];
      if (given.length > maxEvents)
        return reply.code(413).send({ error: `at most ${maxEvents} events in one post` });
      const problems = given.flatMap((event, index) => problemsOf(event, index));
      if (problems.length > 0)
        return reply.code(422).send({ error: 'nothing was stored', problems });
      const at = clock.now();
      const { toNudge, ...result } = await database.transaction(session =>
        store(
          session,
          given.map(event => cloudEventSchema.parse(event)),
          at,
        ),
      );
      nudger.nudge(toNudge);
      return reply.code(202).send(result);
    },
  );
}

function problemsOf(
  event: unknown,
  index: number,
): { event: number; field: string; problem: string }[] {
  const parsed = cloudEventSchema.safeParse(event);
  return (parsed.error?.issues ?? []).map(issue => {
    const field = issue.path.map(String).join('.');
    const type = (event as { type?: unknown } | null)?.type;
    const near =
      field === 'type' && typeof type === 'string' ? suggestion(type, cloudEventTypes) : '';
    return { event: index, field, problem: `${issue.message}.${near}` };
  });
}

/** Stores events with the leads that they introduce. */
async function store(session: Session, events: readonly CloudEvent[], at: Instant) {
  const known = new Map<string, LeadId>();
  const introduced: LeadId[] = [];
  for (const { type, data } of events) {
    if (known.has(data.email)) continue;
    let id = await leadByAddress(session, data.email);
    if (id === null && introductions.includes(type)) {
      id = await introduce(session, data, at);
      introduced.push(id);
    }
    if (id !== null) known.set(data.email, id);
  }
  const arrivals = events.flatMap(event => {
    const lead = known.get(event.data.email);
    return lead === undefined ? [] : [arrivalOf(event, lead, at)];
  });
  const { stored, toNudge } = await ingestEvents(session, arrivals, at);
  return {
    stored,
    repeated: arrivals.length - stored,
    // Their addresses belong to no lead, and what they did does not make them one.
    unknown: events.filter(({ data }) => !known.has(data.email)).map(({ id }) => id),
    toNudge: [...new Set([...toNudge, ...introduced])],
  };
}

async function introduce(session: Session, data: CloudEvent['data'], at: Instant): Promise<LeadId> {
  const { first_name: firstName, last_name: lastName, ...rest } = data.fields ?? {};
  const given = Object.entries({ ...rest, firstName, lastName }).filter(
    ([, value]) => value !== undefined,
  );
  const row = {
    address: data.email,
    fields: { ...noFields, ...Object.fromEntries(given) },
    accountStatus: null,
    optedOut: false,
    consent: null,
    conversions: [],
  };
  const [lead] = await upsertLeads(
    session,
    [row],
    await openSource(session, 'website', null, at),
    at,
  );
  if (lead === undefined) throw new Error('A lead that was just made is there.');
  return lead.id;
}

/** Compared as digests, so that the time it takes says nothing of how far a guess was right. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
