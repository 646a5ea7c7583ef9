import { z } from 'zod';
import { grades } from '../domain/agreement/grade.ts';
import {
  answerKinds,
  answersIn,
  endStates,
  isOpenState,
  openStates,
} from '../domain/escalation/life.ts';
import type { Instant } from '../domain/instant.ts';
import { leadAsTold } from '../domain/lead/as-told.ts';
import type { Links } from '../mail/links.ts';
import type { EscalationSheet } from '../store/escalation-sheet.ts';
import { answerWords } from './answer-item.ts';

/** Every state that an escalation can be in. */
export const escalationStates = [...openStates, ...endStates, 'merged'] as const;

const moment = z.iso.datetime();
const person = z.object({ key: z.string(), name: z.string() });
const saidBy = { note: z.string().nullable(), at: moment, by: person, way: z.string() };

/** An escalation as it is read, by the names that a webhook has for it. */
export const escalationSchema = z.object({
  id: z.string().meta({ description: 'what a webhook calls `escalation`' }),
  state: z.enum(escalationStates),
  grade: z.enum(grades),
  cause: z.string().meta({ description: 'why it went to sales' }),
  lead: z.object({
    id: z.string(),
    email: z
      .string()
      .nullable()
      .meta({ description: 'null once the person was erased, like the names' }),
    first_name: z.string().nullable(),
    last_name: z.string().nullable(),
    company: z.string().nullable(),
  }),
  owner: person,
  since: moment,
  ended: moment.nullable(),
  due: z.object({
    answer: moment,
    first_contact: moment,
    feedback: moment.nullable().meta({ description: 'null until the lead was contacted' }),
  }),
  dispositions: z
    .array(z.object({ kind: z.enum(answerKinds), reason: z.string().nullable(), ...saidBy }))
    .meta({ description: 'what was said so far, in order' }),
  attempts: z
    .array(z.object({ kind: z.enum(['call', 'mail', 'meeting']), ...saidBy }))
    .meta({ description: 'tries to reach the lead, in order' }),
  amount: z.int().nullable().meta({
    description: "what was won, in the currency's minor unit, such as cents",
  }),
  currency: z.string().nullable(),
  may: z.array(z.enum(answerWords)).meta({ description: 'what may be said of it now' }),
  page: z.string().meta({
    description: "the rep's page, for 30 days: whoever has the link answers in the owner's name",
  }),
});
export type EscalationView = z.output<typeof escalationSchema>;

/** An escalation as it is told. @param at when, since links expire */
export function viewOf(sheet: EscalationSheet, links: Links, at: Instant): EscalationView {
  const { id, state, grade, cause, lead, owner, due, dispositions, attempts } = sheet;
  const won = dispositions.find(({ kind }) => kind === 'won');
  return {
    id,
    state,
    grade,
    cause,
    lead: leadAsTold(lead),
    owner,
    since: iso(sheet.since),
    ended: sheet.endedAt === null ? null : iso(sheet.endedAt),
    due: {
      answer: iso(due.answer),
      first_contact: iso(due.contact),
      feedback: due.feedback === null ? null : iso(due.feedback),
    },
    dispositions: dispositions.map(({ kind, reason, note, at: when, by, way }) => ({
      ...{ kind, reason, note, at: iso(when), by, way },
    })),
    attempts: attempts.map(({ kind, note, at: when, by, way }) => ({
      ...{ kind, note, at: iso(when), by, way },
    })),
    amount: won?.minor ?? null,
    currency: won?.currency ?? null,
    may: isOpenState(state) ? [...answersIn(state), 'attempt'] : [],
    page: links.escalation(sheet.assignment, at),
  };
}

function iso(at: Instant): string {
  return new Date(at).toISOString();
}

/** One that was accepted, as the OpenAPI document shows it. */
export const exampleEscalation = {
  id: '01980000-0000-7000-8000-000000000002',
  state: 'accepted',
  grade: 'B',
  cause: 'hand raise',
  lead: {
    id: '01980000-0000-7000-8000-000000000001',
    email: 'ada@example.com',
    first_name: 'Ada',
    last_name: 'Lovelace',
    company: 'Analytical Engines',
  },
  owner: { key: 'lena', name: 'Lena Vogt' },
  since: '2026-03-02T08:00:00.000Z',
  ended: null,
  due: {
    answer: '2026-03-02T12:00:00.000Z',
    first_contact: '2026-03-03T08:00:00.000Z',
    feedback: null,
  },
  dispositions: [
    {
      kind: 'accepted',
      reason: null,
      note: null,
      at: '2026-03-02T09:00:00.000Z',
      by: { key: 'lena', name: 'Lena Vogt' },
      way: 'api',
    },
  ],
  attempts: [],
  amount: null,
  currency: null,
  may: ['contacted', 'qualified', 'rejected', 'lost', 'closed', 'attempt'],
  page: 'https://mail.example.com/e/e.…',
} satisfies EscalationView;
