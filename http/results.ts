import { z } from 'zod';

/** What became of one thing of a post. */
export interface Result {
  result: string;
  /** Why it was rejected. */
  reason?: string;
  /** What of it was not understood, and left out. */
  notes?: string[];
  /** Its place in the list, from 0, under the name of the thing. */
  [noun: string]: unknown;
}

/**
 * The answer to a post whose parts are taken or rejected one by one: 200, or 422 when none could be taken.
 * @param noun what each of them is
 * @param effects what may become of one that is taken
 */
export function answerOf(
  noun: string,
  effects: readonly string[],
  results: readonly Result[],
): { status: number; body: object } {
  const count = (effect: string) => results.filter(({ result }) => result === effect).length;
  const rejected = count('rejected');
  const counts = Object.fromEntries(effects.map(effect => [effect, count(effect)]));
  const ordered = results.toSorted((a, b) => Number(a[noun]) - Number(b[noun]));
  const isNothing = rejected === results.length;
  const body = { ...counts, rejected, results: ordered };
  if (!isNothing) return { status: 200, body };
  const error = results.length === 0 ? `there is no ${noun} in the list` : 'nothing was stored';
  return { status: 422, body: { error, ...body } };
}

/** The answers in the OpenAPI document. */
export function resultsSchema(noun: string, effects: readonly string[]) {
  const counts = Object.fromEntries([...effects, 'rejected'].map(name => [name, z.int()]));
  const body = z.object({
    ...counts,
    results: z.array(
      z.object({
        [noun]: z.int().meta({ description: 'its place in the list, from 0' }),
        result: z.enum([...effects, 'rejected']),
        reason: z.string().optional().meta({ description: 'why it was rejected' }),
        notes: z
          .array(z.string())
          .optional()
          .meta({ description: 'what of it was not understood, and left out' }),
      }),
    ),
  });
  const none = Object.fromEntries(effects.map(effect => [effect, 0]));
  return {
    200: {
      description: 'What is not rejected is committed; each part says what became of it, in order.',
      body,
      example: { ...none, new: 1, rejected: 0, results: [{ [noun]: 0, result: 'new' }] },
    },
    422: {
      description: 'Nothing could be used, and nothing was stored.',
      body: body.extend({ error: z.string() }),
      example: {
        error: 'nothing was stored',
        ...none,
        rejected: 1,
        results: [{ [noun]: 0, result: 'rejected', reason: 'the address has no @' }],
      },
    },
  };
}
