import { z } from 'zod';
import type { Instant } from '../../domain/instant.ts';
import { noFields } from '../../domain/lead/fields.ts';
import { mergeByAddress, type LeadRow } from '../../domain/lead/row.ts';
import type { Session } from '../../store/database.ts';
import { ingestEvents } from '../../store/event.ts';
import { leadsByAddress, openSource, upsertLeads, type UpsertedLead } from '../../store/lead.ts';
import { arrivalOf, cloudEventSchema, type CloudEvent } from '../cloud-event.ts';
import type { Endpoint } from '../endpoint.ts';
import { problemsOf } from '../problems.ts';

/** What a person who is not a lead yet can do to become one. */
const introductions: readonly CloudEvent['type'][] = ['form', 'download', 'webinar', 'booked'];

const example = {
  specversion: '1.0',
  id: '8c1f',
  source: 'https://www.example.com',
  type: 'form',
  time: '2026-03-02T08:00:00Z',
  data: {
    email: 'ada@example.com',
    name: 'Book a demo',
    fields: { first_name: 'Ada', title: 'Plant Manager', country: 'DE' },
  },
};

/** `POST /v1/events`: what leads do on your own site, as CloudEvents, one or a list. */
export const eventsEndpoint: Endpoint = {
  path: '/v1/events',
  summary: 'Tell what leads did',
  description:
    'CloudEvents 1.0, one or a list. `source` and `id` together name an event: the same pair again is the same event, ' +
    'and counts once. `time` may be years ago: an event counts by its age, and one that no rule looks back to is kept ' +
    'and changes nothing. A list with one mistake in it is refused whole.',
  noun: 'event',
  item: cloudEventSchema,
  most: 1_000,
  contentTypes: ['application/cloudevents+json', 'application/cloudevents-batch+json'],
  examples: {
    one: { summary: 'a stranger fills in a form, and is a lead from then on', value: example },
    past: {
      summary: 'what is known from before, in a list',
      value: [
        {
          specversion: '1.0',
          id: '8c20',
          source: 'https://www.example.com',
          type: 'page',
          time: '2024-11-05T10:30:00+01:00',
          data: { email: 'ada@example.com', name: '/pricing' },
        },
      ],
    },
  },
  answers: {
    202: {
      description: 'All of it is committed.',
      body: z.object({
        stored: z.int(),
        repeated: z.int().meta({ description: 'events that were there already' }),
        unknown: z
          .array(z.string())
          .meta({ description: 'ids of events whose address belongs to no lead' }),
      }),
      example: { stored: 1, repeated: 0, unknown: [] },
    },
    422: {
      description: 'Nothing was stored; every mistake is told.',
      body: z.object({
        error: z.string(),
        problems: z.array(z.object({ event: z.int(), field: z.string(), problem: z.string() })),
      }),
      example: {
        error: 'nothing was stored',
        problems: [
          {
            event: 0,
            field: 'type',
            problem:
              'it is "fomr", but must be one of page, form, download, webinar, reply, booked. Did you mean "form"?',
          },
        ],
      },
    },
  },
  take: async ({ database }, given, at) => {
    const events: CloudEvent[] = [];
    const problems = given.flatMap((value, event) => {
      const { data, error } = cloudEventSchema.safeParse(value);
      if (data !== undefined) events.push(data);
      return error === undefined
        ? []
        : problemsOf(error, value, cloudEventSchema).map(problem => ({ event, ...problem }));
    });
    if (problems.length > 0)
      return { status: 422, body: { error: 'nothing was stored', problems }, toNudge: [] };
    const { toNudge, ...body } = await database.transaction(session => store(session, events, at));
    return { status: 202, body, toNudge };
  },
};

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
  const rows = mergeByAddress(events.map(({ data }) => rowOf(data)));
  const source = await openSource(session, 'website', null, at);
  return upsertLeads(session, rows, source, at);
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
