import { z } from 'zod';
import {
  capSchema,
  daysSchema,
  timeOfDaySchema,
  weekday,
  workingTimeSchema,
  zoneSchema,
} from '../calendar/schema.ts';
import { day, parseDuration } from '../instant.ts';
import { askedFor, longestNote, taskKinds } from '../task/task.ts';
import { nameSchema } from './name.ts';
import { conditionSchema, type Condition } from './condition.ts';
import { variantNameSchema, variantsSchema, weightSchema, pathsRefinement } from './variants.ts';

/** Nobody remembers what a longer wait was for. */
const longestWaitMs = 730 * day;
/** A task that takes longer is none that a sequence can wait for. */
const longestTask = { hour: 160, day: 20 };
/** Deeper branches are not read aloud any more. */
const deepest = 4;

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

/** Why a lead leaves: shown to people, and counted by. */
const reasonSchema = z.string().min(1).max(60);

const mailStepSchema = z.strictObject({
  mail: nameSchema.describe('the name of its file, without .mjml'),
  subject: z
    .string()
    .min(1)
    .describe('may hold Liquid, such as {{ lead.first_name | default: "Hello" }}'),
  preheader: z.string().min(1).describe('what an inbox shows after the subject'),
  window: windowSchema.optional().describe('when it may go out; else the window of the sequence'),
  variants: variantsSchema.optional().describe('one of these goes to each lead, by weight'),
});
const waitStepSchema = z.strictObject({
  wait: waitSchema.describe('4 days, 90 minutes, or until tuesday 09:30 in the time of the lead'),
});
/** What a person does in between: said in the words in which it is read aloud. */
const taskStepSchema = z.strictObject({
  task: nameSchema.describe('its name, once in a sequence'),
  do: z.enum(taskKinds),
  for: z
    .enum(askedFor)
    .describe('who is asked: whoever owns the lead or had it last, or somebody of a role'),
  /** In the working hours of whoever gets it. */
  due_within: workingTimeSchema.refine(
    ({ unit, count }) => count <= longestTask[unit],
    `a task is due within ${longestTask.day} working days, or ${longestTask.hour} working hours, at most`,
  ),
  note: z.string().min(1).max(longestNote).optional().describe('what to ask or to say'),
  go_on: z
    .enum(['when done', 'at once'])
    .default('when done')
    .describe('whether the sequence waits for it'),
});
const moveStepSchema = z.strictObject({
  move: nameSchema.describe('the sequence that leads go on in'),
});
const exitStepSchema = z.strictObject({
  exit: reasonSchema.describe('why leads leave here'),
});

export type MailStep = z.output<typeof mailStepSchema>;
export type TaskStep = z.output<typeof taskStepSchema>;
export interface BranchStep {
  if: Condition;
  then: Step[];
  else?: Step[] | undefined;
}
export interface SplitStep {
  split: string;
  paths: Record<string, { weight: number; steps?: Step[] | undefined }>;
}
export type Step =
  | MailStep
  | z.output<typeof waitStepSchema>
  | TaskStep
  | z.output<typeof moveStepSchema>
  | z.output<typeof exitStepSchema>
  | BranchStep
  | SplitStep;

/** A step that has others in it, where no more may stand in each other. */
const tooDeep = z.any().transform((_steps, context): never => {
  const message = `branches and splits may stand at most ${deepest} deep in each other`;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

/** One step by the word it begins with, so that an error speaks of the step that was meant. */
function stepsSchema(inner: z.ZodType<Step[]>): z.ZodType<Step[]> {
  const stepSchema = z.union(
    [
      mailStepSchema,
      waitStepSchema,
      taskStepSchema,
      moveStepSchema,
      exitStepSchema,
      z.strictObject({
        if: conditionSchema.describe(
          'clicked in MAIL within 5 days, visited "/pricing*", or fields of the lead',
        ),
        then: inner,
        else: inner.optional(),
      }),
      z.strictObject({
        split: nameSchema.describe('its name, by which results are counted'),
        paths: z
          .record(
            variantNameSchema,
            z.strictObject({ weight: weightSchema, steps: inner.optional() }),
          )
          .superRefine(pathsRefinement),
      }),
    ],
    { error: 'a step begins with one of mail, wait, task, if, split, move, exit' },
  );
  return z
    .array(stepSchema)
    .min(1, 'there must be at least one step')
    .max(200, 'there may be at most 200 steps');
}

/** Each depth is made once, and the deepest first. */
const allSteps = Array.from({ length: deepest + 1 }).reduce<z.ZodType<Step[]>>(
  inner => stepsSchema(inner),
  tooDeep,
);

/** What ends a lead's run through the sequence at any time, in the middle of any wait. */
const leaveRuleSchema = z.strictObject({ if: conditionSchema, because: reasonSchema });
export type LeaveRule = z.output<typeof leaveRuleSchema>;

/** `sequence.yaml`: an ordered plan of mails, waits, tasks, branches, splits, moves and exits. */
export const sequenceSchema = z.strictObject({
  $schema: z.string().optional(),
  goal: z.string().min(1).max(200).describe('what leads know or do at the end'),
  owner: z.string().min(1).describe('the key of a person in agreement/people.yaml'),
  audience: z
    .string()
    .min(1)
    .max(400)
    .optional()
    .describe('who it is for, in words: nothing is decided by it'),
  window: windowSchema.optional().describe('when its mails may go out; else as agreed'),
  cap: capSchema
    .optional()
    .describe('such as 1 mail a week, beside what is agreed, which always holds too'),
  leave_when: z
    .array(leaveRuleSchema)
    .min(1)
    .max(20)
    .optional()
    .describe('what ends it for a lead at any time, also in the midst of a wait'),
  steps: allSteps,
});

export type SequenceDocument = z.output<typeof sequenceSchema>;
