import type { Clock } from '../../engine/clock.ts';
import { linksOf, type MailLink } from './links.ts';
import type { StoredMail } from './outbox.ts';
import { eventOf, type Webhook, type WebhookEvent } from './webhook.ts';

const browser = 'Mozilla/5.0 (X11; Linux x64; rv:140.0) Gecko/20100101 Firefox/140.0';
const person = { useragent: browser, ip: '127.0.0.1' };

/** What happens to a mail after it was delivered: the events that the real service would tell. */
export class Reader {
  readonly #webhook: Webhook;
  readonly #clock: Clock;

  constructor(webhook: Webhook, clock: Clock) {
    this.#webhook = webhook;
    this.#clock = clock;
  }

  open(mail: StoredMail): void {
    this.#tell(mail, 'open', { ...person, sg_machine_open: false });
  }

  click(mail: StoredMail, link: MailLink): void {
    this.#webhook.send(this.#clickOf(mail, link));
  }

  /** A mail gateway follows every link at once, the hidden one too. */
  scan(mail: StoredMail): void {
    this.#webhook.send(...linksOf(mail.html ?? '').map(link => this.#clickOf(mail, link)));
  }

  bounce(mail: StoredMail): void {
    this.#tell(mail, 'bounce', {
      reason: '550 5.1.1 The email account that you tried to reach does not exist',
      status: '5.1.1',
      type: 'bounce',
      bounce_classification: 'Invalid Address',
    });
  }

  complain(mail: StoredMail): void {
    this.#tell(mail, 'spamreport');
  }

  /** What a mail program does when its reader chooses "unsubscribe" (RFC 8058). False when the mail offers none. */
  async leave(mail: StoredMail): Promise<boolean> {
    const url = /<(https?:[^>]+)>/.exec(mail.headers['List-Unsubscribe'] ?? '')?.[1];
    if (url === undefined) return false;
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    });
    return response.ok;
  }

  #tell(mail: StoredMail, event: string, extra: Record<string, unknown> = {}): void {
    this.#webhook.send(eventOf(mail, event, this.#clock.now(), extra));
  }

  #clickOf(mail: StoredMail, link: MailLink): WebhookEvent {
    return eventOf(mail, 'click', this.#clock.now(), {
      ...person,
      url: link.url,
      url_offset: { index: link.index, type: 'html' },
    });
  }
}
