import { JsonLines } from './json-lines.ts';
import type { OutboxEntry } from './outbox.ts';
import type { DropReason } from './suppressions.ts';

/** A mail that was accepted and did not leave. */
export interface DroppedMail extends OutboxEntry {
  reason: DropReason;
}

/** Every mail that was dropped, in a file beside the outbox. */
export class Dropped {
  readonly #lines: JsonLines<DroppedMail>;
  readonly #mails: DroppedMail[] = [];

  constructor(file: string) {
    this.#lines = new JsonLines(file, mail => this.#mails.push(mail));
  }

  add(mail: DroppedMail): void {
    this.#lines.append(mail);
    this.#mails.push(mail);
  }

  all(): readonly DroppedMail[] {
    return this.#mails;
  }
}
