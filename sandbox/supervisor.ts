import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningServer } from './servers/postgres.ts';
import type { ProcessIdentity } from './servers/process-identity.ts';

/** One process to keep running. */
export interface Service {
  name: string;
  start: () => Promise<RunningServer>;
  /** What its line says once it is up, such as where it listens. */
  describe: () => string;
}

export interface Reporter {
  starting: (name: string) => void;
  up: (name: string, detail: string, ms: number) => void;
  warning: (line: string) => void;
}

/** Told to stop before everything was up. */
class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

/** How long work may take to come to rest before its servers are stopped, in milliseconds. */
const restMs = 5_000;
/** More restarts than this within a minute mean that starting again does not help. */
const restartsAMinute = 5;

/**
 * Keeps a set of processes running: starts them in the order of their groups, starts again what
 * ends unasked, and stops them group by group in the opposite order.
 */
export class Supervisor {
  readonly #reporter: Reporter;
  readonly #onChange: (processes: ProcessIdentity[]) => Promise<void>;
  readonly #onGivingUp: (error: Error) => void;
  readonly #groups: { service: Service; server: RunningServer }[][] = [];
  readonly #keepers: Promise<void>[] = [];
  readonly #starting = new Set<Promise<unknown>>();
  readonly #work = new Set<Promise<unknown>>();
  #told: Promise<void> = Promise.resolve();
  #stopping = false;

  /**
   * @param onChange is told the processes that run now, one change after the other, before what comes next is
   * started
   * @param onGivingUp is told why a service is not started again
   */
  constructor(
    reporter: Reporter,
    onChange: (processes: ProcessIdentity[]) => Promise<void>,
    onGivingUp: (error: Error) => void,
  ) {
    this.#reporter = reporter;
    this.#onChange = onChange;
    this.#onGivingUp = onGivingUp;
  }

  /**
   * Starts services side by side; those of the next call come after them and are stopped before them.
   * @throws StoppedError when it was told to stop meanwhile; what had come up by then is stopped too
   */
  async start(...services: Service[]): Promise<void> {
    const starting = this.#startGroup(services);
    this.#starting.add(starting);
    try {
      await starting;
    } finally {
      this.#starting.delete(starting);
    }
    if (this.#isStopping()) throw new StoppedError('It was told to stop while it was starting.');
  }

  async #startGroup(services: readonly Service[]): Promise<void> {
    if (this.#isStopping()) return;
    const group: { service: Service; server: RunningServer }[] = [];
    this.#groups.push(group);
    const results = await Promise.allSettled(
      services.map(async service => {
        this.#reporter.starting(service.name);
        const began = Date.now();
        const server = await service.start();
        group.push({ service, server });
        if (this.#isStopping()) return;
        await this.#tell();
        this.#reporter.up(service.name, service.describe(), Date.now() - began);
        this.#keepers.push(this.#keep(service, group, server));
      }),
    );
    const failed = results.find(result => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** Waits for work that needs what runs; told to stop meanwhile, its servers stay until it has come to rest. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#work.add(work);
    try {
      return await work;
    } finally {
      this.#work.delete(work);
    }
  }

  /** Stops everything, the last started first. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.race([Promise.allSettled(this.#work), sleep(restMs, undefined, { ref: false })]);
    await Promise.allSettled(this.#starting);
    for (const group of this.#groups.toReversed())
      await Promise.all(group.map(({ server }) => server.stop()));
    await Promise.all(this.#keepers);
  }

  /** Ends everything on the spot. */
  kill(): void {
    this.#stopping = true;
    for (const { pid } of this.processes()) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
  }

  processes(): ProcessIdentity[] {
    return this.#groups.flat().map(({ server }) => server.process);
  }

  /** Two that came up at once must not write over each other, nor the older list over the newer. */
  #tell(): Promise<void> {
    const before = this.#told.catch(() => undefined);
    this.#told = before.then(() => this.#onChange(this.processes()));
    return this.#told;
  }

  #isStopping(): boolean {
    return this.#stopping;
  }

  async #keep(
    service: Service,
    group: { service: Service; server: RunningServer }[],
    first: RunningServer,
  ): Promise<void> {
    const restarts: number[] = [];
    for (let server = first; ;) {
      const how = await server.exited;
      if (this.#isStopping()) return;
      const now = Date.now();
      while (restarts[0] !== undefined && restarts[0] < now - 60_000) restarts.shift();
      restarts.push(now);
      if (restarts.length > restartsAMinute) {
        this.#onGivingUp(
          new Error(`${service.name} ended ${restarts.length} times within a minute (${how}).`),
        );
        return;
      }
      this.#reporter.warning(`${service.name} ended (${how}); starting it again`);
      await sleep(200 * restarts.length);
      if (this.#isStopping()) return;
      try {
        server = await service.start();
      } catch (error) {
        this.#onGivingUp(error instanceof Error ? error : new Error(String(error)));
        return;
      }
      const entry = group.find(candidate => candidate.service === service);
      if (entry !== undefined) entry.server = server;
      await this.#tell();
      // Asked to stop while it was starting: nobody else knows of this one yet.
      if (this.#isStopping()) return server.stop();
    }
  }
}
