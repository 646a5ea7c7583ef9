import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DateTime } from 'luxon';
import { isLeadOfSales } from '../../domain/escalation/leading.ts';
import { otherwiseOf } from '../../domain/escalation/otherwise.ts';
import { talkFor } from '../../domain/escalation/talk.ts';
import type { AssignmentId, PersonId, SendId } from '../../domain/ids.ts';
import { agreementById } from '../../store/agreement.ts';
import type { AnswerRefusal } from '../../store/answer.ts';
import { escalationOfAssignment, type EscalationState } from '../../store/escalation.ts';
import { handoverOf } from '../../store/handover.ts';
import { leadsOfAccount } from '../../store/account-sheet.ts';
import { loadFacts } from '../../store/facts.ts';
import { explainedCrossing, outlookOf } from '../../store/lead-sheet.ts';
import { leadStory } from '../../store/story.ts';
import type { LinkRefusal } from '../../mail/links.ts';
import { hear } from '../answering.ts';
import type { HttpContext } from '../context.ts';
import { EscalationPage } from '../pages/escalation.tsx';
import { Message } from '../pages/layout.tsx';
import { refuseLink, wentOn } from '../refuse-link.ts';
import { visitorOf } from '../session.ts';

interface Route {
  Params: { token: string };
}

/** A rep's page of one lead, by the signed link of their mail. GET shows, POST answers. */
export async function escalationRoutes(
  server: FastifyInstance,
  context: HttpContext,
): Promise<void> {
  const { database, links, clock } = context;

  const find = async (
    token: string,
  ): Promise<{ state: EscalationState; asked: AssignmentId } | LinkRefusal> => {
    const purpose = links.open(token, clock.now());
    if ('refused' in purpose) return purpose.refused;
    if (purpose.kind !== 'escalation') return 'forged';
    const state = await escalationOfAssignment(database, purpose.assignment);
    return state === null ? 'forged' : { state, asked: purpose.assignment };
  };

  server.get<Route>('/e/:token', async ({ params: { token } }, reply) => {
    reply.type('text/html');
    const found = await find(token);
    if (typeof found === 'string') return refuse(reply, found);
    const { state, asked } = found;
    if (state.assignment.id !== asked) return passedOn(state, reply);
    return showPage(context, state, `/e/${token}`, null, reply);
  });

  server.post<Route>('/e/:token', async (request, reply) => {
    const { token } = request.params;
    reply.type('text/html');
    const found = await find(token);
    if (typeof found === 'string') return refuse(reply, found);
    const { state, asked } = found;
    if (state.assignment.id !== asked) return passedOn(state, reply.code(409));
    const at = clock.now();
    const person = await speakerOf(context, request, state);
    const heard = await hear(context, state, request.body, { person, way: 'page' }, at);
    if ('problem' in heard)
      return showPage(
        context,
        state,
        `/e/${token}`,
        `Nothing was saved: ${heard.problem}`,
        reply.code(422),
      );
    if ('refused' in heard) return reply.code(409).send(Message(refusals[heard.refused]));
    return reply.redirect(`/e/${token}`, 303);
  });
}

/** Who speaks: whoever leads sales and is logged in speaks for themselves, anybody else who has the link is its owner. */
async function speakerOf(
  context: HttpContext,
  request: FastifyRequest,
  { owner }: EscalationState,
): Promise<PersonId> {
  const visitor = await visitorOf(context, request);
  return visitor !== null && isLeadOfSales(visitor) ? visitor.id : owner.id;
}

const refusals: Readonly<Record<AnswerRefusal, { title: string; text: string }>> = {
  'not the owner': {
    title: 'Somebody else has this lead now',
    text: 'It went on to another rep a moment ago. Nothing has changed.',
  },
  'answered already': {
    title: 'Somebody was faster',
    text: 'This lead was answered for already (answered already). Nothing has changed.',
  },
  'out of order': {
    title: 'Not yet',
    text: 'This cannot be said of the lead where it stands now. Nothing has changed; go back and look at the page again.',
  },
  unknown: { title: 'There is no such lead', text: 'Nothing has changed.' },
};

function passedOn({ owner, endedAt }: EscalationState, reply: FastifyReply): unknown {
  return wentOn(reply, 'lead', owner.name, endedAt === null);
}

async function showPage(
  { database, clock, links, talks }: HttpContext,
  state: EscalationState,
  action: string,
  notice: string | null,
  reply: FastifyReply,
): Promise<unknown> {
  const at = clock.now();
  const [story, colleagues, facts, crossing, handover] = await Promise.all([
    leadStory(database, state.leadId, at),
    leadsOfAccount(database, state.leadId, at),
    loadFacts(database, state.leadId, at),
    explainedCrossing(database, state),
    handoverOf(database, state, at),
  ]);
  if (story === null || facts === null || crossing === null || handover === null)
    return refuse(reply, 'forged');
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
    handover,
    joinsPage: handover.joins === null ? '' : links.escalation(handover.joins.assignment, at),
    talk: talkFor(talks, state.segment),
    colleagues,
    otherwise: otherwiseOf(state, agreement, at),
    tomorrow: DateTime.fromMillis(at, { zone: agreement.working_hours.zone })
      .plus({ days: 1 })
      .toFormat('yyyy-MM-dd'),
    commentOn: (send: SendId) => links.comment(send, state.owner.id, at),
    at,
  };
  return reply.send(EscalationPage(page));
}

function refuse(reply: FastifyReply, why: LinkRefusal): unknown {
  return refuseLink(reply, why, {
    expired: 'Ask your manager for the lead, or use the link of a newer mail.',
    forged: 'It may have been cut off on its way. Please use the link of the mail itself.',
  });
}
