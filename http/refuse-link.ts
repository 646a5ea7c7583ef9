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

/**
 * Says to somebody who was asked before, and is not any more, whose it is.
 * @param who has it, or had it last
 */
export function wentOn(
  reply: FastifyReply,
  what: 'lead' | 'task',
  who: string,
  isOpen: boolean,
): unknown {
  const text = isOpen
    ? `${who} has it now. There is nothing left for you to do.`
    : `${who} had it last, and it is closed.`;
  return reply.send(Message({ title: `This ${what} went on to somebody else`, text }));
}
