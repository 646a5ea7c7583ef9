import type { FastifyInstance } from 'fastify';
import type { LeadId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import { leadSheet } from '../../store/lead-sheet.ts';
import { survivorOf } from '../../store/lead.ts';
import type { HttpContext } from '../context.ts';
import { LeadPage } from '../pages/lead.tsx';
import { refuseLink } from '../refuse-link.ts';

const advice = {
  expired: 'Open the lead again from the page of your mail, or with "lockstep leads show".',
  forged: 'It may have been cut off on its way. Please open it again from where you had it.',
};

/** The page of one lead, by a signed link. It shows, and changes nothing. */
export async function leadRoutes(
  server: FastifyInstance,
  { database, links, clock }: HttpContext,
): Promise<void> {
  // A lead that was merged is told of as who it is now.
  const sheetOf = async (lead: LeadId, at: Instant) =>
    leadSheet(database, await survivorOf(database, lead), at);

  server.get<{ Params: { token: string } }>('/lead/:token', async ({ params }, reply) => {
    reply.type('text/html');
    const at = clock.now();
    const purpose = links.open(params.token, at);
    if ('refused' in purpose) return refuseLink(reply, purpose.refused, advice);
    const sheet = purpose.kind === 'lead' ? await sheetOf(purpose.lead, at) : null;
    if (sheet === null) return refuseLink(reply, 'forged', advice);
    return reply.send(LeadPage({ sheet, at }));
  });
}
