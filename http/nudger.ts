import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { EscalationId, LeadId } from '../domain/ids.ts';
import type { Clock } from '../engine/clock.ts';
import type { Engine } from '../engine/engine.ts';
import type { Database } from '../store/database.ts';
import { openWork } from '../store/slot.ts';

/** Nudges under way at once; more wait their turn. */
const width = 32;
const batch = 200;

/**
 * Nudges leads after what they are nudged for was committed and answered. What is lost here, because
 * the process is killed or Temporal is away, the sweep finds.
 */
export class Nudger {
  readonly #database: Database;
  readonly #engine: Engine;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #waiting = new Set<LeadId>();
  readonly #telling = new Set<Promise<unknown>>();
  #running: Promise<void> | null = null;

  constructor(database: Database, engine: Engine, clock: Clock, log: Logger) {
    this.#database = database;
    this.#engine = engine;
    this.#clock = clock;
    this.#log = log;
  }

  nudge(leads: readonly LeadId[]): void {
    for (const lead of leads) this.#waiting.add(lead);
    if (this.#waiting.size > 0) this.#running ??= this.#run().finally(() => (this.#running = null));
  }

  /** Tells one workflow, whatever its lead is in now. */
  tell(workflowId: string): void {
    this.#follow(this.#engine.tell(workflowId), { workflow: workflowId });
  }

  /** Starts the workflow of an escalation that was just made. */
  begin(escalationId: EscalationId, leadId: LeadId): void {
    const start = { shift: this.#clock.shift() };
    const beginning = this.#engine.escalation(escalationId, leadId, null, start);
    this.#follow(beginning, { escalation: escalationId });
  }

  #follow(work: Promise<unknown>, what: Record<string, string>): void {
    const telling = work
      .catch(() => this.#log.warn(what, 'telling failed; it looks again by itself'))
      .finally(() => this.#telling.delete(telling));
    this.#telling.add(telling);
  }

  /** Waits until nobody waits. */
  async drain(): Promise<void> {
    while (this.#running !== null) await this.#running;
    await Promise.all(this.#telling);
  }

  /** Waits the same way, but not for longer than that many milliseconds: without Temporal nothing goes out. */
  async drainWithin(milliseconds: number): Promise<void> {
    const isDrained = await Promise.race([
      this.drain().then(() => true),
      sleep(milliseconds, false, { ref: false }),
    ]);
    if (!isDrained) this.#log.warn('some leads were not nudged; the sweep takes them up');
  }

  async #run(): Promise<void> {
    while (this.#waiting.size > 0) {
      const leads = [...this.#waiting].slice(0, batch);
      for (const lead of leads) this.#waiting.delete(lead);
      try {
        const queue = (await openWork(this.#database, leads)).values();
        await Promise.all(
          Array.from({ length: width }, async () => {
            for (const work of queue)
              await this.#engine.nudge(work, { shift: this.#clock.shift() });
          }),
        );
      } catch (error) {
        const code = error instanceof Error ? error.name : 'unknown';
        this.#log.warn({ leads: leads.length, code }, 'nudging failed; the sweep takes it up');
      }
    }
  }
}
