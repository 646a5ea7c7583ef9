import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import pLimit from 'p-limit';
import { suggestion } from '../../domain/document/nearest.ts';
import type { Address } from '../../domain/lead/address.ts';
import { noFields } from '../../domain/lead/fields.ts';
import { mergeRows, type LeadRow } from '../../domain/lead/row.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Session } from '../../store/database.ts';
import { ingestEvents } from '../../store/event.ts';
import { leadsByAddress, openSource, upsertLeads, type UpsertedLead } from '../../store/lead.ts';
import { Bodies } from '../bodies.ts';
import { arrivalOf, cloudEventSchema, cloudEventTypes, type CloudEvent } from '../cloud-event.ts';
import type { HttpContext } from '../context.ts';

const maxEvents = 1_000;
const limits = { largest: 1024 * 1024, bytes: 8 * 1024 * 1024, posts: 200 };
/** Transactions at once: each has a connection to itself, and pages need some. */
const width = 4;
/** What a person who is not a lead yet can do to become one. */
const introductions: readonly CloudEvent['type'][] = ['form', 'download', 'webinar', 'booked'];

/** `POST /v1/events`: what leads do on your own site, as CloudEvents, one or a list. */
export async function eventRoutes(
  server: FastifyInstance,
  { config, database, clock, nudger }: HttpContext,
): Promise<void> {
  const expected = digest(`Bearer ${config.apiKey}`);
  server.removeAllContentTypeParsers();
  for (const type of ['application/json', /^application\/cloudevents(-batch)?\+json/])
    server.addContentTypeParser(type, (_request, _body, done) => done(null));
  const parse = server.getDefaultJsonParser('error', 'error');
  const jsonOf = (request: FastifyRequest, body: Buffer) =>
    new Promise<unknown>((resolve, reject) => {
      void parse(request, body.toString('utf8'), (error, value) =>
        error === null ? resolve(value) : reject(error),
      );
    });
  const bodies = new Bodies(limits);
  const inTurn = pLimit(width);

  server.post(
    '/v1/events',
    {
      config: { rateLimit: { max: 6_000, timeWindow: 60_000 } },
      // Before the body: a stranger's is not read.
      preParsing: async (request, reply) => {
        if (!timingSafeEqual(digest(request.headers.authorization ?? ''), expected))
          await reply
            .code(401)
            .send({ error: 'send the header "Authorization: Bearer <API key>"' });
      },
    },
    async (request, reply) =>
      bodies.take(request, async body => {
        const json = await jsonOf(request, body);
        const given: unknown[] = Array.isArray(json) ? json : [json];
        if (given.length > maxEvents)
          return reply.code(413).send({ error: `at most ${maxEvents} events in one post` });
        const problems = given.flatMap((event, index) => problemsOf(event, index));
        if (problems.length > 0)
          return reply.code(422).send({ error: 'nothing was stored', problems });
        const events = given.map(event => cloudEventSchema.parse(event));
        const at = clock.now();
        const { toNudge, ...result } = await inTurn(() =>
          database.transaction(session => store(session, events, at)),
        );
        nudger.nudge(toNudge);
        return reply.code(202).send(result);
      }),
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
  const known = await leadsByAddress(
    session,
    events.map(({ data }) => data.email),
  );
  const introduced = await introduce(
    session,
    events.filter(({ type, data }) => introductions.includes(type) && !known.has(data.email)),
    at,
  );
  for (const { address, id } of introduced) known.set(address, id);
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
    toNudge: [...new Set([...toNudge, ...introduced.map(({ id }) => id)])],
  };
}

/** Makes leads of strangers, all at once, so that posts which overlap wait for each other in one order. */
async function introduce(
  session: Session,
  events: readonly CloudEvent[],
  at: Instant,
): Promise<UpsertedLead[]> {
  if (events.length === 0) return [];
  const rows = new Map<Address, LeadRow>();
  for (const { data } of events) {
    const before = rows.get(data.email);
    rows.set(data.email, before === undefined ? rowOf(data) : mergeRows(before, rowOf(data)));
  }
  const source = await openSource(session, 'website', null, at);
  return upsertLeads(session, [...rows.values()], source, at);
}

function rowOf({ email, fields = {} }: CloudEvent['data']): LeadRow {
  const { first_name: firstName, last_name: lastName, ...rest } = fields;
  const given = Object.entries({ ...rest, firstName, lastName }).filter(
    ([, value]) => value !== undefined,
  );
  return {
    address: email,
    fields: { ...noFields, ...Object.fromEntries(given) },
    accountStatus: null,
    optedOut: false,
    consent: null,
    conversions: [],
  };
}

/** Compared as digests, so that the time it takes says nothing of how far a guess was right. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
