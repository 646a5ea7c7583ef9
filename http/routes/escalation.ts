import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Agreement } from '../../domain/agreement/agreement.ts';
import { storable } from '../../domain/document/text.ts';
import { agreementById } from '../../store/agreement.ts';
import {
  escalationOfAssignment,
  recordAnswer,
  type EscalationState,
} from '../../store/escalation.ts';
import { loadFacts } from '../../store/facts.ts';
import { explainedCrossing, outlookOf } from '../../store/lead-sheet.ts';
import { leadStory } from '../../store/story.ts';
import type { LinkRefusal } from '../../mail/links.ts';
import type { HttpContext } from '../context.ts';
import { EscalationPage } from '../pages/escalation.tsx';
import { Message } from '../pages/layout.tsx';
import { refuseLink } from '../refuse-link.ts';

interface Route {
  Params: { token: string };
}

const longestNote = 500;

const answerSchema = z.discriminatedUnion('answer', [
  z.object({ answer: z.literal('accepted') }),
  z.object({
    answer: z.literal('rejected'),
    reason: z.string().min(1).max(80),
    note: z.string().transform(storable).optional(),
  }),
]);

/** A rep's page of one lead, by the signed link of their mail. GET shows, POST answers. */
export async function escalationRoutes(
  server: FastifyInstance,
  context: HttpContext,
): Promise<void> {
  const { database, links, clock, nudger } = context;

  const find = async (token: string): Promise<EscalationState | LinkRefusal> => {
    const purpose = links.open(token, clock.now());
    if ('refused' in purpose) return purpose.refused;
    if (purpose.kind !== 'escalation') return 'forged';
    return (await escalationOfAssignment(database, purpose.assignment)) ?? 'forged';
  };

  server.get<Route>('/e/:token', async ({ params: { token } }, reply) => {
    reply.type('text/html');
    const state = await find(token);
    if (typeof state === 'string') return refuse(reply, state);
    return showPage(context, state, `/e/${token}`, null, reply);
  });

  server.post<Route>('/e/:token', async ({ params: { token }, body }, reply) => {
    reply.type('text/html');
    const state = await find(token);
    if (typeof state === 'string') return refuse(reply, state);
    const answer = answerSchema.safeParse(body);
    const agreement = await currentAgreement(context, state);
    if (noteOf(body).length > longestNote)
      return showPage(
        context,
        state,
        `/e/${token}`,
        `Nothing was saved: the note has more than ${longestNote} characters.`,
        reply.code(422),
      );
    if (!answer.success || agreement === null || !isKnown(answer.data, agreement))
      return showPage(
        context,
        state,
        `/e/${token}`,
        'Nothing was saved: choose one of the reasons to reject a lead.',
        reply.code(422),
      );
    const { data } = answer;
    const result = await recordAnswer(
      database,
      {
        escalationId: state.id,
        personId: state.owner.id,
        kind: data.answer,
        reason: data.answer === 'rejected' ? data.reason : null,
        note: data.answer === 'rejected' ? (data.note?.trim() ?? '') || null : null,
        way: 'page',
      },
      clock.now(),
    );
    if ('refused' in result)
      return reply.code(409).send(
        Message({
          title: 'Somebody was faster',
          text: `This lead was answered for already (${result.refused}). Nothing has changed.`,
        }),
      );
    nudger.nudge([state.leadId]);
    return reply.redirect(`/e/${token}`, 303);
  });
}

function noteOf(body: unknown): string {
  const { note } = (body ?? {}) as { note?: unknown };
  return typeof note === 'string' ? note : '';
}

function isKnown(answer: z.output<typeof answerSchema>, { rejections }: Agreement): boolean {
  return answer.answer === 'accepted' || Object.hasOwn(rejections, answer.reason);
}

async function currentAgreement(
  { database, clock }: HttpContext,
  { leadId }: EscalationState,
): Promise<Agreement | null> {
  const facts = await loadFacts(database, leadId, clock.now());
  return facts && (await agreementById(database, facts.agreementId)).agreement;
}

async function showPage(
  { database, clock, links }: HttpContext,
  state: EscalationState,
  action: string,
  notice: string | null,
  reply: FastifyReply,
): Promise<unknown> {
  const at = clock.now();
  const [story, facts, crossing] = await Promise.all([
    leadStory(database, state.leadId, at),
    loadFacts(database, state.leadId, at),
    explainedCrossing(database, state),
  ]);
  if (story === null || facts === null || crossing === null) return refuse(reply, 'forged');
  const { agreement } = await agreementById(database, facts.agreementId);
  const page = {
    state,
    story,
    agreement,
    crossing,
    outlook: outlookOf(facts, agreement, at),
    leadPage: links.lead(state.leadId, at),
    action,
    notice,
  };
  return reply.send(EscalationPage(page));
}

function refuse(reply: FastifyReply, why: LinkRefusal): unknown {
  return refuseLink(reply, why, {
    expired: 'Ask your manager for the lead, or use the link of a newer mail.',
    forged: 'It may have been cut off on its way. Please use the link of the mail itself.',
  });
}
