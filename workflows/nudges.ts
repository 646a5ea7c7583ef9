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
 * that knows what time it is. Whoever waits is woken by what happens: the SDK asks every `condition` again after
 * each activation, with an entry into the sandbox of its own.
 */
export class Nudges {
  readonly #shift: number;
  #nudged = false;
  #verbs: Verb[] = [];
  #timer: { until: Instant; scope: CancellationScope; fired: boolean } | null = null;
  /** Tells whoever waits that something happened. */
  #wake: () => void = () => undefined;
  /** Rejected: what ends every wait once the workflow is cancelled. */
  #cancelled: Promise<never> | undefined;

  /** Registers the handlers; to be made before anything else in a workflow. */
  constructor(shift: number) {
    this.#shift = shift;
    // What was said before this run began waits in order, and each name's own handler would take its own out
    // of it: a pause, a resume and a pause would be heard as two pauses and a resume.
    setDefaultSignalHandler(name => this.#hear(name));
    for (const signal of [engaged, pause, resume, stop])
      setHandler(signal, () => this.#hear(signal.name));
    const { cancelRequested } = CancellationScope.current();
    cancelRequested.catch(() => {
      this.#cancelled = cancelRequested;
      this.#wake();
    });
  }

  #hear(name: string): void {
    if (name === pause.name || name === resume.name || name === stop.name) this.#verbs.push(name);
    else if (name !== engaged.name) return;
    this.#nudged = true;
    this.#wake();
  }

  /** Nudges the workflow from within, once whoever made it do so has been answered: something of its lead is another. */
  async lookAgain(): Promise<void> {
    this.#nudged = true;
    // A condition is asked for the second time when all else that this activation brought is done.
    let asked = 0;
    await condition(() => asked++ > 0);
    this.#wake();
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
    while (!this.#nudged && this.#timer?.fired !== true) await this.#woken();
    return this.#nudged;
  }

  /** Until something happens. @throws CancelledFailure when the workflow is cancelled */
  #woken(): Promise<void> {
    return new Promise(resolve => {
      this.#wake = () => resolve(this.#cancelled);
      if (this.#cancelled !== undefined) this.#wake();
    });
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
  mayWithdraw<T>(deliver: () => Promise<T>): Promise<T | null> {
    const scope = new CancellationScope();
    return new Promise((resolve, reject) => {
      let isAskedBack = false;
      this.#wake = () => {
        isAskedBack = true;
        if (this.#cancelled === undefined) scope.cancel();
        // Nobody waits for a delivery when the workflow itself is cancelled.
        else resolve(this.#cancelled);
      };
      const delivery = scope.run(deliver).catch((error: unknown) => {
        if (isAskedBack) return null;
        throw error;
      });
      delivery.then(resolve, reject);
    });
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
          if (this.#timer === timer) this.#wake();
        },
        () => undefined,
      );
  }
}
