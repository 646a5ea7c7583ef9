import type { Instant } from '../../domain/instant.ts';
import type { Clock } from '../../engine/clock.ts';
import type { WebhookEvent } from './event.ts';
import { LaterEvents } from './later-events.ts';
import type { Misfortune } from './misfortune.ts';
import { Poster } from './poster.ts';

/** The longest that a timer can wait, in milliseconds. */
const longestTimerMs = 2_147_483_647;

/**
 * Tells what happens to mails: most of it at once, some of it later, by the sandbox's clock.
 *
 * While that clock goes by itself, later events are posted when they are due. Whoever moves it by hand lets
 * them go, with `release`, and waits for `settled` before moving on: events that are not taken for a day are
 * given up, and that is a day of this clock.
 */
export class Webhook {
  readonly #poster: Poster;
  readonly #clock: Clock;
  readonly #misfortune: Misfortune;
  readonly #later = new LaterEvents();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(url: string, privateKeyPem: string, clock: Clock, misfortune: Misfortune) {
    this.#poster = new Poster(url, privateKeyPem, clock);
    this.#clock = clock;
    this.#misfortune = misfortune;
  }

  /** Tells what happens now. */
  send(...events: WebhookEvent[]): void {
    const now = this.#clock.now();
    for (const event of events) {
      const tellings = this.#misfortune.tellings(event, now);
      for (const { event: told, due, behind } of tellings)
        if (due === null) this.#poster.push(told);
        else this.#later.add({ event: told, due, behind });
      if (tellings[0]?.due === null)
        for (const overtaken of this.#later.takeBehind(event.sg_message_id))
          this.#poster.push(overtaken.event);
    }
    this.#setTimer();
  }

  /** Tells at its moment what is still to happen. */
  sendAt(due: Instant, event: WebhookEvent): void {
    for (const telling of this.#misfortune.tellings(event, due))
      this.#later.add({ ...telling, due: telling.due ?? due });
    this.#setTimer();
  }

  /** When the next of the later events is due, or null when there are none. */
  nextDue(): Instant | null {
    return this.#later.nextDue;
  }

  /** Tells the later events that are due by a moment. */
  release(upTo: Instant): void {
    for (const { event } of this.#later.takeDue(upTo)) this.#poster.push(event);
    this.#setTimer();
  }

  /** Waits until every event was taken that is not told later. */
  settled(): Promise<void> {
    return this.#poster.settled();
  }

  /** Events that were told and are not taken yet. */
  get unposted(): number {
    return this.#poster.unposted;
  }

  /** Events that are told later. */
  get later(): number {
    return this.#later.count;
  }

  /** Events that were never taken. */
  get givenUp(): number {
    return this.#poster.givenUp;
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#poster.close();
  }

  #setTimer(): void {
    clearTimeout(this.#timer);
    const due = this.#later.nextDue;
    // A clock that is shifted is moved by hand.
    if (due === null || this.#isClosed || this.#clock.shift() !== 0) return;
    const ms = Math.min(Math.max(0, due - this.#clock.now()), longestTimerMs);
    this.#timer = setTimeout(() => this.release(this.#clock.now()), ms).unref();
  }
}
