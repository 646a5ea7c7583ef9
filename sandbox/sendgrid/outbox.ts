import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  truncateSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { MailSend } from './validate.ts';

/** A mail that was accepted, without its body. */
export interface OutboxEntry {
  /** The answer's `x-message-id`. */
  id: string;
  /** Milliseconds since 1970. */
  at: number;
  to: string;
  from: string;
  subject: string;
  categories: string[];
  customArgs: Record<string, string>;
}

/** A mail with everything that was sent. */
export interface StoredMail extends OutboxEntry {
  headers: Record<string, string>;
  html: string | null;
  text: string | null;
}

/**
 * Every mail that was accepted, in a file that is only appended to: it survives the kill of any
 * process, and is the count of what really left. Bodies stay in the file.
 */
export class Outbox {
  readonly #file: string;
  readonly #entries: { entry: OutboxEntry; offset: number; length: number }[] = [];
  readonly #byId = new Map<string, number>();
  #size = 0;

  constructor(file: string) {
    this.#file = file;
    mkdirSync(dirname(file), { recursive: true });
    if (existsSync(file)) this.#load(file);
  }

  add(mail: StoredMail): void {
    const line = Buffer.from(`${JSON.stringify(mail)}\n`);
    appendFileSync(this.#file, line, { mode: 0o600 });
    this.#remember(mail, this.#size, line.length);
    this.#size += line.length;
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
    if (found === undefined) return null;
    const buffer = Buffer.alloc(found.length);
    const descriptor = openSync(this.#file, 'r');
    try {
      readSync(descriptor, buffer, 0, found.length, found.offset);
    } finally {
      closeSync(descriptor);
    }
    return JSON.parse(buffer.toString('utf8')) as StoredMail;
  }

  #load(file: string): void {
    const content = readFileSync(file);
    let start = 0;
    for (let end = content.indexOf(10); end >= 0; end = content.indexOf(10, start)) {
      const length = end + 1 - start;
      this.#remember(JSON.parse(content.toString('utf8', start, end)) as StoredMail, start, length);
      start = end + 1;
    }
    // A half line is a mail whose taking was cut off, and that was never answered for.
    if (start < content.length) truncateSync(file, start);
    this.#size = start;
  }

  #remember(mail: StoredMail, offset: number, length: number): void {
    const { id, at, to, from, subject, categories, customArgs } = mail;
    this.#byId.set(id, this.#entries.length);
    this.#entries.push({
      entry: { id, at, to, from, subject, categories, customArgs },
      offset,
      length,
    });
  }
}

/** A mail as it is stored, from the body that was accepted. */
export function toStored(mail: MailSend, id: string, at: number): StoredMail {
  const [personalization] = mail.personalizations;
  const part = (type: string) => mail.content.find(content => content.type === type)?.value ?? null;
  return {
    id,
    at,
    to: personalization?.to[0]?.email ?? '',
    from: mail.from.name === undefined ? mail.from.email : `${mail.from.name} <${mail.from.email}>`,
    subject: personalization?.subject ?? mail.subject ?? '',
    categories: mail.categories ?? [],
    customArgs: { ...mail.custom_args, ...personalization?.custom_args },
    headers: { ...mail.headers, ...personalization?.headers },
    html: part('text/html'),
    text: part('text/plain'),
  };
}
