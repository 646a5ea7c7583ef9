import type { FastifyReply } from 'fastify';
import { nearest } from '../../domain/document/nearest.ts';
import { contentSecurity } from '../content-security.ts';
import { NotThere } from '../pages/studio/parts.tsx';
import type { StudioContext } from './context.ts';

/** For the studio's pages: its script may run, and the origin of its form is named to this site. */
export const ofStudio = {
  helmet: {
    contentSecurityPolicy: contentSecurity('own', 'own'),
    referrerPolicy: { policy: 'same-origin' as const },
  },
};

/** For a mail itself, which may do nothing but be looked at: its links open elsewhere, and images alone are fetched. */
export const ofMail = {
  helmet: {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'unsafe-inline'"],
        imgSrc: ['*', 'data:'],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'self'"],
        sandbox: ['allow-popups', 'allow-popups-to-escape-sandbox'],
      },
    },
  },
};

/** Says that there is no such sequence, and which there is. */
export async function noSequence(
  reply: FastifyReply,
  { drafts, changes }: StudioContext,
  name: string,
): Promise<string> {
  const near = nearest(name, await drafts.names());
  reply.code(404).type('text/html');
  return NotThere({
    title: 'No such sequence',
    text: `There is no sequence "${name}" in the templates folder; it may have been renamed.`,
    near: near === null ? null : { name: near, href: `/studio/${encodeURIComponent(near)}` },
    watched: { of: null, revision: changes.revisionOf(null) },
  });
}

/** Says that a sequence has no such mail, and which it has. */
export function noMail(
  reply: FastifyReply,
  { changes }: StudioContext,
  sequence: string,
  mail: string,
  mails: readonly string[],
): string {
  const near = nearest(mail, mails);
  reply.code(404).type('text/html');
  return NotThere({
    title: 'No such mail',
    text: `${sequence} sends no mail "${mail}".`,
    near: near === null ? null : { name: near, href: `/studio/${sequence}/${near}` },
    watched: { of: sequence, revision: changes.revisionOf(sequence) },
  });
}
