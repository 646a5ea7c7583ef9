import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Instant } from '../domain/instant.ts';
import { keyNeeded } from './api-key.ts';
import type { HttpContext } from './context.ts';
import { refusalSchema } from './endpoint.ts';
import { inOneLine, problemsOf } from './problems.ts';

/** Something that may be read at `/v1`, page by page. The OpenAPI document is made of the same. */
export interface Listing<Query extends z.ZodObject = z.ZodObject> {
  path: string;
  /** What is read, such as `escalation`. */
  noun: string;
  /** What it does, in a few words and in a few sentences. */
  summary: string;
  description: string;
  /** What may be asked for; every value comes as a text. */
  query: Query;
  /** What is answered, by status, beside what every listing answers. */
  answers: Readonly<Record<number, { description: string; body: z.ZodType; example: object }>>;
  list: (
    context: HttpContext,
    query: z.output<Query>,
    at: Instant,
  ) => Promise<{ status: number; body: object }>;
}

/** What is answered to a query that cannot be understood. */
export const queryRefusal = {
  description: 'The query cannot be understood; the sentence says why.',
  body: refusalSchema,
  example: { error: 'ower: "ower" is not known here. Did you mean "owner"?' },
};

const readsAMinute = 6_000;

/** Serves what may be read at `/v1` page by page by whoever has the API key. */
export function serveListing<Query extends z.ZodObject>(
  server: FastifyInstance,
  context: HttpContext,
  { path, query, list }: Listing<Query>,
): void {
  const { config, clock } = context;
  server.get(
    path,
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
      const { status, body } = await list(context, read.data, clock.now());
      return reply.code(status).send(body);
    },
  );
}
