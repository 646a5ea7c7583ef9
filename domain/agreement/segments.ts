import { z } from 'zod';
import { yesNo } from '../document/yes-no.ts';
import { day, parseDuration } from '../instant.ts';
import { criterionFields, type CriterionField } from '../lead/fields.ts';
import { patternsSchema } from '../lead/match.ts';
import { grades } from './grade.ts';

/** How far back a segment may look: what it asks about is loaded whenever a lead is looked at. */
const longest = 365 * day;

const withinSchema = z.string().transform((text, context): number => {
  const milliseconds = parseDuration(text);
  if (milliseconds !== null && milliseconds > 0 && milliseconds <= longest) return milliseconds;
  context.addIssue({
    code: 'custom',
    message: 'a time to look back is written like "30d" or "8 weeks", and is a year at the most',
  });
  return z.NEVER;
});

/** One word or several, of which one is enough. */
const oneOf = <Word extends z.ZodType<string>>(word: Word, what: string) =>
  z
    .union([word, z.array(word).min(1, 'name at least one')], {
      error: `write ${what}, or a list of them`,
    })
    .transform(given => (Array.isArray(given) ? given : [given]));

const name = z.string().min(1);

const engagedSchema = z.strictObject({
  /** Names of events in the agreement, or kinds of events. */
  event: oneOf(name, 'the name of an event'),
  /** How often, all of them together. */
  at_least: z
    .number()
    .refine(
      count => Number.isInteger(count) && count >= 1 && count <= 1_000,
      'how often is a whole number from 1 to 1000',
    )
    .default(1),
  /** Within the time before now, in milliseconds. */
  within: withinSchema,
});

const fieldsShape = Object.fromEntries(
  criterionFields.map(field => [field, patternsSchema.optional()]),
) as Record<CriterionField, z.ZodOptional<typeof patternsSchema>>;

const conditionSchema = z
  .strictObject({
    ...fieldsShape,
    /** Where the lead came from. */
    source: patternsSchema.optional(),
    grade: oneOf(z.enum(grades), 'a grade').optional(),
    engaged: engagedSchema.optional(),
    /** Reasons for which sales has rejected the lead, ever. */
    rejected_for: oneOf(name, 'a reason').optional(),
  })
  .refine(
    condition => Object.keys(condition).length > 0,
    'say what the lead is like, or leave "when" out',
  );

const segmentSchema = z.strictObject({
  // Ops search for it in Temporal, whose queries have no way to say these.
  name: z
    .string()
    .min(1)
    .max(60)
    .regex(/^[^"\\\p{Cc}]*$/u, 'a segment\'s name has neither " nor \\ in it'),
  when: conditionSchema.optional(),
  /** Whether a lead that comes to be in it leaves another sequence for this one's. */
  move: yesNo.optional(),
  nurture: z.strictObject({ C: z.string(), D: z.string() }),
});

/** `segments.yaml`: named conditions in order; the first that fits names the sequence. */
export const segmentsSchema = z.strictObject({
  $schema: z.string().optional(),
  segments: z.array(segmentSchema).min(1),
});

export type SegmentsDocument = z.output<typeof segmentsSchema>;
export type Segment = z.output<typeof segmentSchema>;
/** What a segment's leads are like; all of it must hold. */
export type SegmentCondition = z.output<typeof conditionSchema>;
export type Engaged = z.output<typeof engagedSchema>;
