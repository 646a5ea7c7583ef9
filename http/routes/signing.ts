import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Forecast } from '../../domain/agreement/forecast.ts';
import type { PersonId } from '../../domain/ids.ts';
import { forecastOf } from '../../store/agreement.ts';
import { sign, type SignRefusal, type Signer } from '../../store/approval.ts';
import { draftState, type DraftState } from '../../store/draft.ts';
import { contentSecurity } from '../content-security.ts';
import type { LinkRefusal } from '../../mail/links.ts';
import type { HttpContext } from '../context.ts';
import { SigningPage } from '../pages/signing.tsx';
import { refuseLink } from '../refuse-link.ts';

interface Route {
  Params: { token: string };
}

interface Found {
  draft: DraftState;
  forecast: Forecast | null;
  signer: Signer;
  personId: PersonId;
}

/** The forecast's charts bring styles of their own. */
const withCharts = { helmet: { contentSecurityPolicy: contentSecurity('own and inline') } };

/** The content that the page showed, so that nobody signs what they have not seen. */
const signatureSchema = z.object({ hash: z.string().regex(/^[0-9a-f]{64}$/) });

/** What to say of a signature that was not taken. */
const refusals: Readonly<Record<SignRefusal, string>> = {
  'no draft any more': 'Nothing was signed: this version is in force already.',
  'a newer draft':
    'Nothing was signed: a newer draft took the place of this one. Its own mail has the link.',
  'another text': 'Nothing was signed: the page was of another text. This is the one that waits.',
  'signed already': 'Your team has signed this version. Nothing has changed.',
  'no member': 'Nothing was signed: you may not sign for your team any more.',
};

/** A draft of the agreement, by the signed link of somebody's mail. GET shows, POST signs. */
export async function signingRoutes(
  server: FastifyInstance,
  { database, links, clock, nudger }: HttpContext,
): Promise<void> {
  const find = async (token: string): Promise<Found | LinkRefusal> => {
    const purpose = links.open(token, clock.now());
    if ('refused' in purpose) return purpose.refused;
    if (purpose.kind !== 'signing') return 'forged';
    const draft = await draftState(database, purpose.agreement);
    const signer = draft?.signers.find(({ id }) => id === purpose.person);
    if (draft === null || signer === undefined) return 'forged';
    const forecast = await forecastOf(database, draft.id);
    return { draft, forecast, signer, personId: purpose.person };
  };

  server.get<Route>('/a/:token', withCharts, async ({ params: { token } }, reply) => {
    reply.type('text/html');
    const found = await find(token);
    if (typeof found === 'string') return refuse(reply, found);
    return reply.send(SigningPage({ ...found, action: `/a/${token}`, notice: null }));
  });

  server.post<Route>('/a/:token', withCharts, async ({ params: { token }, body }, reply) => {
    reply.type('text/html');
    const found = await find(token);
    if (typeof found === 'string') return refuse(reply, found);
    const { draft, personId } = found;
    const given = signatureSchema.safeParse(body);
    const result = given.success
      ? await sign(
          database,
          { agreementId: draft.id, contentHash: given.data.hash, personId, way: 'link' },
          clock.now(),
        )
      : { refused: 'another text' as const };
    if ('refused' in result) {
      const page = { ...found, action: `/a/${token}`, notice: refusals[result.refused] };
      return reply.code(409).send(SigningPage(page));
    }
    nudger.tell(`signing/${draft.id}`);
    return reply.redirect(`/a/${token}`, 303);
  });
}

function refuse(reply: FastifyReply, why: LinkRefusal): unknown {
  return refuseLink(reply, why, {
    expired:
      'A draft that still waits is mailed again every few days: use the link of a newer mail.',
    forged: 'It may have been cut off on its way, or you may not sign for your team any more.',
  });
}
