import { z } from 'zod';
import project from '../package.json' with { type: 'json' };
import { refusalSchema, type Endpoint } from './endpoint.ts';
import type { Listing } from './listing.ts';
import type { Lookup } from './lookup.ts';

/** What may be answered, whatever is posted. */
const refusals: Readonly<Record<number, { description: string; error: string }>> = {
  400: {
    description: 'The body is no JSON; `line` and `column` say where.',
    error: 'the body is no JSON: see line 1, column 14',
  },
  401: {
    description: 'The API key is missing, or another.',
    error: 'send the header "Authorization: Bearer <API key>"',
  },
  413: {
    description: 'The body has more than 1 MiB, or too many parts.',
    error: 'That is too large.',
  },
  415: {
    description: 'The body is of another kind.',
    error: 'This kind of content is not taken here.',
  },
  429: {
    description: 'Too often; `Retry-After` says in how many seconds to post the same again.',
    error: 'That was too often. Please try again in a minute.',
  },
  503: {
    description: 'Not just now; `Retry-After` says in how many seconds to post the same again.',
    error: 'Not just now. Please try again.',
  },
};

/**
 * The OpenAPI 3.1 document of everything that may be posted and read, made of the same schemas that posts are held to.
 * @param publicUrl where the server is reached from outside
 */
export function openApi(
  {
    endpoints,
    lookups,
    listings,
  }: {
    endpoints: readonly Endpoint[];
    lookups: readonly Omit<Lookup, 'find'>[];
    listings: readonly Omit<Listing, 'list'>[];
  },
  publicUrl: string,
): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Lockstep',
      version: project.version,
      description:
        'Bring leads in, tell what they did and what became of them, and answer for those that are with sales. 2xx says that what it tells of is ' +
        'committed, and only then; whatever was not answered so may be posted again, and counts once.',
    },
    servers: [{ url: publicUrl }],
    security: [{ apiKey: [] }],
    paths: {
      ...Object.fromEntries(
        endpoints.map(endpoint => [endpoint.path, { post: operation(endpoint) }]),
      ),
      ...Object.fromEntries(listings.map(listing => [listing.path, { get: paging(listing) }])),
      ...Object.fromEntries(
        lookups.map(lookup => [
          `${lookup.path}/{${lookup.key}}${lookup.part === undefined ? '' : `/${lookup.part}`}`,
          { get: reading(lookup) },
        ]),
      ),
      '/v1/openapi.json': {
        get: {
          operationId: 'openapi',
          summary: 'This document',
          security: [],
          responses: {
            200: {
              description: 'OpenAPI 3.1.',
              content: { 'application/json': { schema: { type: 'object' } } },
            },
          },
        },
      },
    },
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'LOCKSTEP_API_KEY' },
      },
      schemas: {
        Refusal: jsonSchema(refusalSchema),
        ...Object.fromEntries(endpoints.map(({ noun, item }) => [nameOf(noun), jsonSchema(item)])),
      },
    },
  };
}

function operation(endpoint: Endpoint): object {
  const { noun, most, summary, description, contentTypes, examples, answers } = endpoint;
  const { parameters } = endpoint;
  const item = { $ref: `#/components/schemas/${nameOf(noun)}` };
  const list = { type: 'array', items: item, maxItems: most };
  const schema = most === 1 ? item : { anyOf: [item, list] };
  const content = Object.fromEntries(
    ['application/json', ...contentTypes].map(type => [type, { schema, examples }]),
  );
  return {
    operationId: `${noun}s`,
    summary,
    description,
    ...(parameters === undefined ? {} : { parameters }),
    requestBody: { required: true, content },
    responses: responses(Object.keys(refusals).map(Number), answers),
  };
}

/** What may be answered when something is read, beside what it is. */
const readRefusals = [401, 429, 503];

function reading(lookup: Omit<Lookup, 'find'>): object {
  const { noun, key, query, example, summary, description, answers } = lookup;
  const name = { name: key, in: 'path', required: true, schema: { type: 'string' }, example };
  return {
    operationId: noun,
    summary,
    description,
    parameters: [name, ...asked(query)],
    responses: responses(readRefusals, answers),
  };
}

function paging({ noun, summary, description, query, answers }: Omit<Listing, 'list'>): object {
  return {
    operationId: `${noun}s`,
    summary,
    description,
    parameters: asked(query),
    responses: responses(readRefusals, answers),
  };
}

/** What may be asked for, as parameters of the path. */
function asked(query: z.ZodObject): object[] {
  return Object.entries<z.ZodType>(query.shape).map(([name, schema]) => ({
    name,
    in: 'query',
    schema: jsonSchema(schema),
  }));
}

/** What is answered: the refusals that all have, and what one says of its own. */
function responses(statuses: readonly number[], answers: Endpoint['answers']): object {
  const own = Object.entries(answers).map(([status, answer]): [string, object] => [
    status,
    {
      description: answer.description,
      content: {
        'application/json': { schema: jsonSchema(answer.body), example: answer.example },
      },
    },
  ]);
  const common = Object.entries(refusals)
    .filter(([status]) => statuses.includes(Number(status)))
    .map(([status, { description, error }]): [string, object] => [
      status,
      {
        description,
        content: {
          'application/json': {
            schema: { $ref: '#/components/schemas/Refusal' },
            example: { error },
          },
        },
      },
    ]);
  return { ...Object.fromEntries(common), ...Object.fromEntries(own) };
}

function nameOf(noun: string): string {
  return noun.charAt(0).toUpperCase() + noun.slice(1);
}

/** OpenAPI 3.1 knows JSON Schema as it is; what a body may be is the form before it is read. */
function jsonSchema(schema: z.ZodType): object {
  const whole = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  delete whole.$schema;
  return whole;
}
