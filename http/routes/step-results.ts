import { z } from 'zod';
import { parseMoment } from '../../domain/document/moment.ts';
import { shareNames } from '../../domain/review/step-results.ts';
import { measures } from '../../domain/review/variant-results.ts';
import { splitFindings } from '../../domain/review/variant-words.ts';
import { splitResults, type StoredSplitResult } from '../../store/split-results.ts';
import { stepResults, type StepResults } from '../../store/step-results.ts';
import { refusalSchema } from '../endpoint.ts';
import { queryRefusal } from '../listing.ts';
import type { Lookup } from '../lookup.ts';

const versionProblem = 'it must be a whole number of at least 1';

const momentSchema = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], {
    error: 'it must be a date, or a date with time and zone, such as 2026-03-02T08:00:00Z',
  })
  .transform(text => parseMoment(text) ?? undefined);

const querySchema = z.strictObject({
  version: z.coerce.number(versionProblem).int(versionProblem).min(1, versionProblem).optional(),
  segment: z.string().max(200).optional(),
  by: z.enum(['segment']).optional().meta({ description: 'tells segments apart' }),
  since: momentSchema.optional().meta({ description: 'mails sent then or later' }),
  until: momentSchema.optional().meta({ description: 'mails sent before' }),
  measure: z.enum(measures).optional().meta({ description: 'what variants are compared by' }),
});

const count = z.int().min(0);
const shareSchema = z.object({
  count,
  of: count,
  rate: z.number().nullable(),
  low: z.number().nullable().meta({ description: 'of the 95 % interval, as is high' }),
  high: z.number().nullable(),
});

const counts = [
  ...['came', 'sent', 'delivered', 'bounced', 'opened', 'opened_by_machine', 'clicked', 'scanned'],
  ...['replied', 'unsubscribed', 'complained', 'escalated', 'accepted', 'won'],
] as const;

const resultsSchema = z.object({
  name: z.string(),
  current: z.int().nullable().meta({ description: 'the version that new enrollments get' }),
  versions: z.array(z.int()).meta({ description: 'those that are counted' }),
  enrolled: count,
  steps: z.array(
    z.object({
      step: z.string(),
      variant: z.string().nullable(),
      segment: z.string().nullable(),
      ...Object.fromEntries(counts.map(name => [name, count])),
      shares: z.object(Object.fromEntries(shareNames.map(name => [name, shareSchema]))),
    }),
  ),
  findings: z.array(z.string()),
  splits: z.array(
    z.object({
      split: z.string(),
      measure: z.enum(measures),
      within_days: count,
      variants: z.array(
        z.object({
          variant: z.string(),
          weight: z.number(),
          leads: count,
          share: shareSchema.nullable(),
        }),
      ),
      leader: z.string().nullable(),
      winner: z.string().nullable().meta({ description: 'null while the data do not tell' }),
      leads_needed: count
        .nullable()
        .meta({ description: 'likely, at the differences as they are' }),
      findings: z.array(z.string()),
    }),
  ),
});
type View = z.input<typeof resultsSchema>;

/** `GET /v1/sequences/:name/results`: what each step of a sequence brought, and its variants. */
export const stepResultsLookup: Lookup<typeof querySchema> = {
  path: '/v1/sequences',
  part: 'results',
  key: 'name',
  query: querySchema,
  example: 'c-nurture',
  noun: 'sequence-results',
  summary: 'See what each step of a sequence brought',
  description:
    'By step and variant, in leads: mails, people’s clicks, replies, unsubscriptions, and what went to sales within seven ' +
    'days after the mail. A lead counts for each mail of those days. Rates have a 95 % interval, and stand from 0 to 1.',
  answers: {
    200: {
      description: 'The results.',
      body: resultsSchema,
      example: {
        ...{ name: 'c-nurture', current: 2, versions: [1, 2], enrolled: 0 },
        ...{ steps: [], findings: [], splits: [] },
      },
    },
    404: {
      description: 'There is no such sequence, or no such version of it.',
      body: refusalSchema,
      example: { error: 'there is no such sequence, or no such version of it' },
    },
    422: queryRefusal,
  },
  find: async ({ database }, name, at, { by, measure, ...scope }) => {
    const question = { ...scope, bySegment: by === 'segment' };
    const results = await stepResults(database, name, question, at);
    if (results === null)
      return {
        status: 404,
        body: { error: 'there is no such sequence, or no such version of it' },
      };
    const splits = await splitResults(database, name, { measure }, at);
    return { status: 200, body: viewOf(results, splits ?? []) };
  },
};

function viewOf(results: StepResults, splits: readonly StoredSplitResult[]): View {
  const { name, current, versions, enrolled, findings } = results;
  return {
    ...{ name, current, versions, enrolled, findings },
    steps: results.steps.map(({ openedByMachine, ...step }) => ({
      ...step,
      opened_by_machine: openedByMachine,
    })),
    splits: splits.map(result => ({
      split: result.split,
      measure: result.measure,
      within_days: result.withinDays,
      variants: result.variants.map(({ variant, weight, exposed, share }) => ({
        ...{ variant, weight, leads: exposed, share },
      })),
      leader: result.leader,
      winner: result.winner,
      leads_needed: result.leadsNeeded,
      findings: splitFindings(result),
    })),
  };
}
