import { z } from 'zod';
import { answerKinds } from '../domain/escalation/life.ts';
import { attemptSchema, saidSchemas } from '../domain/escalation/said.ts';
import { inOneLine, problemsOf } from './problems.ts';

const by = z.string().max(300, 'it must have at most 300 characters').nullish().meta({
  description:
    'who says it, by key or address: the owner, or somebody who leads sales; the owner where it is left out',
});

/** What is said of a lead in one way, with who says it, and nothing else. */
function spoken<Shape extends z.ZodRawShape>({ shape }: z.ZodObject<Shape>) {
  return z.strictObject({ ...shape, by });
}

const [plain, feedback, rejected, won, lost] = saidSchemas;
const forms = [
  spoken(plain),
  spoken(feedback),
  spoken(rejected),
  spoken(won),
  spoken(lost),
  spoken(attemptSchema),
] as const;

/** What sales says of a lead, as it is posted: the fields of the rep's page. */
export const answerItemSchema = z.discriminatedUnion('answer', forms);
export type AnswerItem = z.output<typeof answerItemSchema>;

/** Words that a post may say. */
export const answerWords = [...answerKinds, 'attempt'] as const;
const worded = z.looseObject({ answer: z.enum(answerWords) });

/** Reads what is posted; or says what is wrong with it, by the fields of the answer that it is. */
export function readAnswerItem(given: unknown): { item: AnswerItem } | { problem: string } {
  const word = worded.safeParse(given);
  if (word.error !== undefined)
    return { problem: inOneLine(problemsOf(word.error, given, worded)) };
  const { data, error } = answerItemSchema.safeParse(given);
  if (data !== undefined) return { item: data };
  const form = forms.find(({ shape }) => shape.answer.safeParse(word.data.answer).success);
  return { problem: inOneLine(problemsOf(error, given, form ?? answerItemSchema)) };
}
