import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { PersonId } from '../../domain/ids.ts';
import { noFields } from '../../domain/lead/fields.ts';
import { mailsBeside } from '../../mail/beside.ts';
import { readSample } from '../../mail/sample.ts';
import { forecastOf } from '../../store/agreement.ts';
import { sign, type SignRefusal, type Signer, type Team } from '../../store/approval.ts';
import { draftState } from '../../store/draft.ts';
import { proposalState, signProposal } from '../../store/proposal.ts';
import { contentSecurity } from '../content-security.ts';
import type { LinkRefusal } from '../../mail/links.ts';
import type { HttpContext } from '../context.ts';
import { SigningPage } from '../pages/signing.tsx';
import { SigningSequencePage } from '../pages/signing-sequence.tsx';
import { refuseLink } from '../refuse-link.ts';

interface Route {
  Params: { token: string };
}

/** What waits to be signed, for one who may sign it. */
interface Found {
  /** The workflow that asks for it. */
  workflow: string;
  page: (notice: string | null) => string;
  sign: (
    contentHash: string,
  ) => Promise<{ refused: SignRefusal } | { team: Team } | { signed: true }>;
}

/** The forecast's charts bring styles of their own, and so do mails. */
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

/** What waits to be signed, by the signed link of somebody's mail. GET shows, POST signs. */
export async function signingRoutes(
  server: FastifyInstance,
  { database, links, clock, nudger, templates }: HttpContext,
): Promise<void> {
  const find = async (token: string): Promise<Found | LinkRefusal> => {
    const purpose = links.open(token, clock.now());
    if ('refused' in purpose) return purpose.refused;
    const action = `/a/${token}`;
    const personOf = (signers: readonly Signer[], id: PersonId) =>
      signers.find(signer => signer.id === id);
    switch (purpose.kind) {
      case 'signing': {
        const { agreement: id, person: personId } = purpose;
        const draft = await draftState(database, id);
        const signer = draft && personOf(draft.signers, personId);
        if (!draft || !signer) return 'forged';
        const forecast = await forecastOf(database, id);
        return {
          workflow: `signing/${id}`,
          page: notice => SigningPage({ draft, forecast, signer, action, notice }),
          sign: contentHash =>
            sign(database, { agreementId: id, contentHash, personId, way: 'link' }, clock.now()),
        };
      }
      case 'signing sequence': {
        const { proposal: proposalId, person: personId } = purpose;
        const proposal = await proposalState(database, proposalId);
        const signer = proposal && personOf(proposal.signers, personId);
        if (!proposal || !signer) return 'forged';
        const { version, live } = proposal;
        const { name } = version;
        const sample = await readSample(templates, name).catch(() => null);
        const before = live?.content ?? null;
        const mails = mailsBeside(name, before, version.content, sample ?? noFields);
        return {
          workflow: `signing/${proposalId}`,
          page: notice => SigningSequencePage({ proposal, mails, signer, action, notice }),
          sign: contentHash =>
            signProposal(database, { proposalId, contentHash, personId, way: 'link' }, clock.now()),
        };
      }
      default:
        return 'forged';
    }
  };

  server.get<Route>('/a/:token', withCharts, async ({ params: { token } }, reply) => {
    reply.type('text/html');
    const found = await find(token);
    if (typeof found === 'string') return refuse(reply, found);
    return reply.send(found.page(null));
  });

  server.post<Route>('/a/:token', withCharts, async ({ params: { token }, body }, reply) => {
    reply.type('text/html');
    const found = await find(token);
    if (typeof found === 'string') return refuse(reply, found);
    const given = signatureSchema.safeParse(body);
    const result = given.success
      ? await found.sign(given.data.hash)
      : { refused: 'another text' as const };
    if ('refused' in result) {
      const now = await find(token);
      const notice = refusals[result.refused];
      return reply.code(409).send((typeof now === 'string' ? found : now).page(notice));
    }
    nudger.tell(found.workflow);
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
