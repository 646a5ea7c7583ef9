import { z } from 'zod';
import {
  countryCodeSchema,
  daysSchema,
  holidayRegionSchema,
  timeOfDaySchema,
  workingTimeSchema,
  zoneSchema, capSchema } from '../calendar/schema.ts';
import { yesNo } from '../document/yes-no.ts';
import { scoringKinds } from '../event/event.ts';
import { parseDuration } from '../instant.ts';
import { criterionFields } from '../lead/fields.ts';
import { patternsSchema } from '../lead/match.ts';
import { capacitySchema } from '../escalation/capacity.ts';
import { grades } from './grade.ts';
import { stagesSchema } from './stages.ts';
import { targetsSchema } from './targets.ts';

const durationSchema = z.string().transform((text, context): number => {
  const milliseconds = parseDuration(text);
  if (milliseconds !== null && milliseconds > 0) return milliseconds;
  context.addIssue({ code: 'custom', message: 'a duration is written like "30d" or "4 hours"' });
  return z.NEVER;
});

const percent = z.number().min(0).max(100);
const gradeSchema = z.enum(grades);

const criterionSchema = z
  .strictObject({
    weight: z.number().positive(),
    gives: z.record(
      z.string().regex(/^(100|\d{1,2})$/, 'what a match gives is a whole number from 0 to 100'),
      patternsSchema,
    ),
  })
  .transform(({ weight, gives }) => ({
    weight,
    gives: Object.entries(gives)
      .map(([points, patterns]) => ({ points: Number(points), patterns }))
      .toSorted((a, b) => b.points - a.points),
  }));

const fitSchema = z
  .strictObject({
    ...(Object.fromEntries(
      criterionFields.map(field => [field, criterionSchema.optional()]),
    ) as Record<(typeof criterionFields)[number], z.ZodOptional<typeof criterionSchema>>),
    missing: percent.default(0),
  })
  .transform(({ missing, ...criteria }) => ({
    missing,
    criteria: Object.entries(criteria).flatMap(([field, criterion]) =>
      criterion === undefined ? [] : [{ field: field as keyof typeof criteria, ...criterion }],
    ),
  }))
  .refine(({ criteria }) => criteria.length > 0, 'fit needs at least one criterion');

/** What an event's name means: events of one kind whose subject matches. */
const eventNameSchema = z
  .partialRecord(z.enum(scoringKinds), patternsSchema)
  .transform(Object.entries)
  .refine(parts => parts.length === 1, `an event is described by one of ${scoringKinds.join(', ')}`)
  .transform(([part]) => {
    const [kind, like] = part as [(typeof scoringKinds)[number], string[]];
    return { kind, like };
  });

const groupSchema = z.strictObject({
  cap: z.number().positive().max(100).optional(),
  window: durationSchema,
  points: z.record(z.string(), z.number().min(-100).max(100).multipleOf(0.01)),
});

const cutsSchema = z
  .strictObject({ high: percent, middle: percent, low: percent })
  .refine(
    ({ high, middle, low }) => high > middle && middle > low && low > 0,
    'cuts must fall: high above middle above low above 0',
  );

const matrixSchema = z
  .strictObject(
    Object.fromEntries(
      grades.map(grade => [grade, z.array(gradeSchema).length(4, 'a row needs four grades')]),
    ) as Record<(typeof grades)[number], z.ZodArray<typeof gradeSchema>>,
  )
  .transform(rows => grades.map(grade => rows[grade]));

const hours = { days: daysSchema, from: timeOfDaySchema, to: timeOfDaySchema };
const openBeforeClose = ({ from, to }: { from: number; to: number }) => from < to;
const openMessage = '"from" must be before "to"';

const abroadSchema = z
  .strictObject({
    zone: zoneSchema,
    days: daysSchema.optional(),
    from: timeOfDaySchema.optional(),
    to: timeOfDaySchema.optional(),
    holidays: holidayRegionSchema.optional(),
  })
  .refine(({ from = -1, to = 24 * 60 + 1 }) => from < to, openMessage);

