import type { Clock } from '../../engine/clock.ts';
import { eventOf, groupOf, type Classification, type Visitor } from './event.ts';
import { outOfOfficeTo, postInbound, replyTo, type InboundMail } from './inbound.ts';
import { linksOf, type MailLink } from './links.ts';
import type { StoredMail } from './outbox.ts';
import type { Suppressions } from './suppressions.ts';
import type { Webhook } from './webhook.ts';

const person: Visitor = {
  useragent: 'Mozilla/5.0 (X11; Linux x64; rv:140.0) Gecko/20100101 Firefox/140.0',
  ip: '127.0.0.1',
};
/** A mail program that loads every picture before anybody looks at it. */
const prefetcher: Visitor = { useragent: 'Mozilla/5.0', ip: '17.58.0.1' };

interface Means {
  webhook: Webhook;
  suppressions: Suppressions;
  clock: Clock;
  /** Where answers are posted; null when nobody takes them. */
  inboundUrl: string | null;
}

/**
 * What happens to a mail after it was accepted, by its reader, by machines in between or by the mail server at
 * the other end, at the present moment of the sandbox's clock: the events that the real service would tell.
 */
export class Reader {
  readonly #means: Means;

  constructor(means: Means) {
    this.#means = means;
  }

  /** Whether answers reach anybody. */
  get canAnswer(): boolean {
    return this.#means.inboundUrl !== null;
  }

  open(mail: StoredMail): void {
    this.#tell(eventOf.open(mail, this.#now(), person, false));
  }

  /** A mail program opens it, and nobody looks at it. */
  machineOpen(mail: StoredMail): void {
    this.#tell(eventOf.open(mail, this.#now(), prefetcher, true));
  }

  click(mail: StoredMail, link: MailLink): void {
    this.#tell(eventOf.click(mail, this.#now(), person, link));
  }

  /** A mail gateway follows every link at once, the hidden one too. */
  scan(mail: StoredMail): void {
    const now = this.#now();
    this.#tell(...linksOf(mail.html ?? '').map(link => eventOf.click(mail, now, person, link)));
  }

  /** The mail server wants to be asked again. @param attempt how often it was, from 1 */
  defer(mail: StoredMail, attempt = 1): void {
    this.#tell(eventOf.deferred(mail, this.#now(), attempt));
  }

  /** There is no such mailbox; the service mails it no more. */
  bounce(mail: StoredMail, why: Classification = 'Invalid Address'): void {
    const event = eventOf.bounce(mail, this.#now(), 'bounce', why);
    this.#means.suppressions.addBounced(event, this.#now());
    this.#tell(event);
  }

  /** The mail server does not want this mail; the next one may be welcome. */
  block(mail: StoredMail, why: Classification = 'Reputation'): void {
    this.#tell(eventOf.bounce(mail, this.#now(), 'blocked', why));
  }

  /** The reader calls it spam; the service mails them no more. */
  complain(mail: StoredMail): void {
    this.#means.suppressions.add('spam_reports', mail.to, this.#now());
    this.#tell(eventOf.spamreport(mail, this.#now()));
  }

  /** The reader leaves by the service's own link; it mails them no more. */
  unsubscribe(mail: StoredMail): void {
    this.#means.suppressions.add('unsubscribes', mail.to, this.#now());
    this.#tell(eventOf.unsubscribe(mail, this.#now()));
  }

  /** The reader leaves an unsubscribe group by the service's own page; the service sends them no more of it. */
  groupUnsubscribe(mail: StoredMail): void {
    this.#means.suppressions.add(`group ${groupOf(mail)}`, mail.to, this.#now());
    this.#tell(eventOf.group(mail, this.#now(), 'group_unsubscribe', person));
  }

  /** The reader comes back to an unsubscribe group. */
  groupResubscribe(mail: StoredMail): void {
    this.#means.suppressions.remove(`group ${groupOf(mail)}`, mail.to);
    this.#tell(eventOf.group(mail, this.#now(), 'group_resubscribe', person));
  }

  /**
   * What a mail program does when its reader chooses "unsubscribe" (RFC 8058).
   * @returns false when the mail offers no way to, or it did not work
   */
  async leave(mail: StoredMail): Promise<boolean> {
    const url = /<(https?:[^>]+)>/.exec(mail.headers['List-Unsubscribe'] ?? '')?.[1];
    if (url === undefined) return false;
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'List-Unsubscribe=One-Click',
        // A mail program follows nothing that it is led to.
        redirect: 'manual',
        signal: AbortSignal.timeout(10_000),
      });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false;
    }
  }

  /** The reader answers. False when nobody took it. */
  reply(mail: StoredMail, text: string): Promise<boolean> {
    return this.#post(replyTo(mail, text, this.#now()));
  }

  /** The reader's mail program answers that the reader is away. False when nobody took it. */
  outOfOffice(mail: StoredMail): Promise<boolean> {
    return this.#post(outOfOfficeTo(mail, this.#now()));
  }

  async #post(mail: InboundMail): Promise<boolean> {
    const { inboundUrl } = this.#means;
    return inboundUrl !== null && postInbound(inboundUrl, mail);
  }

  #tell(...events: Parameters<Webhook['send']>): void {
    this.#means.webhook.send(...events);
  }

  #now() {
    return this.#means.clock.now();
  }
}
