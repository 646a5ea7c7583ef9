import type { Instant } from '../../domain/instant.ts';
import type { StoredMail } from './outbox.ts';

/** A mail that somebody writes to an address whose mail the service takes in. */
export interface InboundMail {
  from: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  /** Mail headers besides those that every mail has. */
  headers: Readonly<Record<string, string>>;
  /** What the mail server was told the sender is; empty for what machines write. */
  envelopeFrom: string;
  at: Instant;
}

const senderIp = '203.0.113.40';
const answerMs = 10_000;

/**
 * Posts a mail as the real service's Inbound Parse does. It is posted once: whoever wants it taken later posts
 * it again.
 * @returns whether it was taken
 */
export async function postInbound(url: string, mail: InboundMail): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(answerMs);
    const response = await fetch(url, { method: 'POST', body: formOf(mail), signal });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/** What somebody answers to a mail of ours, above what it said. */
export function replyTo(mail: StoredMail, text: string, at: Instant): InboundMail {
  const quoted = (mail.text ?? '').split('\n').map(line => `> ${line}`.trimEnd());
  const began = `On ${new Date(mail.at).toUTCString()}, ${mail.from} wrote:`;
  return {
    from: mail.to,
    to: mail.replyTo ?? addressIn(mail.from),
    subject: /^re:/i.test(mail.subject) ? mail.subject : `Re: ${mail.subject}`,
    text: [text, '', began, ...quoted, ''].join('\r\n'),
    html: `<div dir="ltr">${escape(text)}</div><br><div class="gmail_quote">${escape(began)}<blockquote>${mail.html ?? ''}</blockquote></div>`,
    headers: threadOf(mail),
    envelopeFrom: mail.to,
    at,
  };
}

/** What a mail program answers by itself while its owner is away (RFC 3834). */
export function outOfOfficeTo(mail: StoredMail, at: Instant): InboundMail {
  const text = 'I am out of the office and will answer when I am back.';
  return {
    from: mail.to,
    to: mail.replyTo ?? addressIn(mail.from),
    subject: `Automatic reply: ${mail.subject}`,
    text: `${text}\r\n`,
    html: `<p>${text}</p>`,
    headers: {
      ...threadOf(mail),
      'Auto-Submitted': 'auto-replied',
      Precedence: 'auto_reply',
      'X-Autoreply': 'yes',
      'X-Auto-Response-Suppress': 'All',
    },
    // A machine's mail has no sender, so that no machine answers it.
    envelopeFrom: '',
    at,
  };
}

function formOf(mail: InboundMail): FormData {
  const { from, to, subject, text, html, envelopeFrom } = mail;
  const domain = from.split('@').at(-1) ?? '';
  const form = new FormData();
  const fields: Record<string, string> = {
    headers: headersOf(mail, domain),
    // As the real one writes it: almost JSON.
    dkim: `{@${domain} : pass}`,
    to,
    from,
    subject,
    text,
    html,
    sender_ip: senderIp,
    envelope: JSON.stringify({ to: [to], from: envelopeFrom }),
    attachments: '0',
    charsets: JSON.stringify({
      to: 'UTF-8',
      from: 'UTF-8',
      subject: 'UTF-8',
      text: 'utf-8',
      html: 'utf-8',
    }),
    SPF: 'pass',
  };
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
}

function headersOf({ from, to, subject, headers, at }: InboundMail, domain: string): string {
  const all = {
    Received: `from mail.${domain} (${senderIp}) by mx.sendgrid.net`,
    From: from,
    Date: new Date(at).toUTCString().replace('GMT', '+0000'),
    'Message-ID': `<${at.toString(36)}.${Buffer.from(to).toString('hex').slice(0, 12)}@mail.${domain}>`,
    Subject: subject,
    To: to,
    ...headers,
    'MIME-Version': '1.0',
    'Content-Type': 'multipart/alternative; boundary="0000000000004f5b2a"',
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `${lines.join('\r\n')}\r\n`;
}

/** What says which mail is answered. */
function threadOf(mail: StoredMail): Record<string, string> {
  const id = mail.headers['Message-ID'] ?? `<${mail.id.split('.')[0] ?? mail.id}@geopod-ismtpd-1>`;
  return { 'In-Reply-To': id, References: id };
}

function addressIn(sender: string): string {
  return /<([^>]+)>\s*$/.exec(sender)?.[1] ?? sender;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('\n', '<br>');
}
