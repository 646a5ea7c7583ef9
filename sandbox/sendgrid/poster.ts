import { createPrivateKey, type KeyObject } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { day, hour, type Instant } from '../../domain/instant.ts';
import type { Clock } from '../../engine/clock.ts';
import type { WebhookEvent } from './event.ts';
import { signedHeaders } from './signature.ts';

const batchSize = 100;
/** The real service tries again for a day, ever more seldom. */
const giveUpAfterMs = day;
const firstWaitMs = 100;
const longestWaitMs = hour;
const answerMs = 10_000;

/** A batch as it is posted, however often. */
interface Batch {
  size: number;
  /** Since when it is tried. */
  since: Instant;
  body: Buffer;
  headers: Record<string, string>;
}

/**
 * Posts signed batches of events, one after the other. One that is not taken is tried again by itself, and
 * those after it do not wait for it.
 */
export class Poster {
  readonly #url: string;
  readonly #key: KeyObject;
  readonly #clock: Clock;
  readonly #queue: WebhookEvent[] = [];
  readonly #again = new Set<Promise<void>>();
  readonly #closed = new AbortController();
  #posting: Promise<void> | null = null;
  #underWay = 0;
  #givenUp = 0;

  constructor(url: string, privateKeyPem: string, clock: Clock) {
    this.#url = url;
    this.#key = createPrivateKey(privateKeyPem);
    this.#clock = clock;
    // Every batch that is tried again listens to it.
    setMaxListeners(0, this.#closed.signal);
  }

  push(event: WebhookEvent): void {
    this.#queue.push(event);
    this.#posting ??= this.#post().finally(() => (this.#posting = null));
  }

  /** Waits until every event so far was taken, or given up. */
  async settled(): Promise<void> {
    while (this.#posting !== null || this.#again.size > 0)
      await Promise.all([this.#posting, ...this.#again]);
  }

  /** Events that wait, or are being posted. */
  get unposted(): number {
    return this.#queue.length + this.#underWay;
  }

  /** Events that were tried for a day and never taken. */
  get givenUp(): number {
    return this.#givenUp;
  }

  close(): void {
    this.#closed.abort();
  }

  async #post(): Promise<void> {
    // What happens in one go is posted in one go.
    await Promise.resolve();
    while (this.#queue.length > 0 && !this.#closed.signal.aborted) {
      const batch = this.#sign(this.#queue.splice(0, batchSize));
      this.#underWay += batch.size;
      if (await this.#isTaken(batch)) {
        this.#underWay -= batch.size;
        continue;
      }
      const trying = this.#tryAgain(batch).finally(() => {
        this.#underWay -= batch.size;
        this.#again.delete(trying);
      });
      this.#again.add(trying);
    }
  }

  /** The signature is over the payload, CRLF at its end included; it keeps the time of the first try. */
  #sign(events: WebhookEvent[]): Batch {
    const since = this.#clock.now();
    const body = Buffer.from(`${JSON.stringify(events)}\r\n`);
    const headers = {
      'content-type': 'application/json;charset=utf-8',
      'user-agent': 'SendGrid Event API',
      ...signedHeaders(this.#key, since, body),
    };
    return { size: events.length, since, body, headers };
  }

  async #tryAgain(batch: Batch): Promise<void> {
    const { signal } = this.#closed;
    for (let wait = firstWaitMs; ; wait = Math.min(wait * 2, longestWaitMs)) {
      try {
        await sleep(wait, undefined, { ref: false, signal });
      } catch {
        // Closed meanwhile.
        return;
      }
      if (await this.#isTaken(batch)) return;
      if (this.#clock.now() - batch.since > giveUpAfterMs) {
        this.#givenUp += batch.size;
        return;
      }
    }
  }

  async #isTaken({ body, headers }: Batch): Promise<boolean> {
    try {
      const signal = AbortSignal.timeout(answerMs);
      const response = await fetch(this.#url, { method: 'POST', headers, body, signal });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false;
    }
  }
}
