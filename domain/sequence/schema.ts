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
  mail: nameSchema,
  subject: z.string().min(1),
  preheader: z.string().min(1),
  window: windowSchema.optional(),
  variants: variantsSchema.optional(),
});
const waitStepSchema = z.strictObject({ wait: waitSchema });
/** What a person does in between: said in the words in which it is read aloud. */
const taskStepSchema = z.strictObject({
  task: nameSchema,
  do: z.enum(taskKinds),
  for: z.enum(askedFor),
  /** In the working hours of whoever gets it. */
  due_within: workingTimeSchema.refine(
    ({ unit, count }) => count <= longestTask[unit],
    `a task is due within ${longestTask.day} working days, or ${longestTask.hour} working hours, at most`,
  ),
  note: z.string().min(1).max(longestNote).optional(),
  /** Whether the sequence waits for it. */
  go_on: z.enum(['when done', 'at once']).default('when done'),
});
const moveStepSchema = z.strictObject({ move: nameSchema });
const exitStepSchema = z.strictObject({ exit: reasonSchema });

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
      z.strictObject({ if: conditionSchema, then: inner, else: inner.optional() }),
      z.strictObject({
        split: nameSchema,
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
  goal: z.string().min(1).max(200),
  owner: z.string().min(1),
  /** Who it is for, in words: nothing is decided by it. */
  audience: z.string().min(1).max(400).optional(),
  window: windowSchema.optional(),
  /** Beside the agreement's cap, which always holds too. */
  cap: capSchema.optional(),
  leave_when: z.array(leaveRuleSchema).min(1).max(20).optional(),
  steps: allSteps,
});

export type SequenceDocument = z.output<typeof sequenceSchema>;
