import { setTimeout as sleep } from 'node:timers/promises';
import type { AnswerKind } from '../../../domain/escalation/life.ts';
import type { AssignmentId } from '../../../domain/ids.ts';
import { instant } from '../../../domain/instant.ts';
import { Links } from '../../../mail/links.ts';
import { sql } from '../../../store/database.ts';
import type { Fleet } from './fleet.ts';

/** How long until something that failed is done again. */
const againMs = 250;

/** What reps were told that counts: escalations by what was said of them, or happened to them. */
export interface RepsPromised {
  rejected: Set<string>;
  won: Set<string>;
  /** Those whose agreed time passed before anybody answered. */
  overdue: Set<string>;
}

interface Chosen {
  escalation: string;
  state: keyof typeof nextAnswer;
}

/** How a lead that is worked goes on. */
const nextAnswer = {
  assigned: 'accepted',
  accepted: 'contacted',
  contacted: 'qualified',
  qualified: 'won',
} as const satisfies Record<string, AnswerKind>;

/**
 * The reps of the load: one after the other they reject the lead that has waited longest, take another a step on
 * until it is won, and let the agreed time of a third pass.
 */
export class Reps {
  readonly promised: RepsPromised = { rejected: new Set(), won: new Set(), overdue: new Set() };
  readonly #fleet: Fleet;
  readonly #links: Links;
  #turn: Promise<void> = Promise.resolve();

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
    this.#links = new Links(fleet.pages, fleet.env.LOCKSTEP_SECRET ?? '');
  }

  /** The n-th thing that reps do, after those before it. */
  act(n: number): Promise<void> {
    const acts = [() => this.#goOn(), () => this.#reject(), () => this.#goOn(), () => this.#miss()];
    this.#turn = this.#turn.then(acts[n % acts.length]);
    return this.#turn;
  }

  async #reject(): Promise<void> {
    const chosen = await this.#choose('%@file-%', ['assigned']);
    if (chosen === null) return;
    const { escalation } = chosen;
    await this.#say(escalation, { answer: 'rejected', reason: 'no compelling need' });
    this.promised.rejected.add(escalation);
  }

  /** Takes a stranger a step on: whoever is won makes customers of all of their company. */
  async #goOn(): Promise<void> {
    const states = Object.keys(nextAnswer) as Chosen['state'][];
    const chosen = await this.#choose('stranger-%', states);
    if (chosen === null) return;
    const answer = nextAnswer[chosen.state];
    await this.#say(chosen.escalation, {
      answer,
      ...(answer === 'won' ? { amount: '9,000 EUR' } : {}),
    });
    if (answer === 'won') this.promised.won.add(chosen.escalation);
  }

  /** The agreed time to answer passes; the sweep sees that something is due. */
  async #miss(): Promise<void> {
    const chosen = await this.#choose('%@file-%', ['assigned']);
    if (chosen === null) return;
    const { database } = this.#fleet;
    await untilDone(async () => {
      await database.$executeRaw(sql`
        WITH x AS (
          UPDATE escalation SET accept_due_at = created_at, wake_at = now() WHERE id = ${chosen.escalation}::uuid
            AND state = 'assigned' RETURNING lead_id)
        UPDATE lead SET revision = revision + 1, revised_at = now() FROM x WHERE lead.id = x.lead_id`);
      return true;
    });
    this.promised.overdue.add(chosen.escalation);
  }

  /** The escalation that was made first of those that are told and in such a state; no one that was missed. */
  async #choose(address: string, states: readonly string[]): Promise<Chosen | null> {
    const { database } = this.#fleet;
    const missed = [...this.promised.overdue];
    let chosen: Chosen | undefined;
    await untilDone(async () => {
      [chosen] = await database.$queryRaw<Chosen[]>(sql`
        SELECT x.id AS escalation, x.state FROM escalation x JOIN lead l ON l.id = x.lead_id
        WHERE l.address LIKE ${address} AND x.state = ANY(${states}::text[])
          AND x.id <> ALL(${missed}::uuid[])
          AND NOT EXISTS (SELECT FROM assignment a WHERE a.escalation_id = x.id AND a.notified_at IS NULL)
          AND NOT EXISTS (SELECT FROM disposition d WHERE d.escalation_id = x.id AND d.kind IN ('rejected', 'won'))
        ORDER BY x.id LIMIT 1`);
      return true;
    });
    return chosen ?? null;
  }

  /** Says it on the page, again and again until the page has taken it. */
  #say(escalation: string, said: Record<string, string>): Promise<void> {
    const { database, pages } = this.#fleet;
    return untilDone(async () => {
      const { id } = await database.assignment.findFirstOrThrow({
        where: { escalationId: escalation },
        orderBy: { n: 'desc' },
      });
      const link = this.#links.escalation(id as AssignmentId, instant(Date.now()));
      const form = 'application/x-www-form-urlencoded';
      const body = new URLSearchParams(said).toString();
      return post(this.#fleet, `${pages}${new URL(link).pathname}`, form, body);
    });
  }
}

/** @returns whether it was answered with success */
export async function post(
  fleet: Fleet,
  url: string,
  type: string,
  body: string,
): Promise<boolean> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': type,
      authorization: `Bearer ${fleet.env.LOCKSTEP_API_KEY}`,
      connection: 'close',
    },
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(20_000),
  });
  await response.arrayBuffer();
  return response.status < 400;
}

export async function untilDone(work: () => Promise<boolean>): Promise<void> {
  while (!(await work().catch(() => false))) await sleep(againMs);
}
