import { convert } from 'html-to-text';
import iconv from 'iconv-lite';
import { z } from 'zod';
import type { IncomingMail } from '../domain/event/auto-reply.ts';
import { normalizeAddress, type Address } from '../domain/lead/address.ts';
import type { Form } from './inbound-form.ts';

/** A mail that came in, as far as it is read. */
export interface InboundMail extends IncomingMail {
  /** Who wrote it, best known first. */
  senders: readonly Address[];
  /** Ids that the provider gave to mails which this one answers, nearest first. */
  answers: readonly string[];
  messageId: string | null;
  date: string | null;
  /** What was written, with what it quotes; of HTML its beginning. */
  text: string;
}

/** An id of the provider's as it answers a send; anything else was not sent by it. */
const providerId = /^[\w-]{8,128}$/;
/** A thread that is longer is no answer to its first mail. */
const maxAnswers = 50;

const charsetsSchema = z.record(z.string(), z.string()).catch({});
const envelopeSchema = z.object({ from: z.string().nullable().catch(null) }).catch({ from: null });

/**
 * Reads what Inbound Parse posts of a mail. Nothing is believed of its form: a field that is missing or odd reads as
 * if it said nothing.
 * @returns null when there is nothing of a mail in it
 */
export function readMail(form: Form): InboundMail | null {
  if (!['headers', 'email', 'from', 'envelope'].some(name => form.has(name))) return null;
  const charsets = charsetsSchema.parse(jsonOf(form.get('charsets')));
  const field = (name: string) => decode(form.get(name), charsets[name]);
  const headers = readHeaders(field('headers') || field('email'));
  const first = (name: string) => headers.get(name)?.[0] ?? null;
  const returnPath = envelopeSchema.parse(jsonOf(form.get('envelope'))).from;
  const senders = [field('from'), first('from'), returnPath].flatMap(text => {
    const result = normalizeAddress(text ?? '');
    return 'address' in result ? [result.address] : [];
  });
  return {
    headers,
    returnPath,
    from: senders[0] ?? null,
    subject: field('subject') || (first('subject') ?? ''),
    senders: [...new Set(senders)],
    answers: [
      ...idsIn(first('in-reply-to')),
      ...idsIn(headers.get('references')?.join(' ') ?? null).toReversed(),
    ].slice(0, maxAnswers),
    messageId: first('message-id'),
    date: first('date'),
    text: field('text') || textOf(field('html')),
  };
}

/**
 * The fields of a mail's head, unfolded; what comes after the first blank line is not its head.
 * @returns values by the fields' names in lower case
 */
function readHeaders(text: string): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  const [head = ''] = text.trimStart().split(/\r?\n\r?\n/, 1);
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    const values = headers.get(name) ?? [];
    values.push(line.slice(colon + 1).trim());
    headers.set(name, values);
  }
  return headers;
}

/** The mail's own Message-ID is `<` the id of the send, `@`, and a host of the provider's, `>`. */
function idsIn(text: string | null): string[] {
  const ids = [...(text ?? '').matchAll(/<([^<>@\s]{1,200})@/g)].map(([, id = '']) => id);
  return ids.map(id => id.split('.')[0] ?? '').filter(id => providerId.test(id));
}

/** Fields come as the mail was encoded, and `charsets` tells how. */
function decode(bytes: Buffer | undefined, charset = 'utf-8'): string {
  if (bytes === undefined) return '';
  try {
    return iconv.decode(bytes, iconv.encodingExists(charset) ? charset : 'utf-8');
  } catch {
    return bytes.toString('utf8');
  }
}

function jsonOf(bytes: Buffer | undefined): unknown {
  try {
    return JSON.parse(bytes?.toString('utf8') ?? '');
  } catch {
    return undefined;
  }
}

/** Where an answer begins in HTML, in characters: converting all of a mail would hold up other requests for seconds. */
const beginning = 16 * 1024;

/** The beginning of what was written, for mail programs that write no text part. */
function textOf(html: string): string {
  if (html === '') return '';
  const body = Math.max(html.search(/<body\b/i), 0);
  try {
    return convert(html.slice(body, body + beginning), {
      wordwrap: false,
      limits: { maxDepth: 100 },
      selectors: [
        { selector: 'blockquote', format: 'skip' },
        { selector: 'img', format: 'skip' },
        { selector: 'a', options: { ignoreHref: true } },
      ],
    });
  } catch {
    return '';
  }
}
