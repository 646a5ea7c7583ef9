import { randomBytes } from 'node:crypto';
import { minute, plus } from '../../domain/instant.ts';
import type { Clock } from '../../engine/clock.ts';
import type { Dropped } from './dropped.ts';
import { eventOf } from './event.ts';
import { toStored, withoutBody, type Outbox, type OutboxEntry, type StoredMail } from './outbox.ts';
import { dropReasons, type DropReason, type Suppressions } from './suppressions.ts';
import type { MailSend } from './validate.ts';
import type { Webhook } from './webhook.ts';

/** What the mail server at the other end does with a mail. */
export type Reception = 'delivered' | 'deferred' | 'bounce' | 'blocked';

/** How long after a deferral a mail is delivered. */
const deferredForMs = 5 * minute;

interface Means {
  clock: Clock;
  outbox: Outbox;
  dropped: Dropped;
  suppressions: Suppressions;
  webhook: Webhook;
  receptionOf: (mail: OutboxEntry) => Reception;
}

/** Takes mails, and sends them on or drops them. */
export class PostOffice {
  readonly #means: Means;

  constructor(means: Means) {
    this.#means = means;
  }

  /** Takes a mail for each recipient. Returns the id that the call is answered with. */
  take(mail: MailSend): string {
    const id = randomBytes(16).toString('base64url');
    for (const stored of toStored(mail, id, this.#means.clock.now())) {
      const reason = this.#dropReason(stored);
      if (reason === null) this.#send(stored);
      else this.#drop(stored, reason);
    }
    return id;
  }

  /** Nobody can be reached under a name that is kept for what does not exist (RFC 2606). */
  #dropReason({ to, group }: StoredMail): DropReason | null {
    const { suppressions, clock } = this.#means;
    const reason = suppressions.reasonFor(to, group);
    if (reason !== null || !to.toLowerCase().endsWith('.invalid')) return reason;
    suppressions.add('invalid_emails', to, clock.now(), 'Mail domain mentioned is not valid');
    return dropReasons.invalid_emails;
  }

  #drop(mail: StoredMail, reason: DropReason): void {
    const { dropped, webhook, clock } = this.#means;
    dropped.add({ ...withoutBody(mail), reason });
    webhook.send(eventOf.dropped(mail, clock.now(), reason));
  }

  #send(mail: StoredMail): void {
    const { outbox, webhook, clock, suppressions, receptionOf } = this.#means;
    const now = clock.now();
    outbox.add(mail);
    const processed = eventOf.processed(mail, now);
    switch (receptionOf(mail)) {
      case 'delivered':
        return webhook.send(processed, eventOf.delivered(mail, now));
      case 'deferred': {
        webhook.send(processed, eventOf.deferred(mail, now, 1));
        const later = plus(now, deferredForMs);
        return webhook.sendAt(later, eventOf.delivered(mail, later));
      }
      case 'bounce': {
        const bounce = eventOf.bounce(mail, now, 'bounce', 'Invalid Address');
        suppressions.addBounced(bounce, now);
        return webhook.send(processed, bounce);
      }
      case 'blocked':
        return webhook.send(processed, eventOf.bounce(mail, now, 'blocked', 'Reputation'));
    }
  }
}
