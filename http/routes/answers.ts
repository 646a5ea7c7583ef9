import { validate } from 'uuid';
import { z } from 'zod';
import { personNamed } from '../../domain/escalation/person-named.ts';
import type { EscalationId, PersonId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import { namedPeople } from '../../store/account.ts';
import type { AnswerRefusal, Recorded } from '../../store/answer.ts';
import { escalationState } from '../../store/escalation.ts';
import { escalationSheet } from '../../store/escalation-sheet.ts';
import { answerOnce, keptAnswer, type Kept, type KeyedPost } from '../../store/idempotency-key.ts';
import { answerItemSchema, readAnswerItem, type AnswerItem } from '../answer-item.ts';
import { hear } from '../answering.ts';
import type { HttpContext } from '../context.ts';
import { refusalSchema, type Endpoint, type Taken } from '../endpoint.ts';
import {
  escalationSchema,
  escalationStates,
  exampleEscalation,
  viewOf,
  type EscalationView,
} from '../escalation-view.ts';
import { idempotencyKeyParameter, keyedPost } from '../idempotency.ts';
import { noEscalation } from './escalations.ts';

/** When to come again while the same post is under way, in seconds. */
const comeAgain = '1';

const refusedSchema = refusalSchema.extend({
  reason: z
    .enum(['not the owner', 'answered already', 'out of order', 'under way'])
    .meta({ description: 'under way: another post with this key is not answered yet' }),
  state: z.enum(escalationStates).optional(),
  owner: escalationSchema.shape.owner
    .optional()
    .meta({ description: 'who has it now, or had it last' }),
});

/** `POST /v1/escalations/:id/answers`: what sales says of a lead, as on the rep's page. */
export const answersEndpoint: Endpoint = {
  path: '/v1/escalations/{id}/answers',
  summary: 'Answer for a lead that is with sales',
  description:
    'What the owner of an escalation, or somebody who leads sales, says of it: what the rep’s page can say. `may` of the ' +
    'escalation is what can be said now. Saying it twice changes nothing (`recorded` is false then), but an attempt or ' +
    'feedback is noted each time; under an `Idempotency-Key` everything is carried out once.',
  noun: 'answer',
  item: answerItemSchema,
  most: 1,
  contentTypes: [],
  parameters: [
    {
      ...{ name: 'id', in: 'path', required: true, schema: { type: 'string' } },
      example: exampleEscalation.id,
    },
    idempotencyKeyParameter,
  ],
  examples: {
    accepted: { summary: 'the owner takes it', value: { answer: 'accepted' } },
    attempt: {
      summary: 'somebody of sales called',
      value: { answer: 'attempt', attempt: 'call', note: 'voicemail', by: 'lena' },
    },
    rejected: {
      summary: 'not now: the lead is asked again in May',
      value: {
        answer: 'rejected',
        reason: 'not now',
        date: '2026-05-04',
        note: 'after the budget',
      },
    },
    won: { summary: 'a deal', value: { answer: 'won', amount: '12,500 EUR' } },
    lost: { summary: 'no deal', value: { answer: 'lost', reason: 'chose another' } },
  },
  answers: {
    200: {
      description: 'It is recorded, or had been said before.',
      body: z.object({
        recorded: z.boolean().meta({ description: 'false when it had been said before' }),
        ...escalationSchema.shape,
      }),
      example: { recorded: true, ...exampleEscalation },
    },
    400: {
      description:
        'The body is no JSON, and `line` and `column` say where; or the key of the header is none.',
      body: refusalSchema.extend({ line: z.int().optional(), column: z.int().optional() }),
      example: { error: 'the body is no JSON: see line 1, column 14', line: 1, column: 14 },
    },
    404: noEscalation,
    409: {
      description:
        'Not as it stands now: somebody was faster, has it now, or it is too early for this. Or the same post is under ' +
        'way: `Retry-After` says in how many seconds to send it again.',
      body: refusedSchema,
      example: {
        error: 'somebody was faster: this lead was answered for already',
        reason: 'answered already',
        state: 'won',
        owner: exampleEscalation.owner,
      },
    },
    422: {
      description:
        'It cannot be understood or lacks something; the sentence says what. Or its key was used for another post.',
      body: refusalSchema,
      example: {
        error:
          'choose one of the reasons to reject a lead. "not nwo" is none of them. Did you mean "not now"?',
      },
    },
  },
  take: async (context, [given], at, asked) => {
    if (!validate(asked.name)) return refusal(404, noEscalation.example.error);
    const id = asked.name as EscalationId;
    const read = readAnswerItem(given);
    if ('problem' in read) return refusal(422, read.problem);
    const keyed = keyedPost(asked, read.item, context.config.apiKey);
    if ('problem' in keyed) return refusal(400, keyed.problem);
    return answer(context, id, read.item, keyed.post, at);
  },
};

/**
 * Carries an answer out and says what became of it; under a key, once.
 *
 * As the IETF's draft and Stripe do, what is kept is what was carried out, well or not: 200, and 409 for where the
 * escalation stood. A post that was malformed (400, 422), of no escalation (404), or met with another under way (409 with
 * `Retry-After`) did nothing, so its key is free. The key is looked up before anything is judged by the present: a day that
 * has passed meanwhile, or an owner who has changed, does not turn the second answer into another.
 *
 * Of the answer its facts alone are kept. Sent again it has the same status, `recorded` and reason, and the escalation as
 * it is now, like a webhook: so nothing that a person was called is stored a second time, nor told after it was erased.
 */
async function answer(
  context: HttpContext,
  id: EscalationId,
  item: AnswerItem,
  post: KeyedPost | null,
  at: Instant,
): Promise<Taken> {
  const { database } = context;
  const kept = post === null ? null : await keptAnswer(database, post, at);
  if (kept !== null) return answered(context, id, item, kept, at);
  const state = await escalationState(database, id);
  if (state === null) return refusal(404, noEscalation.example.error);
  const speaker = item.by ? await speakerCalled(context, item.by) : { id: state.owner.id };
  if ('problem' in speaker) return refusal(422, `by: ${speaker.problem}`);
  const by = { person: speaker.id, way: 'api' } as const;
  const heard =
    post === null
      ? await hear(context, state, item, by, at)
      : await hear(context, state, item, by, at, (session, work) =>
          answerOnce(session, post, work, at),
        );
  return 'problem' in heard ? refusal(422, heard.problem) : answered(context, id, item, heard, at);
}

/** Says what became of an answer, or what it was told the first time. */
async function answered(
  { database, links }: HttpContext,
  id: EscalationId,
  { answer: said }: AnswerItem,
  outcome: Recorded | Kept,
  at: Instant,
): Promise<Taken> {
  if ('key' in outcome)
    return outcome.key === 'under way'
      ? {
          ...refusal(409, 'a post with this Idempotency-Key is not answered yet', {
            reason: 'under way',
          }),
          headers: { 'retry-after': comeAgain },
        }
      : refusal(422, 'this Idempotency-Key was used for another post; send a new one');
  const sheet = await escalationSheet(database, id);
  if (sheet === null) return refusal(404, noEscalation.example.error);
  const view = viewOf(sheet, links, at);
  const headers = 'isReplay' in outcome ? { 'idempotent-replayed': 'true' } : {};
  if ('recorded' in outcome)
    return {
      status: 200,
      body: { recorded: outcome.recorded, ...view },
      toNudge: [],
      headers,
    };
  const { state, owner } = view;
  const reason = outcome.refused;
  return { ...refusal(409, sentenceOf(reason, said, view), { reason, state, owner }), headers };
}

function sentenceOf(
  reason: AnswerRefusal,
  said: AnswerItem['answer'],
  { state, owner, may }: EscalationView,
): string {
  switch (reason) {
    case 'not the owner':
      return `only ${owner.name}, who has this lead now, or somebody who leads sales can answer for it`;
    case 'answered already':
      return 'somebody was faster: this lead was answered for already';
    case 'out of order':
      return `"${said}" could not be said of it where it stood. It is ${state}; what may be said now: ${may.join(', ') || 'nothing more'}`;
    case 'unknown':
      return noEscalation.example.error;
    default:
      return reason satisfies never;
  }
}

/** Who says it: anybody of sales who is there; whether they may is found out with the escalation. */
async function speakerCalled(
  { database }: Pick<HttpContext, 'database'>,
  word: string,
): Promise<{ id: PersonId } | { problem: string }> {
  const named = personNamed(word, await namedPeople(database));
  if ('problem' in named) return named;
  const { id, name, team } = named.person;
  return team === 'sales' ? { id } : { problem: `${name} is of ${team}; sales answers for leads` };
}

function refusal(status: number, error: string, more: object = {}): Taken {
  return { status, body: { error, ...more }, toNudge: [] };
}
