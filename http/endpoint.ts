import type { FastifyInstance, FastifyRequest } from 'fastify';
import pLimit from 'p-limit';
import { z } from 'zod';
import type { LeadId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { keyNeeded } from './api-key.ts';
import { Bodies } from './bodies.ts';
import type { HttpContext } from './context.ts';
import { jsonMistake } from './json-mistake.ts';

/** What of a post was stored. */
export interface Taken {
  status: number;
  body: object;
  /** Leads that have something unseen now. */
  toNudge: readonly LeadId[];
  headers?: Readonly<Record<string, string>>;
}

/** What a post came with beside its body. */
export interface Asked {
  /** Where to, without a query. */
  path: string;
  /** What its path names, if it names something. */
  name: string;
  /** Each value of a header that was sent, by its name in small letters. */
  headers: NodeJS.Dict<string[]>;
}

/** Something that may be posted to `/v1`, one or a list of them. The OpenAPI document is made of the same. */
export interface Endpoint {
  /** What it names, if it names something, stands in braces: `/v1/escalations/{id}/answers`. */
  path: string;
  /** What it does, in a few words and in a few sentences. */
  summary: string;
  description: string;
  /** What is posted, such as `lead`; its plural has an s. */
  noun: string;
  item: z.ZodType;
  /** In one post; where it is 1, a list is none. */
  most: number;
  /** What is sent beside the body, as OpenAPI's parameters. */
  parameters?: readonly object[];
  /** Kinds of content beside `application/json`; each may have parameters. */
  contentTypes: readonly string[];
  examples: Readonly<Record<string, { summary: string; value: unknown }>>;
  /** What is answered, by status, beside what every endpoint answers. */
  answers: Readonly<Record<number, { description: string; body: z.ZodType; example: object }>>;
  take: (
    context: HttpContext,
    given: readonly unknown[],
    at: Instant,
    asked: Asked,
  ) => Promise<Taken>;
}

/** What every refusal says. */
export const refusalSchema = z.object({ error: z.string() });

const limits = { largest: 1024 * 1024, bytes: 8 * 1024 * 1024, posts: 200 };
/** Posts that are stored at once: each has a connection to itself, and pages need some. */
const width = 4;
const postsAMinute = 6_000;

/**
 * Serves what may be posted to `/v1` by whoever has the API key. 2xx says that what it tells of is committed, and
 * only then. All of it together holds no more memory and no more connections than one of them would.
 */
export async function serveEndpoints(
  server: FastifyInstance,
  context: HttpContext,
  endpoints: readonly Endpoint[],
): Promise<void> {
  const { config, clock, nudger } = context;
  const preParsing = keyNeeded(config.apiKey);
  const bodies = new Bodies(limits);
  const inTurn = pLimit(width);
  for (const { path, noun, most, contentTypes, take } of endpoints)
    await server.register(async scope => {
      scope.removeAllContentTypeParsers();
      for (const type of ['application/json', ...contentTypes])
        scope.addContentTypeParser(type, (_request, _body, done) => done(null));
      const parse = scope.getDefaultJsonParser('error', 'error');
      const jsonOf = (request: FastifyRequest, text: string) =>
        new Promise<unknown>((resolve, reject) => {
          void parse(request, text, (error, value) =>
            error === null ? resolve(value) : reject(error),
          );
        });
      scope.post<{ Params: { name?: string } }>(
        path.replace(/\{\w+\}/, ':name'),
        {
          config: { rateLimit: { max: postsAMinute, timeWindow: 60_000 } },
          // Before the body: a stranger's is not read.
          preParsing,
        },
        async (request, reply) =>
          bodies.take(request, async body => {
            const text = body.toString('utf8');
            let json: unknown;
            try {
              json = await jsonOf(request, text);
            } catch {
              return reply.code(400).send(unreadable(text));
            }
            const given: unknown[] = Array.isArray(json) && most > 1 ? json : [json];
            if (given.length > most)
              return reply.code(413).send({ error: `at most ${most} ${noun}s in one post` });
            const at = clock.now();
            const asked = {
              path: request.url.replace(/\?.*/, ''),
              name: request.params.name ?? '',
              headers: request.raw.headersDistinct,
            };
            const taken = await inTurn(() => take(context, given, at, asked));
            nudger.nudge(taken.toNudge);
            return reply
              .code(taken.status)
              .headers({ ...taken.headers })
              .send(taken.body);
          }),
      );
    });
}

/** What is said of a body that is no JSON, or that tries to be more than that. */
function unreadable(text: string): object {
  const mistake = jsonMistake(text);
  if (mistake === null) return { error: 'the body holds a key that no object may have' };
  const { line, column } = mistake;
  return { error: `the body is no JSON: see line ${line}, column ${column}`, line, column };
}