/** `60 days`, or `until fit changes`: how long sales wants no new escalation of a lead, unless it asks for one. */
const holdSchema = z.union([z.literal('until fit changes'), durationSchema]);

const rejectionSchema = z
  .strictObject({
    track: z.string().optional(),
    suppress: yesNo.default(false),
    disqualify: yesNo.default(false),
    /** Whether engagement starts again at nothing. */
    restart: yesNo.default(false),
    hold: holdSchema.optional(),
    /** What has to be said with it: when to call again, who is the right person, whose duplicate it is. */
    asks: z.enum(['date', 'colleague', 'duplicate']).optional(),
    /** How long before the date that was asked for the track begins. */
    lead_in: durationSchema.optional(),
    /** How often a rep has to have tried before. */
    attempts: z
      .strictObject({ A: z.int().min(1).max(20), B: z.int().min(1).max(20) })
      .optional(),
  })
  .refine(
    ({ track, suppress, disqualify, asks }) =>
      track !== undefined || suppress || disqualify || asks === 'duplicate',
    'a reason must say what follows: a track, suppress, disqualify, or asks: duplicate',
  )
  .refine(
    ({ lead_in: leadIn, asks }) => leadIn === undefined || asks === 'date',
    'lead_in is of a reason that asks for a date: add "asks: date"',
  );

/** `agreement.yaml`: what both teams agree on. */
export const agreementSchema = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().min(1),
  /** What the field calls a lead that has come so far, in both teams' own words. */
  stages: stagesSchema.optional(),
  working_hours: z
    .strictObject({
      zone: zoneSchema,
      ...hours,
      holidays: holidayRegionSchema.optional(),
      /** Where reps of a country work at other times. */
      countries: z.record(countryCodeSchema, abroadSchema).optional(),
    })
    .refine(openBeforeClose, openMessage),
  fit: fitSchema,
  disqualified: z
    .partialRecord(z.enum([...criterionFields, 'account']), patternsSchema)
    .default({}),
  events: z.record(z.string(), eventNameSchema).default({}),
  engagement: z
    .record(z.string(), groupSchema)
    .refine(groups => Object.keys(groups).length > 0, 'engagement needs at least one group'),
  grade: z.strictObject({
    cuts: cutsSchema,
    hysteresis: z.number().min(0).max(25),
    matrix: matrixSchema,
    hand_raise: z.strictObject({
      events: z.array(z.string()).min(1),
      fit_at_least: gradeSchema,
      gives_at_least: z.enum(['A', 'B']),
    }),
  }),
  sales: z.strictObject({
    accept_within: z.strictObject({ A: workingTimeSchema, B: workingTimeSchema }),
    first_contact_within: z.strictObject({ A: workingTimeSchema, B: workingTimeSchema }),
    feedback_within: durationSchema,
  }),
  routing: z
    .strictObject({
      /** For reps of whom `people.yaml` says nothing else. */
      capacity_per_rep: capacitySchema,
    })
    .optional(),
  targets: targetsSchema.optional(),
  nurture: z.strictObject({
    cap: capSchema,
    window: z
      .strictObject({
        ...hours,
        zone: z.union([z.literal('of the lead'), zoneSchema]),
        holidays: z.enum(['skip', 'send']).default('skip'),
      })
      .refine(openBeforeClose, openMessage),
  }),
  rejections: z
    .record(z.string(), rejectionSchema)
    .refine(
      reasons => Object.keys(reasons).length > 0,
      'sales needs at least one reason to reject',
    ),
  /** Whether sales signs a version of a sequence before it goes live. */
  sequences: z.strictObject({ signed_by_sales: yesNo.default(false) }).optional(),
  /** What a lead gets that was won; without it, nothing. */
  customers: z.strictObject({ track: z.string() }).optional(),
});

/** The agreement as the rules read it; durations in milliseconds, times in minutes of the day. */
export type AgreementDocument = z.output<typeof agreementSchema>;
