import type { LeadId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { sqlState, unlessDeadlocked, type Database } from './database.ts';
import { ingestEvents, type ArrivedEvent } from './event.ts';

/** Statements under way at once, at most. */
const width = 2;
/** Events that are worth a second statement beside the one under way; fewer wait for it, and cost less together. */
const worthAnother = 200;
/** Events in one statement, unless a single post has more. */
const largest = 1_000;

interface Post {
  events: readonly ArrivedEvent[];
  receivedAt: Instant;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Stores the events of many posts with few commits: whatever arrives while earlier ones are being stored
 * waits and then goes together, so that nobody waits for more than is under way.
 */
export class EventWriter {
  readonly #database: Database;
  readonly #onStored: (toNudge: readonly LeadId[]) => void;
  #waiting: Post[] = [];
  /** Events of those posts. */
  #events = 0;
  #running = 0;

  /** @param onStored told after each commit which leads are to be nudged */
  constructor(database: Database, onStored: (toNudge: readonly LeadId[]) => void) {
    this.#database = database;
    this.#onStored = onStored;
  }

  /** Resolves when every event is committed; rejects when none is. */
  write(events: readonly ArrivedEvent[], receivedAt: Instant): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ events, receivedAt, resolve, reject });
      this.#events += events.length;
      if (this.#isWorthwhile()) void this.#run();
    });
  }

  /** Whether what waits is to be stored now, beside what is under way. */
  #isWorthwhile(): boolean {
    if (this.#waiting.length === 0) return false;
    return this.#running === 0 || (this.#running < width && this.#events >= worthAnother);
  }

  async #run(): Promise<void> {
    while (this.#isWorthwhile()) {
      this.#running += 1;
      await this.#store(this.#take());
      this.#running -= 1;
    }
  }

  #take(): Post[] {
    let events = 0;
    const full = this.#waiting.findIndex(post => {
      events += post.events.length;
      return events > largest;
    });
    const taken = this.#waiting.splice(0, full === -1 ? this.#waiting.length : Math.max(full, 1));
    this.#events -= taken.reduce((sum, post) => sum + post.events.length, 0);
    return taken;
  }

  async #store(posts: readonly Post[]): Promise<void> {
    const events = posts.flatMap(post => post.events);
    const receivedAt = Math.max(...posts.map(post => post.receivedAt)) as Instant;
    try {
      const { toNudge } = await unlessDeadlocked(() =>
        ingestEvents(this.#database, events, receivedAt),
      );
      this.#onStored(toNudge);
      for (const post of posts) post.resolve();
    } catch (error) {
      if (posts.length === 1 || !isAboutData(error)) for (const post of posts) post.reject(error);
      // What one of them holds is no reason to refuse the others.
      else for (const post of posts) await this.#store([post]);
    }
  }
}

/** Whether a statement failed for what it was given (SQLSTATE classes 21, 22, 23 and 54), and would again. */
function isAboutData(error: unknown): boolean {
  return /^(2[123]|54)/.test(sqlState(error) ?? '');
}
