import { DateTime } from 'luxon';
import { z } from 'zod';
import type { AgreementDocument } from '../agreement/schema.ts';
import { suggestion } from '../document/nearest.ts';
import { storable } from '../document/text.ts';
import { plus, type Instant } from '../instant.ts';
import { normalizeAddress, type Address } from '../lead/address.ts';
import { moneySchema, type Money } from '../money.ts';
import { workingWeek } from './due.ts';
import type { AnswerKind } from './life.ts';

const longestNote = 500;
/** A day further away than this is a slip of the finger. */
const furthestYears = 3;
/** In minor units; more than ten thousand millions is no deal. */
const mostMoney = 1e12;

const text = z.string().transform(value => storable(value).trim());
const noteSchema = text
  .refine(
    value => value.length <= longestNote,
    `the note has more than ${longestNote} characters; say it shorter`,
  )
  .transform(value => value || null)
  .nullish();

/** What sales may say of a lead, as a page, a command or the API gives it. What is null or blank says nothing. */
export const saidSchemas = [
  z.object({ answer: z.enum(['accepted', 'contacted', 'qualified', 'closed']), note: noteSchema }),
  z.object({
    answer: z.literal('feedback'),
    note: noteSchema.meta({ description: 'how it goes; it is needed' }),
  }),
  z.object({
    answer: z.literal('rejected'),
    reason: z.string().max(80).meta({ description: 'one of the reasons of the agreement' }),
    note: noteSchema,
    date: text.nullish().meta({
      description: 'the day to call again, such as 2026-05-04, where the reason asks for one',
    }),
    about: text.nullish().meta({
      description:
        "the right person's address, or the other address of the same person, where the reason asks for one",
    }),
  }),
  z.object({
    answer: z.literal('won'),
    amount: text.nullish().meta({ description: 'with its currency, such as "12,500 EUR"' }),
    note: noteSchema,
  }),
  z.object({
    answer: z.literal('lost'),
    reason: text.nullish().meta({ description: 'why; it is needed' }),
    note: noteSchema,
  }),
] as const;
const saidSchema = z.discriminatedUnion('answer', saidSchemas);

/** A try to reach a lead, which says nothing of the lead itself. */
export const attemptSchema = z.object({
  answer: z.literal('attempt'),
  attempt: z.enum(['call', 'mail', 'meeting']),
  note: noteSchema,
});

/** What was said, as it is recorded. */
export interface SaidAnswer {
  kind: AnswerKind;
  reason: string | null;
  note: string | null;
  wakeAt: Instant | null;
  about: Address | null;
  money: Money | null;
  feedbackDueAt: Instant | null;
}

/** What an answer is measured by. */
export interface Asked {
  agreement: AgreementDocument;
  grade: 'A' | 'B' | 'C' | 'D';
  /** How often a rep has tried to reach the lead. */
  attempts: number;
  at: Instant;
}

/**
 * Reads what sales says of a lead, by the agreement: a reason that both teams know, with what it needs.
 * @returns the answer, or what is wrong with it in a sentence
 */
export function readSaid(given: unknown, asked: Asked): { said: SaidAnswer } | { problem: string } {
  const parsed = saidSchema.safeParse(given);
  if (!parsed.success) return { problem: problemOf(parsed.error, given) };
  const { data } = parsed;
  const said: SaidAnswer = {
    kind: data.answer,
    reason: null,
    note: data.note ?? null,
    wakeAt: null,
    about: null,
    money: null,
    feedbackDueAt: null,
  };
  switch (data.answer) {
    case 'accepted':
    case 'qualified':
    case 'closed':
      return { said };
    case 'contacted': {
      const feedbackDueAt = plus(asked.at, asked.agreement.sales.feedback_within);
      return { said: { ...said, feedbackDueAt } };
    }
    case 'feedback':
      return said.note === null ? { problem: 'say in the note how it goes' } : { said };
    case 'won':
      return readMoney(data.amount ?? '', said);
    case 'lost':
      return data.reason
        ? { said: { ...said, reason: data.reason } }
        : { problem: 'say why it was lost' };
    case 'rejected':
      return readRejection(data, said, asked);
    default:
      return data satisfies never;
  }
}

