import { randomBytes } from 'node:crypto';
import type { Instant } from '../../domain/instant.ts';
import type { MailLink } from './links.ts';
import type { OutboxEntry } from './outbox.ts';
import type { DropReason } from './suppressions.ts';

/** An event in the shape of the real service's webhook. */
export interface WebhookEvent extends Record<string, unknown> {
  email: string;
  event: string;
}

/** Why a mail server turns a mail away, in the real service's words. */
export type Classification =
  | 'Invalid Address'
  | 'Mailbox Unavailable'
  | 'Technical Failure'
  | 'Reputation'
  | 'Content'
  | 'Frequency or Volume Too High'
  | 'Unclassified';

/** What a mail server says for each. */
const said: Record<Classification, { reason: string; status: string }> = {
  'Invalid Address': {
    reason: '550 5.1.1 The email account that you tried to reach does not exist.',
    status: '5.1.1',
  },
  'Mailbox Unavailable': { reason: '552 5.2.2 The mailbox is full.', status: '5.2.2' },
  'Technical Failure': { reason: '554 5.4.4 The host was not found.', status: '5.4.4' },
  Reputation: {
    reason: '550 5.7.1 The sending address has been blocked for its reputation.',
    status: '5.7.1',
  },
  Content: {
    reason: '554 5.7.1 The message was refused because of its content.',
    status: '5.7.1',
  },
  'Frequency or Volume Too High': {
    reason: '450 4.7.28 The rate of mail from this address is too high.',
    status: '4.7.28',
  },
  Unclassified: { reason: '550 The message was refused.', status: '5.0.0' },
};

const machine = '203.0.113.25';
/** Mails that name no unsubscribe group are taken for those of the account's only one. */
const onlyGroup = 1;

/** What the mail server at the other end, the reader, or the service itself does with a mail: one event each. */
export const eventOf = {
  processed: (mail: OutboxEntry, at: Instant) =>
    made(mail, 'processed', at, { send_at: 0, pool: { id: 1, name: 'sandbox' } }),

  delivered: (mail: OutboxEntry, at: Instant) =>
    made(mail, 'delivered', at, { response: '250 2.0.0 OK', ip: machine, tls: 1 }),

  deferred: (mail: OutboxEntry, at: Instant, attempt: number) =>
    made(mail, 'deferred', at, {
      response: '451 4.7.1 Please try again later.',
      attempt: String(attempt),
      ip: machine,
      tls: 1,
    }),

  /** @param type `blocked` when the address is good all the same */
  bounce: (
    mail: OutboxEntry,
    at: Instant,
    type: 'bounce' | 'blocked',
    classification: Classification,
  ) =>
    made(mail, 'bounce', at, {
      ...said[classification],
      type,
      bounce_classification: classification,
      ip: machine,
      tls: 1,
    }),

  dropped: (mail: OutboxEntry, at: Instant, reason: DropReason) =>
    made(mail, 'dropped', at, { reason, status: '5.0.0' }),

  open: (mail: OutboxEntry, at: Instant, from: Visitor, isMachine: boolean) =>
    made(mail, 'open', at, { ...from, sg_machine_open: isMachine, sg_content_type: 'html' }),

  click: (mail: OutboxEntry, at: Instant, from: Visitor, { url, index }: MailLink) =>
    made(mail, 'click', at, { ...from, url, url_offset: { index, type: 'html' } }),

  spamreport: (mail: OutboxEntry, at: Instant) => made(mail, 'spamreport', at),

  unsubscribe: (mail: OutboxEntry, at: Instant) => made(mail, 'unsubscribe', at),

  group: (
    mail: OutboxEntry,
    at: Instant,
    event: 'group_unsubscribe' | 'group_resubscribe',
    from: Visitor,
  ) =>
    made(mail, event, at, {
      ...from,
      url: 'https://u1.ct.sendgrid.net/asm/unsubscribe/',
      asm_group_id: groupOf(mail),
    }),
};

/** Who looked at a mail, as far as the service can tell. */
export interface Visitor {
  useragent: string;
  ip: string;
}

export function groupOf({ group }: OutboxEntry): number {
  return group ?? onlyGroup;
}

/** An event with what the real service says of every one. */
function made(
  mail: OutboxEntry,
  event: string,
  at: Instant,
  extra: Record<string, unknown> = {},
): WebhookEvent {
  const [message = mail.id, recipient = '0'] = mail.id.split('.');
  const second = Math.floor(at / 1_000);
  const taken = Math.floor(mail.at / 1_000)
    .toString(16)
    .toUpperCase();
  return {
    email: mail.to,
    timestamp: second,
    // Looking at a mail has nothing to do with the server that took it.
    ...(event === 'open' || event === 'click' ? {} : { 'smtp-id': `<${message}@geopod-ismtpd-1>` }),
    event,
    // One category comes as a text, several as a list.
    ...(mail.categories.length === 0
      ? {}
      : { category: mail.categories.length === 1 ? mail.categories[0] : mail.categories }),
    ...(mail.group === undefined ? {} : { asm_group_id: mail.group }),
    sg_event_id: randomBytes(16).toString('base64url'),
    sg_message_id: `${message}.recvd-7f9c5d8b6-x2k4m-1-${taken}-1.${recipient}`,
    ...mail.customArgs,
    ...extra,
  };
}
