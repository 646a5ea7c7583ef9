import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import pLimit from 'p-limit';
import { day, earliest, hour, instant, minute, plus, type Instant } from '../../domain/instant.ts';
import type { SetClock } from '../../engine/clock.ts';
import type { Engine } from '../../engine/engine.ts';
import { forward, forwardThroughTimer, idle } from '../../engine/virtual-time.ts';
import type { Nudger } from '../../http/nudger.ts';
import {
  marksOf,
  nextWakeAt,
  openWorkflows,
  unsettled,
  wakesUpTo,
  type Wake,
} from '../../store/agenda.ts';
import type { Database } from '../../store/database.ts';
import type { Deed, World } from '../people/deed.ts';
import type { Sandbox } from '../sendgrid/server.ts';
import { Deeds } from './agenda.ts';
import type { Cast } from './cast.ts';

/** Workflows that are forwarded at once. */
const width = 16;
/** Workflows that wake within this long go together, in milliseconds. */
const togetherMs = hour;
/** How often the sweep runs, in milliseconds: it finds something only where something broke. */
const sweepEveryMs = 7 * day;
/** After this long without rest, in real milliseconds, the sweep runs besides: something may have got lost. */
const restlessMs = 5_000;
/** After this long without a sign, in real milliseconds, a workflow is stuck. */
const stuckMs = 60_000;

/** A workflow did not do what was due. */
class StuckError extends Error {
  override readonly name = 'StuckError';
}

/** What a conductor plays on. */
export interface Stage {
  clock: SetClock;
  database: Database;
  client: Client;
  engine: Engine;
  nudger: Nudger;
  sandbox: Sandbox;
  world: World;
  cast: Cast;
}

/** How far a rehearsal has come. */
export interface Progress {
  at: Instant;
  mails: number;
  clicks: number;
  escalations: number;
  accepted: number;
  rejected: number;
  /** Workflows that were forwarded. */
  forwards: number;
}

/**
 * Plays time on the real engine: always what is due next, workflows' wake-ups and people's deeds together,
 * in the order of the domain's time (a discrete-event simulation). Deeds come one by one, because reps
 * take turns; what wakes within an hour with no deed in between goes at once. Deeds that nobody does anything
 * about come before whatever is next, and have no rest of their own.
 */
export class Conductor {
  readonly #stage: Stage;
  readonly #onProgress: (progress: Progress) => void;
  readonly #deeds = new Deeds();
  readonly #quietDeeds = new Deeds();
  readonly #progress: Progress;
  readonly #escalations = new Set<string>();
  #mailsSeen = 0;
  #sweepAt: Instant;

  constructor(stage: Stage, onProgress: (progress: Progress) => void) {
    this.#stage = stage;
    this.#onProgress = onProgress;
    const at = stage.clock.now();
    this.#sweepAt = plus(at, sweepEveryMs);
    const none = { mails: 0, clicks: 0, escalations: 0, accepted: 0, rejected: 0, forwards: 0 };
    this.#progress = { at, ...none };
  }

  /**
   * Plays up to the horizon, or until it is told to stop. May be called again to go on from there.
   * @throws StuckError
   */
  async play(horizon: Instant, signal: AbortSignal): Promise<Progress> {
    await this.#settle();
    while (!signal.aborted) {
      const wakeAt = await nextWakeAt(this.#stage.database);
      const deedAt = this.#deeds.nextAt;
      const next = earliest(wakeAt, deedAt, this.#stage.sandbox.webhook.nextDue(), this.#sweepAt);
      if (next === null || next > horizon) break;
      await this.#doQuietUpTo(next);
      await this.#step(next, wakeAt, deedAt, horizon);
      this.#onProgress({ ...this.#progress, at: this.#stage.clock.now() });
    }
    if (!signal.aborted) {
      await this.#doQuietUpTo(horizon);
      await this.#moveClock(horizon);
      await this.#settle();
    }
    return { ...this.#progress, at: this.#stage.clock.now() };
  }

  /** Brings every workflow that goes on to a moment, so that it lives on from there by itself. */
  async bringTo(moment: () => Instant): Promise<void> {
    const limit = pLimit(width);
    const { client, database } = this.#stage;
    const ids = await openWorkflows(database);
    await Promise.all(ids.map(id => limit(() => forward(client, id, moment()))));
  }

  async #step(
    next: Instant,
    wakeAt: Instant | null,
    deedAt: Instant | null,
    horizon: Instant,
  ): Promise<void> {
    const { webhook } = this.#stage.sandbox;
    if (next === this.#sweepAt) {
      await this.#moveClock(next);
      this.#sweepAt = plus(next, sweepEveryMs);
      await this.#sweep(0);
    } else if (next === webhook.nextDue()) {
      await this.#moveClock(next);
      webhook.release(next);
    } else if (next === deedAt) {
      await this.#doNext(next);
    } else if (wakeAt !== null) {
      const limit = earliest(deedAt, webhook.nextDue(), this.#sweepAt, horizon);
      await this.#wake(instant(Math.min(wakeAt + togetherMs, limit ?? Infinity)));
    }
    await this.#settle();
  }

  async #doNext(at: Instant): Promise<void> {
    await this.#moveClock(at);
    const deed = this.#deeds.take();
    if (deed === undefined) return;
    if (deed.what === 'clicks') this.#progress.clicks += 1;
    if (deed.what === 'accepts') this.#progress.accepted += 1;
    if (deed.what === 'rejects') this.#progress.rejected += 1;
    this.#plan(await deed.act(this.#stage.world));
  }

  async #doQuietUpTo(moment: Instant): Promise<void> {
    for (;;) {
      const { nextAt } = this.#quietDeeds;
      if (nextAt === null || nextAt > moment) return;
      await this.#moveClock(nextAt);
      await this.#quietDeeds.take()?.act(this.#stage.world);
    }
  }

  #plan(deeds: readonly Deed[]): void {
    this.#quietDeeds.add(deeds.filter(({ isQuiet }) => isQuiet));
    this.#deeds.add(deeds.filter(({ isQuiet }) => !isQuiet));
  }

