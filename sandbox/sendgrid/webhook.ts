import { createPrivateKey, randomBytes, type KeyObject } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Instant } from '../../domain/instant.ts';
import type { Clock } from '../../engine/clock.ts';
import type { OutboxEntry } from './outbox.ts';
import { signedHeaders } from './signature.ts';

/** An event in the shape of the real service's webhook. */
export type WebhookEvent = Record<string, unknown> & { event: string };

const batchSize = 100;
/** The real service tries again for a day, ever more seldom. */
const giveUpAfterMs = 24 * 3_600_000;

/** Posts signed batches of events, in order, and again until they are taken. */
export class Webhook {
  readonly #url: string;
  readonly #key: KeyObject;
  readonly #clock: Clock;
  readonly #queue: WebhookEvent[] = [];
  #posting: Promise<void> | null = null;
  #closed = false;
  #underWay = 0;

  constructor(url: string, privateKeyPem: string, clock: Clock) {
    this.#url = url;
    this.#key = createPrivateKey(privateKeyPem);
    this.#clock = clock;
  }

  send(...events: WebhookEvent[]): void {
    this.#queue.push(...events);
    this.#posting ??= this.#post().finally(() => (this.#posting = null));
  }

  /** Waits until every event so far was taken. */
  async settled(): Promise<void> {
    while (this.#posting !== null) await this.#posting;
  }

  /** Events that wait, or are being posted. */
  get unposted(): number {
    return this.#queue.length + this.#underWay;
  }

  close(): void {
    this.#closed = true;
  }

  async #post(): Promise<void> {
    while (this.#queue.length > 0 && !this.#closed) {
      const batch = this.#queue.splice(0, batchSize);
      this.#underWay = batch.length;
      // The real payload ends in CRLF, and the signature is over it.
      const body = Buffer.from(`${JSON.stringify(batch)}\r\n`);
      const began = Date.now();
      for (let wait = 100; !this.#closed; wait = Math.min(wait * 2, 60_000)) {
        if ((await this.#deliver(body)) || Date.now() - began > giveUpAfterMs) break;
        await sleep(wait, undefined, { ref: false });
      }
      this.#underWay = 0;
    }
  }

  async #deliver(body: Buffer): Promise<boolean> {
    const headers = {
      'content-type': 'application/json;charset=utf-8',
      'user-agent': 'SendGrid Event API',
      ...signedHeaders(this.#key, this.#clock.now(), body),
    };
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        headers,
        body,
        signal: AbortSignal.timeout(10_000),
      });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false;
    }
  }
}

/** An event of a mail, with what the real service says of every event. */
export function eventOf(
  mail: OutboxEntry,
  event: string,
  at: Instant,
  extra: Record<string, unknown> = {},
): WebhookEvent {
  return {
    email: mail.to,
    timestamp: Math.floor(at / 1000),
    'smtp-id': `<${mail.id}@geopod-ismtpd-1>`,
    event,
    // One category comes as a text, several as a list.
    ...(mail.categories.length === 0
      ? {}
      : { category: mail.categories.length === 1 ? mail.categories[0] : mail.categories }),
    sg_event_id: randomBytes(16).toString('base64url'),
    sg_message_id: `${mail.id}.recvd-5f4c-1-000-0`,
    ...mail.customArgs,
    ...extra,
  };
}
