import type { Instant } from '../../domain/instant.ts';
import type { Telling } from './misfortune.ts';

type Late = Telling & { due: Instant };

/** Events that have happened and are told later. */
export class LaterEvents {
  /** By when they are due; those of one moment as they came. */
  readonly #events: Late[] = [];

  get count(): number {
    return this.#events.length;
  }

  get nextDue(): Instant | null {
    return this.#events[0]?.due ?? null;
  }

  add(late: Late): void {
    let [low, high] = [0, this.#events.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#events[middle]?.due ?? Infinity) <= late.due) low = middle + 1;
      else high = middle;
    }
    this.#events.splice(low, 0, late);
  }

  /** Takes those that are due by a moment, in the order in which they are due. */
  takeDue(upTo: Instant): Late[] {
    const first = this.#events.findIndex(({ due }) => due > upTo);
    return this.#events.splice(0, first < 0 ? this.#events.length : first);
  }

  /** Takes those that waited for another event of this message. */
  takeBehind(message: unknown): Late[] {
    const taken = this.#events.filter(({ behind }) => behind !== null && behind === message);
    for (const late of taken) this.#events.splice(this.#events.indexOf(late), 1);
    return taken;
  }
}
