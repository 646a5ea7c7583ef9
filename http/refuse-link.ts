import type { FastifyReply } from 'fastify';
import type { LinkRefusal } from '../mail/links.ts';
import { Message } from './pages/layout.tsx';

/**
 * Says that a signed link is not honored.
 * @param advice what to do instead, in a sentence for each reason
 */
export function refuseLink(
  reply: FastifyReply,
  why: LinkRefusal,
  advice: Readonly<Record<LinkRefusal, string>>,
): unknown {
  const title = why === 'expired' ? 'This link is too old' : 'This link does not work';
  return reply.code(why === 'expired' ? 410 : 404).send(Message({ title, text: advice[why] }));
}
