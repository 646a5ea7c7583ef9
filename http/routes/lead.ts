import type { FastifyInstance } from 'fastify';
import { leadSheet } from '../../store/lead-sheet.ts';
import type { HttpContext } from '../context.ts';
import { Message } from '../pages/layout.tsx';
import { LeadPage } from '../pages/lead.tsx';

/** The page of one lead, by a signed link. It shows, and changes nothing. */
export async function leadRoutes(
  server: FastifyInstance,
  { database, links, clock }: HttpContext,
): Promise<void> {
  server.get<{ Params: { token: string } }>('/lead/:token', async ({ params }, reply) => {
    reply.type('text/html');
    const at = clock.now();
    const purpose = links.open(params.token, at);
    if ('refused' in purpose && purpose.refused === 'expired')
      return reply.code(410).send(
        Message({
          title: 'This link is too old',
          text: 'Open the lead again from the page of your mail, or with "lockstep leads show".',
        }),
      );
    const sheet =
      'kind' in purpose && purpose.kind === 'lead'
        ? await leadSheet(database, purpose.lead, at)
        : null;
    if (sheet === null)
      return reply.code(404).send(
        Message({
          title: 'This link does not work',
          text: 'It may have been cut off on its way. Please open it again from where you had it.',
        }),
      );
    return reply.send(LeadPage({ sheet, at }));
  });
}
