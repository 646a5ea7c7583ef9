import { JsonLines, type LinePlace } from './json-lines.ts';
import type { MailSend } from './validate.ts';

/** A mail that was accepted, without its body. */
export interface OutboxEntry {
  /** The answer's `x-message-id`; of the second recipient of one call and those after it, with a number behind. */
  id: string;
  /** Milliseconds since 1970. */
  at: number;
  to: string;
  from: string;
  subject: string;
  categories: string[];
  customArgs: Record<string, string>;
  /** The unsubscribe group, for mails that name one. */
  group?: number;
}

/** A mail with everything that was sent. */
export interface StoredMail extends OutboxEntry {
  headers: Record<string, string>;
  html: string | null;
  text: string | null;
  /** Where answers go, when not to the sender. */
  replyTo?: string;
}

/** Every mail that left: the count of what really did. Bodies stay in the file. */
export class Outbox {
  readonly #lines: JsonLines<StoredMail>;
  readonly #entries: { entry: OutboxEntry; place: LinePlace }[] = [];
  readonly #byId = new Map<string, number>();

  constructor(file: string) {
    this.#lines = new JsonLines(file, (mail, place) => this.#remember(mail, place));
  }

  add(mail: StoredMail): void {
    this.#remember(mail, this.#lines.append(mail));
  }

  /**
   * Newest first.
   * @param text what their addresses or subjects hold, whatever the letter case; all when it is blank
   */
  find(text: string): OutboxEntry[] {
    const wanted = text.trim().toLowerCase();
    return this.#entries
      .map(({ entry }) => entry)
      .filter(({ to, subject }) => `${to}\n${subject}`.toLowerCase().includes(wanted))
      .toReversed();
  }

  get count(): number {
    return this.#entries.length;
  }

  all(): Iterable<OutboxEntry> {
    return this.#entries.map(({ entry }) => entry);
  }

  read(id: string): StoredMail | null {
    const found = this.#entries[this.#byId.get(id) ?? -1];
    return found === undefined ? null : this.#lines.read(found.place);
  }

  #remember(mail: StoredMail, place: LinePlace): void {
    this.#byId.set(mail.id, this.#entries.length);
    this.#entries.push({ entry: withoutBody(mail), place });
  }
}

/** What of a mail is kept in memory. */
export function withoutBody(mail: StoredMail): OutboxEntry {
  const { id, at, to, from, subject, categories, customArgs, group } = mail;
  const entry = { id, at, to, from, subject, categories, customArgs };
  return group === undefined ? entry : { ...entry, group };
}

/** The mails of a body that was accepted, one for each recipient, as they are stored. */
export function toStored(mail: MailSend, id: string, at: number): StoredMail[] {
  const part = (type: string) => mail.content.find(content => content.type === type)?.value ?? null;
  return mail.personalizations
    .flatMap(personalization => {
      const { to, cc = [], bcc = [] } = personalization;
      return [...to, ...cc, ...bcc].map(({ email }) => ({ email, personalization }));
    })
    .map(({ email, personalization }, n) => ({
      id: n === 0 ? id : `${id}.${n}`,
      at,
      to: email,
      from:
        mail.from.name === undefined ? mail.from.email : `${mail.from.name} <${mail.from.email}>`,
      subject: personalization.subject ?? mail.subject ?? '',
      categories: mail.categories ?? [],
      customArgs: { ...mail.custom_args, ...personalization.custom_args },
      headers: { ...mail.headers, ...personalization.headers },
      html: part('text/html'),
      text: part('text/plain'),
      ...(mail.reply_to === undefined ? {} : { replyTo: mail.reply_to.email }),
      ...(mail.asm === undefined ? {} : { group: mail.asm.group_id }),
    }));
}
