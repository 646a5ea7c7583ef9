import type { Logger } from 'pino';

/** Times that one message is written in a window. */
const timesAWindow = 20;
/** In milliseconds. */
const windowMs = 60_000;

/**
 * A log for what strangers can bring about as often as they like: each message is written a few times a
 * minute, and at the end of the minute once more, with how many were left out.
 */
export class SparingLog {
  readonly #log: Logger;
  readonly #times = new Map<string, number>();
  #window: NodeJS.Timeout | null = null;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** @param message one of a few, because each is counted for itself; what differs is a field */
  say(level: 'warn' | 'error', fields: object, message: string): void {
    this.#window ??= setTimeout(() => this.flush(), windowMs).unref();
    const times = (this.#times.get(message) ?? 0) + 1;
    this.#times.set(message, times);
    if (times <= timesAWindow) this.#log[level](fields, message);
  }

  /** Says how much was left out, and begins a new window. */
  flush(): void {
    if (this.#window !== null) clearTimeout(this.#window);
    this.#window = null;
    for (const [message, times] of this.#times)
      if (times > timesAWindow) this.#log.warn({ leftOut: times - timesAWindow }, message);
    this.#times.clear();
  }
}
