import {
  CancellationScope,
  condition,
  setDefaultSignalHandler,
  setHandler,
  sleep,
} from '@temporalio/workflow';
import type { Instant } from '../domain/instant.ts';
import type { Verb } from '../domain/nurture/verb.ts';
import { engaged, pause, resume, stop } from './messages.ts';

/**
 * Everything that can interrupt a wait: nudges, and what ops say. The only file of the workflows
 * that knows what time it is.
 */
export class Nudges {
  readonly #shift: number;
  #nudged = false;
  #verbs: Verb[] = [];
  #timer: { until: Instant; scope: CancellationScope; fired: boolean } | null = null;

  /** Registers the handlers; to be made before anything else in a workflow. */
  constructor(shift: number) {
    this.#shift = shift;
    // What was said before this run began waits in order, and each name's own handler would take its own out
    // of it: a pause, a resume and a pause would be heard as two pauses and a resume.
    setDefaultSignalHandler(name => this.#hear(name));
    for (const signal of [engaged, pause, resume, stop])
      setHandler(signal, () => this.#hear(signal.name));
  }

  #hear(name: string): void {
    if (name === pause.name || name === resume.name || name === stop.name) this.#verbs.push(name);
    else if (name !== engaged.name) return;
    this.#nudged = true;
  }

  /** Nudges the workflow from within: something of its lead is another. */
  lookAgain(): void {
    this.#nudged = true;
  }

  /** What ops said since it was last asked; asking also takes note of every nudge so far. */
  take(): Verb[] {
    const verbs = this.#verbs;
    this.#verbs = [];
    this.#nudged = false;
    return verbs;
  }

  /**
   * Waits until a moment (forever when null) or a nudge.
   * @param summary what the timer is for, in the Temporal UI
   * @returns whether a nudge came first
   */
  async arriveBefore(until: Instant | null, summary: string): Promise<boolean> {
    this.#setTimer(until, summary);
    await condition(() => this.#nudged || this.#timer?.fired === true);
    return this.#nudged;
  }

  /** Whether something came that nobody has taken note of. */
  get isWaiting(): boolean {
    return this.#nudged;
  }

  /**
   * Runs a delivery that a nudge takes back as long as it has not begun.
   * @returns null when it was taken back, or failed after it was asked to come back: it is not tried
   * again then, and whoever looks next finds out what became of it
   */
  async mayWithdraw<T>(deliver: () => Promise<T>): Promise<T | null> {
    const scope = new CancellationScope();
    const delivery: { isOver: boolean } = { isOver: false };
    const outcome = scope.run(deliver).finally(() => {
      delivery.isOver = true;
    });
    await Promise.race([
      outcome.catch(() => undefined),
      condition(() => this.#nudged || delivery.isOver),
    ]);
    const isAskedBack = !delivery.isOver;
    if (isAskedBack) scope.cancel();
    try {
      return await outcome;
    } catch (error) {
      // When the workflow itself is cancelled, that comes first.
      const isOurs = isAskedBack && !CancellationScope.current().consideredCancelled;
      if (isOurs) return null;
      throw error;
    }
  }

  /** A timer that runs already for the same moment is kept: each new one is a paid action. */
  #setTimer(until: Instant | null, summary: string): void {
    if (this.#timer?.until === until && !this.#timer.fired) return;
    this.#timer?.scope.cancel();
    this.#timer = null;
    if (until === null) return;
    const wait = until + this.#shift - Date.now();
    const timer = { until, scope: new CancellationScope(), fired: wait <= 0 };
    this.#timer = timer;
    if (timer.fired) return;
    timer.scope
      .run(() => sleep(wait, { summary }))
      .then(
        () => {
          timer.fired = true;
        },
        () => undefined,
      );
  }
}
