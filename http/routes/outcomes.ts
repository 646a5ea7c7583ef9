import type { Instant } from '../../domain/instant.ts';
import { storeOutcomes, type GivenOutcome } from '../../store/outcome.ts';
import type { Endpoint } from '../endpoint.ts';
import { outcomeItemSchema, readOutcomeItem } from '../outcome-item.ts';
import { inOneLine, problemsOf } from '../problems.ts';
import { answerOf, resultsSchema, type Result } from '../results.ts';

const effects = ['new', 'updated', 'unchanged', 'undecided'] as const;

/** `POST /v1/outcomes`: what became of leads with sales, one or a list, by the rules of `outcomes import`. */
export const outcomesEndpoint: Endpoint = {
  path: '/v1/outcomes',
  summary: 'Tell what became of leads',
  description:
    'Outcomes, one or a list: what sales accepted, rejected, qualified, won or lost. `source` and `id` together name ' +
    'one; what is posted of it later replaces what was posted before, and the same post again changes nothing. Each is ' +
    'taken in whole or rejected with its reason; the others go on.',
  noun: 'outcome',
  item: outcomeItemSchema,
  most: 500,
  contentTypes: [],
  examples: {
    won: {
      summary: 'a deal was won',
      value: {
        id: '0065g00000A1b2C',
        source: 'salesforce',
        email: 'ada@example.com',
        outcome: 'Closed Won',
        at: '2026-03-02T08:00:00Z',
        amount: 12_000.5,
        currency: 'EUR',
      },
    },
    list: {
      summary: 'a list: one rejected, one lost',
      value: [
        {
          id: 71,
          email: 'grace@example.org',
          outcome: 'rejected',
          at: '2026-02-27',
          reason: 'not now',
        },
        { id: 72, email: 'linus@example.net', outcome: 'lost', at: '2026-02-26', reason: 'price' },
      ],
    },
  },
  answers: resultsSchema('outcome', effects),
  take: async ({ database }, given, at) => {
    const results: Result[] = [];
    const taken: { outcome: number; given: GivenOutcome }[] = [];
    for (const [outcome, value] of given.entries()) {
      const read = readOne(value, at);
      if ('result' in read) results.push({ outcome, ...read });
      else taken.push({ outcome, given: read.given });
    }
    const stored = await database.transaction(session =>
      storeOutcomes(
        session,
        taken.map(({ given: one }) => one),
        at,
      ),
    );
    for (const [index, { outcome }] of taken.entries()) {
      const effect = stored[index] ?? 'nobody';
      const reason = 'no lead has this address; post the lead first';
      results.push(
        effect === 'nobody' ? { outcome, result: 'rejected', reason } : { outcome, result: effect },
      );
    }
    // What became of a lead changes no score: nobody needs to look at it again.
    return { ...answerOf('outcome', effects, results), toNudge: [] };
  },
};

function readOne(value: unknown, at: Instant): { given: GivenOutcome } | Result {
  const { data, error } = outcomeItemSchema.safeParse(value);
  if (data === undefined)
    return {
      result: 'rejected',
      reason: inOneLine(problemsOf(error, value, outcomeItemSchema)),
    };
  const read = readOutcomeItem(data, at);
  if ('passedOver' in read) return { result: 'undecided' };
  if ('reason' in read) return { result: 'rejected', reason: read.reason };
  return { given: { source: data.source, row: read.row } };
}
