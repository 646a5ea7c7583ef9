import { z } from 'zod';
import { percentSchema } from '../../document/percent.ts';
import { readDocument } from '../../document/read.ts';
import { parseDuration } from '../../instant.ts';

/** Where a figure comes from, in words: nothing is decided by it. */
const whySchema = z.string().min(1).max(400);

/** `5 minutes, 1 hour, 4 hours, 1 day, 6 days`, read to milliseconds: the soonest, the quarters, the latest. */
const withinSchema = z.string().transform((text, context): number[] => {
  const durations = text.split(',').map(part => parseDuration(part));
  const known = durations.filter(duration => duration !== null);
  const isRising = known.every((duration, index) => duration >= (known[index - 1] ?? 0));
  if (known.length === 5 && durations.length === 5 && isRising) return known;
  context.addIssue({
    code: 'custom',
    message:
      'how long it takes is five rising times: the soonest, after which a quarter, half and three quarters have done it, and the latest, such as "5 minutes, 1 hour, 4 hours, 1 day, 6 days"',
  });
  return z.NEVER;
});

const reactionSchema = z.strictObject({
  chance: percentSchema,
  within: withinSchema,
  why: whySchema,
});

const enoughSchema = z.int().min(1).max(1_000_000);

export const assumptionsSchema = z.strictObject({
  $schema: z.string().optional(),
  /** From how much on what was measured is believed. */
  enough: z.strictObject({
    /** Mails delivered. */
    mails: enoughSchema,
    /** Reactions of a kind, to know how long they take. */
    reactions: enoughSchema,
    /** Weeks that leads were in the sequence, all leads together. */
    weeks: enoughSchema,
  }),
  after_a_mail: z.strictObject({
    bounce: reactionSchema,
    click: reactionSchema,
    reply: reactionSchema,
    unsubscribe: reactionSchema,
    complaint: reactionSchema,
  }),
  by_themselves: z
    .array(
      z.strictObject({
        does: z.enum(['page', 'form', 'download', 'webinar', 'booked']),
        /** A page's path, or the name of a form, file or webinar. */
        name: z.string().min(1).max(200),
        /** How often, for each lead. */
        each_week: z
          .number()
          .refine(count => count >= 0 && count <= 100, 'how often is a number from 0 to 100'),
        why: whySchema,
      }),
    )
    .max(100),
  lively: z
    .strictObject({ share: percentSchema, does: percentSchema, why: whySchema })
    .refine(({ share }) => share > 0 && share < 1, {
      path: ['share'],
      message: 'a share of the leads is above 0 % and below 100 %',
    })
    .refine(({ share, does }) => does >= share, {
      path: ['does'],
      message: 'the lively do at least their share; "share: 50 %, does: 50 %" makes all alike',
    }),
});

/** What leads are taken to do where nothing better is known; times in milliseconds, chances from 0 to 1. */
export type Assumptions = z.output<typeof assumptionsSchema>;

/** Reads a file of assumptions. @throws DocumentError with file, line and column */
export function readAssumptions(file: string, text: string): Assumptions {
  return readDocument(file, text, assumptionsSchema).value;
}
