import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import type { Instant } from '../domain/instant.ts';
import { keyNeeded } from './api-key.ts';
import type { HttpContext } from './context.ts';

/** Something that may be read at `/v1`, one at a time. The OpenAPI document is made of the same. */
export interface Lookup {
  /** Where all of its kind are, such as `/v1/accounts`; one is read below it, by its name. */
  path: string;
  /** What names one, such as `domain`. */
  key: string;
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
  ) => Promise<{ status: number; body: object }>;
}

const readsAMinute = 6_000;

/** Serves what may be read at `/v1` by whoever has the API key. */
export function serveLookups(
  server: FastifyInstance,
  context: HttpContext,
  lookups: readonly Lookup[],
): void {
  const { config, clock } = context;
  for (const { path, find } of lookups)
    server.get<{ Params: { name: string } }>(
      `${path}/:name`,
      {
        config: { rateLimit: { max: readsAMinute, timeWindow: 60_000 } },
        onRequest: keyNeeded(config.apiKey),
      },
      async ({ params }, reply) => {
        const { status, body } = await find(context, params.name, clock.now());
        return reply.code(status).send(body);
      },
    );
}
