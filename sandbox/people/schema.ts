import { z } from 'zod';
import { percentSchema } from '../../domain/document/percent.ts';
import { DocumentError } from '../../domain/document/problem.ts';
import { readDocument } from '../../domain/document/read.ts';
import { yesNo } from '../../domain/document/yes-no.ts';
import { minute, parseDuration } from '../../domain/instant.ts';

/** The hours of the day at which somebody looks at mail, in milliseconds after midnight. */
const hoursSchema = z.string().transform((text, context): { from: number; to: number } => {
  const [, h1, m1, h2, m2] = /^(\d{2}):(\d{2})-(\d{2}):(\d{2})$/.exec(text.trim()) ?? [];
  const from = (Number(h1) * 60 + Number(m1)) * minute;
  const to = (Number(h2) * 60 + Number(m2)) * minute;
  if (from < to && Number(h2) < 24 && Number(m1) < 60 && Number(m2) < 60) return { from, to };
  context.addIssue({ code: 'custom', message: 'hours are written like "18:30-22:00"' });
  return z.NEVER;
});

const units = {
  mail: 'mails',
  mails: 'mails',
  click: 'clicks',
  clicks: 'clicks',
  day: 'days',
  days: 'days',
} as const;

/** What must have happened first. */
const afterSchema = z
  .string()
  .transform((text, context): { count: number; of: 'mails' | 'clicks' | 'days' } => {
    const [, count, word] = /^(\d{1,3}) ([a-z]+)$/.exec(text.trim()) ?? [];
    if (Number(count) > 0 && word !== undefined && word in units)
      return { count: Number(count), of: units[word as keyof typeof units] };
    context.addIssue({
      code: 'custom',
      message: 'this is written like "3 mails", "2 clicks" or "50 days"',
    });
    return z.NEVER;
  });

const deeds = [
  'replies',
  'is away',
  'bounces',
  'unsubscribes',
  'complains',
  'asks for a demo',
  'comes back',
] as const;

const thenSchema = z
  .strictObject({
    after: afterSchema,
    does: z.enum(deeds),
    days: z.int().min(1).max(365).optional(),
  })
  .refine(({ does, days }) => (does === 'is away') === (days !== undefined), {
    message: '"days" belongs to "is away", and says for how long',
    path: ['days'],
  });

const common = { about: z.string().min(1).max(200), share: z.int().min(0).max(10_000) };

const leadPersonaSchema = z.strictObject({
  ...common,
  /** The chance that a mail is opened by the person. */
  opens: percentSchema.default(0),
  /** The chance that a link of a mail is clicked; whoever clicks has opened. */
  clicks: percentSchema.default(0),
  looks: hoursSchema,
  /** The chance to look at the prices after a click. */
  'visits pricing': percentSchema.default(0),
  /** A gateway follows every link within two seconds. */
  scanned: yesNo.default(false),
  /** The mail program loads every image by itself. */
  'machine opens': yesNo.default(false),
  then: z.array(thenSchema).max(10).default([]),
});
export type LeadPersona = z.output<typeof leadPersonaSchema>;

const answersSchema = z
  .string()
  .transform((text, context): { afterMs: number } | 'at the last moment' | 'never' => {
    const words = text.trim();
    if (words === 'never' || words === 'at the last moment') return words;
    const afterMs = words.startsWith('after ') ? parseDuration(words.slice(6)) : null;
    if (afterMs !== null) return { afterMs };
    context.addIssue({
      code: 'custom',
      message: 'this is "after 1 hour", "at the last moment" or "never"',
    });
    return z.NEVER;
  });

const repPersonaSchema = z.strictObject({
  ...common,
  answers: answersSchema,
  /** The chance that a lead is accepted; else it is rejected. */
  accepts: percentSchema.default(0),
  /** Why leads are rejected, one reason after the other. */
  reasons: z.array(z.string().min(1)).default([]),
  /** The chance that a lead that was contacted is qualified; else it is lost. */
  qualifies: percentSchema.default(0),
  /** The chance that a qualified lead is won; else it is lost. */
  wins: percentSchema.default(0),
});
export type RepPersona = z.output<typeof repPersonaSchema>;

const personasSchema = z.strictObject({
  leads: z.record(z.string(), leadPersonaSchema),
  reps: z.record(z.string(), repPersonaSchema),
});
export type Personas = z.output<typeof personasSchema>;

/**
 * Reads a file of personas.
 * @param reasons for which the agreement lets sales reject a lead; null while nobody knows the agreement
 * @throws DocumentError with file, line and column
 */
export function readPersonas(
  file: string,
  text: string,
  reasons: readonly string[] | null,
): Personas {
  const { value, problem } = readDocument(file, text, personasSchema);
  const problems = Object.entries(value.reps).flatMap(([name, persona]) => [
    ...persona.reasons.flatMap((reason, index) =>
      reasons === null || reasons.includes(reason)
        ? []
        : [
            problem(
              ['reps', name, 'reasons', index],
              `The agreement knows no reason "${reason}"; it knows ${reasons.map(known => `"${known}"`).join(', ')}.`,
            ),
          ],
    ),
    ...(persona.answers !== 'never' && persona.accepts < 1 && persona.reasons.length === 0
      ? [problem(['reps', name], 'Who rejects leads needs "reasons".')]
      : []),
  ]);
  for (const kind of ['leads', 'reps'] as const)
    if (Object.values(value[kind]).every(({ share }) => share === 0))
      problems.push(problem([kind], 'At least one persona must have a share above 0.'));
  if (problems.length > 0) throw new DocumentError(file, problems);
  return value;
}
