import { automaticSign } from '../domain/event/auto-reply.ts';
import { asksToLeave } from '../domain/event/leaving.ts';
import type { LeadId, SendId } from '../domain/ids.ts';
import { day, instant, type Instant } from '../domain/instant.ts';
import type { Address } from '../domain/lead/address.ts';
import { naturalHash, type ArrivedEvent } from '../store/event.ts';
import type { InboundMail } from './inbound-mail.ts';

/** Whose a mail is. */
export interface Origin {
  /** Our mail that it answers. */
  answered: { id: SendId; leadId: LeadId } | null;
  /** The address that it was written from, where a lead has it. */
  from: Address | null;
  /** The lead with that address. */
  sender: LeadId | null;
}

/** The service tries again for so long; a mail that says it is older has a wrong clock. */
const oldestMs = 3 * day;

/**
 * What a mail that came in means: a person's reply, the wish to be taken off, or an answer that nobody wrote. It is
 * the lead's whose mail it answers, and of who wrote it, should that be another lead; when it is neither's it is
 * kept as nobody's. Nothing that somebody wrote is in it: neither text nor subject.
 */
export function arrivalsOf(mail: InboundMail, origin: Origin, receivedAt: Instant): ArrivedEvent[] {
  const { answered, sender } = origin;
  const sign = automaticSign(mail);
  const leaves = sign === null && asksToLeave(mail.text, mail.subject);
  const key = naturalHash(`inbound\n${identityOf(mail)}`);
  const event: ArrivedEvent = {
    providerKey: `inbound/${key}`,
    naturalHash: key,
    kind: sign === null ? (leaves ? 'unsubscribe' : 'reply') : 'auto reply',
    subject: leaves ? 'reply' : sign,
    at: writtenAt(mail.date, receivedAt),
    holdUntil: null,
    leadId: answered?.leadId ?? sender,
    sendId: answered?.id ?? null,
    providerId: null,
    // Of a lead the store knows where it is mailed, and that is what is never mailed again.
    address: answered === null ? (origin.from ?? mail.senders[0] ?? null) : null,
    detail: null,
  };
  const isAnother = answered !== null && sender !== answered.leadId && mail.senders.length > 0;
  // Who answers another's mail has answered as well; a stranger is nobody who could be stopped, but can leave.
  if (!isAnother || sign !== null || (sender === null && !leaves)) return [event];
  const other = naturalHash(`inbound sender\n${identityOf(mail)}`);
  return [
    event,
    {
      ...event,
      providerKey: `inbound/${other}`,
      naturalHash: other,
      leadId: sender,
      sendId: null,
      address: origin.from ?? mail.senders[0] ?? null,
    },
  ];
}

/** What all deliveries of one mail have in common. */
function identityOf({ messageId, senders, date, subject, answers, text }: InboundMail): string {
  return JSON.stringify(
    messageId === null ? [senders, date, subject, answers, text] : [messageId, senders[0] ?? null],
  );
}

function writtenAt(date: string | null, receivedAt: Instant): Instant {
  const at = Date.parse(date ?? '');
  return at <= receivedAt && at >= receivedAt - oldestMs ? instant(at) : receivedAt;
}
