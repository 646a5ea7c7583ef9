import type { LeadFields } from '../domain/lead/fields.ts';
import type { SequenceContent } from '../store/sequence-version.ts';
import { Links } from './links.ts';
import { sequenceMail } from './message.ts';
import { personalize, TemplateError } from './personalize.ts';

/** A mail as a lead would get it, with all that goes along with it. */
export interface Preview {
  subject: string;
  preheader: string;
  html: string;
  text: string;
  /** As they leave, in the order in which mail programs show them. */
  headers: Record<string, string>;
  /** What the provider tells apart mails by. */
  categories: string[];
  /** The names of what comes back with every event; the ids themselves are made as a mail is sent. */
  customArgs: string[];
  /** Size of the HTML in bytes; Gmail cuts a mail off at 102 KB. */
  bytes: number;
  inbox: InboxLine;
}

/** A mail as the list of a phone's mail program shows it. */
export interface InboxLine {
  sender: string;
  subject: string;
  /** The preheader, and what of the mail comes after it when there is room. */
  preheader: string;
}

/** A sequence as it would be published, or as it was. */
export interface Previewed {
  name: string;
  content: SequenceContent;
}

/** Characters that a phone held upright shows of a subject, and of what follows it in two lines. */
const shown = { subject: 40, preheader: 90 };

/** Their key signs nothing, so nobody leaves by a link that was looked at. */
const links = new Links('https://example.com', 'a secret that signs nothing but samples');

/**
 * Makes a mail as a lead would get it. Its links lead nowhere.
 * @param mail the mail's name
 * @returns why it would be blocked, when it cannot be made for this lead
 */
export function previewOf(
  { name, content }: Previewed,
  mail: string,
  { fields, rep }: { fields: LeadFields; rep: string | null },
): Preview | { blocked: string } {
  if (content.mails[mail]?.html === '') return { blocked: 'it cannot be compiled' };
  try {
    const personal = personalize(content, mail, { id: null, fields, rep }, links);
    const { subject, preheader, html, text } = personal;
    const ids = { send_id: '', enrollment_id: '', step: mail };
    const sent = sequenceMail(personal, '', { name, content }, ids);
    return {
      ...{ subject, preheader, html, text },
      headers: {
        From: `${sent.from.name} <${sent.from.address}>`,
        ...(sent.replyTo === undefined ? {} : { 'Reply-To': sent.replyTo }),
        ...sent.headers,
      },
      categories: sent.categories,
      customArgs: Object.keys(sent.customArgs),
      bytes: Buffer.byteLength(html),
      inbox: {
        sender: sent.from.name,
        subject: cut(subject, shown.subject),
        preheader: cut(`${preheader} ${asRead(text)}`.trim(), shown.preheader),
      },
    };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { blocked: error.message };
  }
}

/** A text part as an inbox goes on with it: in one line, and without the targets of its links. */
function asRead(text: string): string {
  return text
    .replace(/<https?:[^>]*>/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The first characters as people count them, so that no emoji is cut in two. */
function cut(text: string, most: number): string {
  const characters: string[] = [];
  // No further than is shown: all of a long mail would take seconds.
  for (const { segment } of segmenter.segment(text)) {
    characters.push(segment);
    if (characters.length > most) break;
  }
  if (characters.length <= most) return text;
  return `${characters
    .slice(0, most - 1)
    .join('')
    .trimEnd()}…`;
}