function readMoney(amount: string, said: SaidAnswer): ReturnType<typeof readSaid> {
  if (amount === '') return { said };
  const { data: money, error } = moneySchema.safeParse(amount);
  if (money === undefined)
    return { problem: `"${amount.slice(0, 40)}" is no amount: ${error.issues[0]?.message}` };
  return money.minor > mostMoney
    ? { problem: `"${amount.slice(0, 40)}" is more than any deal; look at the amount again` }
    : { said: { ...said, money } };
}

function readRejection(
  data: { reason: string; date?: string | null | undefined; about?: string | null | undefined },
  said: SaidAnswer,
  { agreement, grade, attempts, at }: Asked,
): ReturnType<typeof readSaid> {
  const reasons = Object.keys(agreement.rejections);
  const rule = reasons.includes(data.reason) ? agreement.rejections[data.reason] : undefined;
  if (rule === undefined) {
    const found = data.reason === '' ? '' : `"${data.reason}" is none of them. `;
    return {
      problem:
        `choose one of the reasons to reject a lead. ${found}${suggestion(data.reason, reasons).trim()}`.trim(),
    };
  }
  const least = rule.attempts?.[grade === 'A' ? 'A' : 'B'] ?? 0;
  if (attempts < least)
    return {
      problem: `"${data.reason}" counts after ${least} attempts to reach the lead; ${attempts} ${attempts === 1 ? 'is' : 'are'} noted`,
    };
  const rejected = { ...said, reason: data.reason };
  switch (rule.asks) {
    case 'date':
      return readDate(data.date ?? '', rejected, agreement, at);
    case 'colleague':
      return readAbout(data.about ?? '', rejected, false);
    case 'duplicate':
      return readAbout(data.about ?? '', rejected, true);
    case undefined:
      return { said: rejected };
    default:
      return rule.asks satisfies never;
  }
}

function readDate(
  given: string,
  said: SaidAnswer,
  agreement: AgreementDocument,
  at: Instant,
): ReturnType<typeof readSaid> {
  if (given === '') return { problem: `"${said.reason}" needs the day to call again` };
  const { zone, from } = workingWeek(agreement, null);
  const date = DateTime.fromFormat(given, 'yyyy-MM-dd', { zone });
  if (!date.isValid)
    return { problem: `"${given.slice(0, 40)}" is no day; write it like 2026-05-04` };
  const wakeAt = date.plus({ minutes: from }).toMillis() as Instant;
  if (wakeAt <= at) return { problem: `the day to call again, ${given}, is past` };
  if (date.diff(DateTime.fromMillis(at), 'years').years > furthestYears)
    return { problem: `${given} is more than ${furthestYears} years away` };
  return { said: { ...said, wakeAt } };
}

function readAbout(
  given: string,
  said: SaidAnswer,
  isNeeded: boolean,
): ReturnType<typeof readSaid> {
  if (given === '')
    return isNeeded
      ? { problem: `"${said.reason}" needs the other address of the same person` }
      : { said };
  const result = normalizeAddress(given);
  return 'address' in result
    ? { said: { ...said, about: result.address } }
    : { problem: `"${given.slice(0, 80)}" is no e-mail address` };
}

function problemOf(error: z.ZodError, given: unknown): string {
  const [issue] = error.issues;
  if (issue?.path[0] === 'answer' || issue?.path.length === 0) {
    const answer = (given as { answer?: unknown } | null)?.answer;
    return typeof answer === 'string'
      ? `"${answer.slice(0, 40)}" is no answer`
      : 'say what became of the lead';
  }
  return issue?.path[0] === 'reason'
    ? 'choose one of the reasons to reject a lead.'
    : (issue?.message ?? 'this cannot be read');
}
