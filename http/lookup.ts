import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Instant } from '../domain/instant.ts';
import { keyNeeded } from './api-key.ts';
import type { HttpContext } from './context.ts';
import { inOneLine, problemsOf } from './problems.ts';

/** Something that may be read at `/v1`, one at a time. The OpenAPI document is made of the same. */
export interface Lookup<Query extends z.ZodObject = z.ZodObject> {
  /** Where all of its kind are, such as `/v1/accounts`; one is read below it, by its name. */
  path: string;
  /** What names one, such as `domain`. */
  key: string;
  /** What of it is read, where that is not the thing itself, such as `results`. */
  part?: string;
  /** What may be asked for beside the name; every value comes as a text. */
  query: Query;
  /** What a name looks like. */
  example: string;
  /** What is read, such as `account`. */
  noun: string;
  /** What it does, in a few words and in a few sentences. */
  summary: string;
  description: string;
  /** What is answered, by status, beside what every lookup answers. */
  answers: Readonly<Record<number, { description: string; body: z.ZodType; example: object }>>;
  find: (
    context: HttpContext,
    name: string,
    at: Instant,
    query: z.output<Query>,
  ) => Promise<{ status: number; body: object }>;
}

const readsAMinute = 6_000;

/** Where nothing may be asked for. */
export const noQuery = z.object({});

/** Serves one of what may be read at `/v1` by whoever has the API key. */
export function serveLookup<Query extends z.ZodObject>(
  server: FastifyInstance,
  context: HttpContext,
  { path, part, query, find }: Lookup<Query>,
): void {
  const { config, clock } = context;
  server.get<{ Params: { name: string } }>(
    `${path}/:name${part === undefined ? '' : `/${part}`}`,
    {
      config: { rateLimit: { max: readsAMinute, timeWindow: 60_000 } },
      onRequest: keyNeeded(config.apiKey),
    },
    async (request, reply) => {
      const read = query.safeParse(request.query);
      if (!read.success)
        return reply
          .code(422)
          .send({ error: inOneLine(problemsOf(read.error, request.query, query)) });
      const { status, body } = await find(context, request.params.name, clock.now(), read.data);
      return reply.code(status).send(body);
    },
  );
}