  /** Forwards every workflow that wakes up to a moment to its own, and waits until it has done what was due. */
  async #wake(upTo: Instant): Promise<void> {
    const { client, database } = this.#stage;
    const wakes = await wakesUpTo(database, upTo, 500);
    const last = wakes.at(-1);
    if (last === undefined) return;
    await this.#moveClock(last.at);
    const limit = pLimit(width);
    await Promise.all(
      wakes.map(({ workflowId, at }) =>
        limit(() => forwardThroughTimer(client, workflowId, at, stuckMs)),
      ),
    );
    this.#progress.forwards += wakes.length;
    await this.#moved(wakes);
  }

  /** Waits until the row of each says something else than before it woke. */
  async #moved(wakes: readonly Wake[]): Promise<void> {
    const { client, database } = this.#stage;
    const deadline = Date.now() + stuckMs;
    let left = wakes;
    for (;;) {
      const marks = await marksOf(
        database,
        left.map(({ workflowId }) => workflowId),
      );
      left = left.filter(({ workflowId, mark }) => marks.get(workflowId) === mark);
      const [first] = left;
      if (first === undefined) return;
      if (Date.now() > deadline) {
        await idle(client, first.workflowId, 0);
        throw new StuckError(
          `${first.workflowId} should have woken at ${new Date(first.at).toISOString()} and did nothing. Look at it in the Temporal UI.`,
        );
      }
      await sleep(10);
    }
  }

  /** Waits until everybody has looked at what happened, and hands out the mails that came of it. */
  async #settle(): Promise<void> {
    const { database, nudger, sandbox } = this.#stage;
    const deadline = Date.now() + stuckMs;
    let sweepFrom = Date.now() + restlessMs;
    for (;;) {
      await sandbox.webhook.settled();
      await nudger.drain();
      const count = await unsettled(database);
      if (count === 0) break;
      if (Date.now() > sweepFrom) {
        await this.#sweep(minute);
        sweepFrom = Date.now() + restlessMs;
      }
      if (Date.now() > deadline)
        throw new StuckError(
          `${count} leads or escalations were not looked at within ${stuckMs / 1000} s. Look for failing activities in the Temporal UI.`,
        );
      await sleep(5);
    }
    this.#handOut();
  }

  /** @param aheadMs how much later than it is the sweep takes it to be: it leaves alone what has just happened */
  async #sweep(aheadMs: number): Promise<void> {
    const { clock, engine } = this.#stage;
    const shift = clock.shift() - aheadMs;
    await engine.sweep(instant(Date.now() - shift), { shift });
  }

  /** Gives each new mail to whom it was sent. Those of one moment go in the order of addresses and steps. */
  #handOut(): void {
    const { clock, sandbox, cast } = this.#stage;
    const fresh = [...sandbox.outbox.all()].slice(this.#mailsSeen);
    this.#mailsSeen += fresh.length;
    const inOrder = fresh.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    for (const { id, categories, customArgs } of inOrder) {
      const mail = sandbox.outbox.read(id);
      if (mail === null) continue;
      if (!categories.includes('escalation')) this.#progress.mails += 1;
      // Of one that goes from rep to rep, or that they are reminded of, there are several mails.
      else if (customArgs.escalation_id !== undefined)
        this.#escalations.add(customArgs.escalation_id);
      this.#progress.escalations = this.#escalations.size;
      this.#plan(cast.receives(mail, clock.now()));
    }
  }

  /** What was told is taken before its time is over. */
  async #moveClock(at: Instant): Promise<void> {
    const { clock, sandbox } = this.#stage;
    await sandbox.webhook.settled();
    clock.at = instant(Math.max(clock.at, at));
  }
}

function keyOf({
  to,
  subject,
  customArgs,
}: {
  to: string;
  subject: string;
  customArgs: Record<string, string>;
}): string {
  return [to, customArgs.step ?? '', subject].join('\n');
}
