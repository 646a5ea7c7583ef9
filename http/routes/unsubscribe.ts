import type { FastifyInstance, FastifyReply } from 'fastify';
import type { LeadId } from '../../domain/ids.ts';
import type { Address } from '../../domain/lead/address.ts';
import { unlessDeadlocked } from '../../store/database.ts';
import { ingestEvents, naturalHash } from '../../store/event.ts';
import { leadAddress } from '../../store/lead.ts';
import { isSuppressed } from '../../store/suppression.ts';
import type { HttpContext } from '../context.ts';
import { Message, OnlyATest } from '../pages/layout.tsx';
import { Unsubscribe, Unsubscribed } from '../pages/unsubscribe.tsx';

interface Route {
  Params: { token: string };
}

/**
 * Leaving. GET shows a button and changes nothing; POST leaves at once, from the button or with one
 * click from a mail program (RFC 8058), without cookie, login or redirect.
 */
export async function unsubscribeRoutes(
  server: FastifyInstance,
  { database, links, company, clock, nudger }: HttpContext,
): Promise<void> {
  /** Who leaves by it: `nobody` by the link of a test mail, null by none that was ever made. */
  const leadOf = (token: string): LeadId | 'nobody' | null => {
    const purpose = links.open(token, clock.now());
    return 'kind' in purpose && purpose.kind === 'unsubscribe' ? (purpose.lead ?? 'nobody') : null;
  };
  const refuse = (reply: FastifyReply) =>
    reply.code(404).send(
      Message({
        company,
        title: 'This link does not work',
        text: 'It may have been cut off on its way. Please use the link of another mail, or answer the mail and say that you want no more.',
      }),
    );

  // Mail programs post the one-click form in whichever encoding they like (RFC 8058), and what it says is
  // always the same: the link alone tells who leaves.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: 16 * 1024 },
    (_request, _body, done) => done(null, undefined),
  );

  server.get<Route>('/u/:token', async ({ params: { token } }, reply) => {
    reply.type('text/html');
    const lead = leadOf(token);
    if (lead === null) return refuse(reply);
    if (lead === 'nobody') return OnlyATest({ company });
    const address = (await leadAddress(database, lead)) as Address | null;
    const hasLeft = address === null || (await isSuppressed(database, address));
    return hasLeft ? Unsubscribed({ company }) : Unsubscribe({ action: `/u/${token}`, company });
  });

  server.post<Route>('/u/:token', async ({ params: { token } }, reply) => {
    reply.type('text/html');
    const lead = leadOf(token);
    if (lead === null) return refuse(reply);
    if (lead === 'nobody') return OnlyATest({ company });
    const at = clock.now();
    // One for each lead: leaving a second time is the same event.
    const key = naturalHash(`unsubscribe/${lead}`);
    const { toNudge } = await unlessDeadlocked(() =>
      ingestEvents(
        database,
        [
          {
            providerKey: `page/${key}`,
            naturalHash: key,
            kind: 'unsubscribe',
            subject: 'link',
            at,
            holdUntil: null,
            leadId: lead,
            sendId: null,
            providerId: null,
            address: null,
            detail: null,
          },
        ],
        at,
      ),
    );
    nudger.nudge(toNudge);
    return Unsubscribed({ company });
  });
}
