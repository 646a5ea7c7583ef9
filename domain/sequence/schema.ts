import { z } from 'zod';
import { daysSchema, timeOfDaySchema, weekday, zoneSchema } from '../calendar/schema.ts';
import { day, parseDuration } from '../instant.ts';
import { fieldsConditionSchema, type FieldsCondition } from '../lead/match.ts';

/** Names of mails and sequences: also names of files, so that nothing else can be reached by them. */
export const nameSchema = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,60}$/,
    'a name has lower-case letters, digits and hyphens, such as "02-three-plants"',
  );

/** Nobody remembers what a longer wait was for. */
const longestWaitMs = 730 * day;
/** Deeper branches are not read aloud any more. */
const deepest = 4;

/** What a branch asks. */
export type Condition =
  | { kind: 'clicked'; mail: string; withinMs: number | null; negated: boolean }
  | { kind: 'fields'; fields: FieldsCondition };

const clickedSchema = z.string().transform((text, context): Condition => {
  const pattern = /^(not )?clicked in ([a-z0-9-]+)(?: within (.+))?$/;
  const [, not, mail, within] = pattern.exec(text.trim()) ?? [];
  const withinMs = within === undefined ? null : parseDuration(within);
  if (mail !== undefined && (within === undefined || withinMs !== null))
    return { kind: 'clicked', mail, withinMs, negated: not !== undefined };
  context.addIssue({
    code: 'custom',
    message:
      'a branch asks "clicked in 02-three-plants within 5 days", "not clicked in …", or names fields, such as { country: [DE, AT] }',
  });
  return z.NEVER;
});

const conditionSchema = z.union([
  clickedSchema,
  fieldsConditionSchema.transform((fields): Condition => ({ kind: 'fields', fields })),
]);

/** How long a wait is: a duration, or until the next such weekday and time in the lead's zone. */
export type Wait =
  { kind: 'for'; ms: number } | { kind: 'until'; weekday: number; minutes: number };

const waitSchema = z.string().transform((text, context): Wait => {
  const ms = parseDuration(text);
  if (ms !== null && ms > longestWaitMs) {
    context.addIssue({ code: 'custom', message: 'a wait takes two years at most' });
    return z.NEVER;
  }
  if (ms !== null && ms > 0) return { kind: 'for', ms };
  const [, name, time] = /^until ([a-z]+) (\d{1,2}:\d{2})$/.exec(text.trim().toLowerCase()) ?? [];
  const dayOfWeek = name === undefined ? null : weekday(name);
  const minutes = timeOfDaySchema.safeParse(time);
  if (dayOfWeek !== null && minutes.success)
    return { kind: 'until', weekday: dayOfWeek, minutes: minutes.data };
  context.addIssue({
    code: 'custom',
    message: 'a wait is written like "4 days" or "until tuesday 09:30"',
  });
  return z.NEVER;
});

/** When mails of a sequence may go out; what is left out comes from the agreement. */
const windowSchema = z.union([
  z.literal('always'),
  z
    .strictObject({
      days: daysSchema,
      from: timeOfDaySchema,
      to: timeOfDaySchema,
      zone: z.union([z.literal('of the lead'), zoneSchema]).default('of the lead'),
      holidays: z.enum(['skip', 'send']).default('skip'),
    })
    .refine(({ from, to }) => from < to, '"from" must be before "to"'),
]);
export type WindowRule = z.output<typeof windowSchema>;

const mailStepSchema = z.strictObject({
  mail: nameSchema,
  subject: z.string().min(1),
  preheader: z.string().min(1),
  window: windowSchema.optional(),
});
const waitStepSchema = z.strictObject({ wait: waitSchema });
const exitStepSchema = z.strictObject({ exit: z.string().min(1).max(60) });

export type MailStep = z.output<typeof mailStepSchema>;
export interface BranchStep {
  if: Condition;
  then: Step[];
  else?: Step[] | undefined;
}
export type Step =
  MailStep | z.output<typeof waitStepSchema> | z.output<typeof exitStepSchema> | BranchStep;

/** One step by the word it begins with, so that an error speaks of the step that was meant. */
function stepsSchema(depth: number): z.ZodType<Step[]> {
  const branchSchema =
    depth >= deepest
      ? z
          .strictObject({ if: z.any(), then: z.any(), else: z.any().optional() })
          .transform((_step, context): never => {
            const message = `branches may stand at most ${deepest} deep in each other`;
            context.addIssue({ code: 'custom', message });
            return z.NEVER;
          })
      : z.strictObject({
          if: conditionSchema,
          then: stepsSchema(depth + 1),
          else: stepsSchema(depth + 1).optional(),
        });
  const stepSchema = z.union([mailStepSchema, waitStepSchema, exitStepSchema, branchSchema], {
    error: 'a step begins with one of mail, wait, if, exit',
  });
  return z
    .array(stepSchema)
    .min(1, 'there must be at least one step')
    .max(200, 'there may be at most 200 steps');
}

/** `sequence.yaml`: an ordered plan of mails, waits, branches and exits. */
export const sequenceSchema = z.strictObject({
  $schema: z.string().optional(),
  goal: z.string().min(1).max(200),
  owner: z.string().min(1),
  window: windowSchema.optional(),
  steps: stepsSchema(0),
});

export type SequenceDocument = z.output<typeof sequenceSchema>;
