import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isLeadOfSales } from '../../domain/escalation/leading.ts';
import type { SendId } from '../../domain/ids.ts';
import { leadSheet } from '../../store/lead-sheet.ts';
import { survivorOf } from '../../store/lead.ts';
import type { Task } from '../../store/task.ts';
import type { HttpContext } from '../context.ts';
import { namedToThisSite, ownFormsOnly } from '../foreign-form.ts';
import { LeadPage } from '../pages/lead.tsx';
import { refuseLink } from '../refuse-link.ts';
import { visitorOf } from '../session.ts';
import { mayTake, take } from '../taking-over.ts';

interface Route {
  Params: { token: string };
}

const advice = {
  expired: 'Open the lead again from the page of your mail, or with "lockstep leads show".',
  forged: 'It may have been cut off on its way. Please open it again from where you had it.',
};

/**
 * The page of one lead, by a signed link. GET shows; POST gives the lead to whoever of sales is logged in and takes it
 * over.
 */
export async function leadRoutes(server: FastifyInstance, context: HttpContext): Promise<void> {
  const { config, database, links, clock } = context;
  ownFormsOnly(server, config.http.publicUrl);

  const show = async (
    { params: { token } }: FastifyRequest<Route>,
    reply: FastifyReply,
    visitor: Awaited<ReturnType<typeof visitorOf>>,
    notice: string | null,
  ) => {
    const at = clock.now();
    const lead = await leadOf(token);
    const sheet = typeof lead === 'object' ? await leadSheet(database, lead.id, at) : null;
    if (sheet === null) return refuseLink(reply, lead === 'expired' ? lead : 'forged', advice);
    const may = await mayTake(context, sheet.story, visitor, at);
    const taskLink = ({ id, person }: Task) =>
      visitor !== null && (visitor.id === person.id || isLeadOfSales(visitor))
        ? links.task(id, person.id, at)
        : null;
    const commentOn = (send: SendId) => links.comment(send, null, at);
    const action = `/lead/${token}`;
    return reply.send(LeadPage({ sheet, at, may, action, taskLink, notice, commentOn }));
  };

  /** A lead that was merged is told of as who it is now. */
  const leadOf = async (token: string) => {
    const purpose = links.open(token, clock.now());
    if ('refused' in purpose) return purpose.refused;
    return purpose.kind === 'lead' ? { id: await survivorOf(database, purpose.lead) } : 'forged';
  };

  server.get<Route>('/lead/:token', namedToThisSite, async (request, reply) => {
    reply.type('text/html');
    return show(request, reply, await visitorOf(context, request), null);
  });

  server.post<Route>('/lead/:token', namedToThisSite, async (request, reply) => {
    reply.type('text/html');
    const lead = await leadOf(request.params.token);
    if (typeof lead !== 'object') return refuseLink(reply, lead, advice);
    const visitor = await visitorOf(context, request);
    const outcome = await take(context, lead.id, visitor, request.body, clock.now());
    if ('answers' in outcome) return reply.redirect(outcome.answers, 303);
    return show(request, reply.code(outcome.status), visitor, outcome.notice);
  });
}
