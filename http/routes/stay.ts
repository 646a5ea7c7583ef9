import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Wish } from '../../domain/event/event.ts';
import type { LeadId } from '../../domain/ids.ts';
import { sayWish, wishOf, type Wished } from '../../store/wish.ts';
import type { HttpContext } from '../context.ts';
import { Message, OnlyATest } from '../pages/layout.tsx';
import { NothingToChoose, StayPage } from '../pages/stay.tsx';

interface Route {
  Params: { token: string };
}

const wishes = { yes: 'stay', no: 'quiet' } as const satisfies Record<string, Wish>;
const formSchema = z.object({ answer: z.enum(['yes', 'no']) });

/**
 * Staying in touch, or not: a lead says so on the page that a mail leads to, and may change its mind there. GET shows
 * and changes nothing, because mail gateways follow every link; POST acts, and twice is once.
 */
export async function stayRoutes(
  server: FastifyInstance,
  { database, links, company, clock, nudger }: HttpContext,
): Promise<void> {
  /** Whose wish it is: `nobody`'s by the link of a test mail, null by none that was ever made. */
  const leadOf = (token: string): LeadId | 'nobody' | null => {
    const purpose = links.open(token, clock.now());
    return 'kind' in purpose && purpose.kind === 'stay' ? (purpose.lead ?? 'nobody') : null;
  };
  const refuse = (reply: FastifyReply) =>
    reply.code(404).send(
      Message({
        company,
        title: 'This link does not work',
        text: 'It may have been cut off on its way. Please use the link of another mail, or answer the mail and say what you want.',
      }),
    );

  const answer = (
    reply: FastifyReply,
    token: string,
    { wish, neverMailed }: Wished,
    notice: string | null,
  ) =>
    reply.send(
      neverMailed
        ? NothingToChoose({ company })
        : StayPage({ action: `/stay/${token}`, company, wish, notice }),
    );

  server.get<Route>('/stay/:token', async ({ params: { token } }, reply) => {
    reply.type('text/html');
    const lead = leadOf(token);
    if (lead === 'nobody') return reply.send(OnlyATest({ company }));
    const wished = lead && (await wishOf(database, lead));
    if (wished === null) return refuse(reply);
    return answer(reply, token, wished, null);
  });

  server.post<Route>('/stay/:token', async ({ params: { token }, body }, reply) => {
    reply.type('text/html');
    const lead = leadOf(token);
    if (lead === 'nobody') return reply.send(OnlyATest({ company }));
    const form = formSchema.safeParse(body);
    if (!form.success) {
      const wished = lead && (await wishOf(database, lead));
      if (wished === null) return refuse(reply);
      return answer(reply.code(422), token, wished, 'Nothing was saved: press one of the buttons.');
    }
    const said = lead && (await sayWish(database, lead, wishes[form.data.answer], clock.now()));
    if (said === null) return refuse(reply);
    nudger.nudge(said.toNudge);
    const already = 'You had said so already. Nothing has changed.';
    return answer(reply, token, said, said.isNew ? 'Noted. Thank you.' : already);
  });
}
