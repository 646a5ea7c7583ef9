import { validate } from 'uuid';
import { z } from 'zod';
import { grades } from '../../domain/agreement/grade.ts';
import { personNamed } from '../../domain/escalation/person-named.ts';
import type { EscalationId, PersonId } from '../../domain/ids.ts';
import { namedPeople } from '../../store/account.ts';
import { escalationSheet, escalationSheets } from '../../store/escalation-sheet.ts';
import type { HttpContext } from '../context.ts';
import { refusalSchema } from '../endpoint.ts';
import {
  escalationSchema,
  escalationStates,
  exampleEscalation,
  viewOf,
} from '../escalation-view.ts';
import { queryRefusal, type Listing } from '../listing.ts';
import { noQuery, type Lookup } from '../lookup.ts';

const limits = { most: 200, usual: 50 };
const limitProblem = `it must be a whole number from 1 to ${limits.most}`;

/** Where a page ended: the id of its last, in 22 letters. Nobody needs to know. */
const cursorSchema = z
  .string()
  .regex(/^[\w-]{22}$/, 'it is none that `next` of an answer was; begin again without it')
  .transform(cursor => {
    const hex = Buffer.from(cursor, 'base64url').toString('hex');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') as EscalationId;
  });

function cursorAt(id: EscalationId): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}

const querySchema = z.strictObject({
  state: z
    .enum(['open', ...escalationStates])
    .optional()
    .meta({ description: 'open is every state that has not ended' }),
  owner: z
    .string()
    .max(300, 'it must have at most 300 characters')
    .optional()
    .meta({ description: 'who has it, or had it last, by key or address' }),
  grade: z.enum(grades).optional().meta({ description: 'when it went to sales' }),
  after: cursorSchema.optional().meta({ description: '`next` of the page before' }),
  limit: z.coerce
    .number()
    .int(limitProblem)
    .min(1, limitProblem)
    .max(limits.most, limitProblem)
    .default(limits.usual),
});

/** `GET /v1/escalations`: leads that are with sales, or were, page by page. */
export const escalationListing: Listing<typeof querySchema> = {
  path: '/v1/escalations',
  noun: 'escalation',
  summary: 'Look at the leads that are with sales',
  description:
    'Escalations in the order in which they began, the oldest first. `next` goes on after the last of them; null when ' +
    'there are no more. One that changes meanwhile keeps its place, so none is told twice or left out.',
  query: querySchema,
  answers: {
    200: {
      description: 'A page of escalations.',
      body: z.object({ escalations: z.array(escalationSchema), next: z.string().nullable() }),
      example: { escalations: [exampleEscalation], next: null },
    },
    422: queryRefusal,
  },
  list: async ({ database, links }, { state, owner, grade, after, limit }, at) => {
    const whose = owner === undefined ? null : await ownerCalled({ database }, owner);
    if (whose !== null && 'problem' in whose)
      return { status: 422, body: { error: `owner: ${whose.problem}` } };
    const filter = {
      ...{ state: state ?? null, grade: grade ?? null, after: after ?? null },
      owner: whose?.id ?? null,
    };
    const sheets = await escalationSheets(database, filter, limit + 1);
    const page = sheets.slice(0, limit);
    const last = page.at(-1);
    const next = last === undefined || sheets.length <= limit ? null : cursorAt(last.id);
    return {
      status: 200,
      body: { escalations: page.map(sheet => viewOf(sheet, links, at)), next },
    };
  },
};

/** Whose escalations are asked for; somebody who has left too. */
async function ownerCalled(
  { database }: Pick<HttpContext, 'database'>,
  word: string,
): Promise<{ id: PersonId } | { problem: string }> {
  const people = await namedPeople(database, 'past');
  const named = personNamed(
    word,
    people.filter(({ team }) => team === 'sales'),
  );
  return 'problem' in named ? named : { id: named.person.id };
}

/** What is answered where a path names no escalation. */
export const noEscalation = {
  description: 'There is no escalation of this id.',
  body: refusalSchema,
  example: { error: 'there is no escalation of this id' },
};

/** `GET /v1/escalations/:id`: one of them. */
export const escalationLookup: Lookup = {
  path: '/v1/escalations',
  key: 'id',
  query: noQuery,
  example: exampleEscalation.id,
  noun: 'escalation',
  summary: 'Look at a lead that is with sales',
  description:
    'Where it stands, who has it, by when what is due, what was said, and what may be said now.',
  answers: {
    200: { description: 'The escalation.', body: escalationSchema, example: exampleEscalation },
    404: noEscalation,
  },
  find: async ({ database, links }, id, at) => {
    const sheet = validate(id) ? await escalationSheet(database, id as EscalationId) : null;
    return sheet === null
      ? { status: 404, body: noEscalation.example }
      : { status: 200, body: viewOf(sheet, links, at) };
  },
};
