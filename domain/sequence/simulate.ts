import type { Agreement } from '../agreement/agreement.ts';
import { lookbackOf } from '../agreement/lookback.ts';
import { calendarWeeks, type CalendarWeek } from '../calendar/calendar-weeks.ts';
import { Commonest } from '../commonest.ts';
import { day, plus, type Instant } from '../instant.ts';
import { pinned } from '../nurture/decide.ts';
import type { Facts } from '../nurture/facts.ts';
import { seedOf } from '../random.ts';
import type { Rules } from './plan.ts';
import type { Behavior } from './simulate/behavior.ts';
import { Conduct, Manners } from './simulate/conduct.ts';
import { Course, type Play } from './simulate/course.ts';
import { startOf, type Start } from './simulate/start.ts';
import { summaryOf, type Simulation } from './simulate/summary.ts';
import { Delays, Tally } from './simulate/tally.ts';

/** What is simulated, and how. */
export interface SimulationOptions {
  sequence: string;
  /** What the plan is called: `draft`, or a version such as `v3`. */
  version: string;
  rules: Rules;
  agreement: Agreement;
  /** What the agreement is called. */
  agreed: string;
  behavior: Behavior;
  /** What the leads are called: a file, or a segment. */
  from: string;
  leads: readonly Facts[];
  begin: Instant;
  /** How long is looked, from 1. */
  days: number;
  seed: number;
  clickHoldMs: number;
  /** Sequences that a lead can go on in. */
  published: ReadonlySet<string>;
}

/** After so many leads it is said how far a run is. */
const often = 250;

/** Lead-days that are worth simulating where nobody says how many runs there should be. */
const worthwhile = 4_500_000;

/** As many runs as fit: at least as many as an interval takes, and no more than change it. */
export function usualRuns(leads: number, days: number): number {
  return Math.min(1_000, Math.max(20, Math.round(worthwhile / Math.max(1, leads * days))));
}

/**
 * What would happen to leads like these in a sequence. It decides by what decides for real leads, and draws what the
 * leads do, anew in each run. The same options give the same, whatever the machine.
 */
export class Simulator {
  readonly #options: SimulationOptions;
  readonly #starts: readonly Start[];
  readonly #play: Play;
  readonly #manners: Manners;
  readonly #weeks: readonly CalendarWeek[];
  readonly #delays = new Delays();
  readonly #tallies: Tally[] = [];

  constructor(options: SimulationOptions) {
    const { sequence, rules, agreement, leads, begin, days } = options;
    const to = plus(begin, days * day);
    this.#options = options;
    this.#starts = leads.map(lead => startOf(lead, sequence, agreement, begin));
    this.#manners = new Manners(options.behavior);
    this.#weeks = calendarWeeks(begin, to, agreement.working_hours.zone);
    this.#play = {
      ...{ agreement, to, published: options.published, clickHoldMs: options.clickHoldMs },
      pinned: pinned({ name: sequence, content: rules }),
      lookback: lookbackOf(agreement),
    };
  }

  /** Leads that begin: how much there is to do in each run. */
  get leads(): number {
    return this.#starts.filter(({ kind }) => kind === 'begins').length;
  }

  /**
   * Goes once through the period with every lead.
   * @param onProgress is told now and then how many leads are done in this run
   */
  run(onProgress: (leads: number) => void = () => undefined): void {
    const { rules, seed } = this.#options;
    const tally = new Tally(this.#weeks, rules.plan.length, this.#delays);
    const run = this.#tallies.push(tally);
    for (const [index, start] of this.#starts.entries()) {
      if (start.kind !== 'begins') continue;
      const conduct = new Conduct(this.#manners, seedOf(seed, run, index), start.at);
      new Course(this.#play, start.facts, conduct, tally).run(start.at);
      if (index % often === 0) onProgress(index);
    }
  }

  /** What the runs so far came to. @throws RangeError before the first */
  result(): Simulation {
    const { sequence, version, rules, agreement, agreed, behavior, from, begin, days, seed } =
      this.#options;
    const reasons = new Commonest(100);
    for (const start of this.#starts) if (start.kind === 'not') reasons.add(start.why);
    return summaryOf(
      {
        ...{ v: 1, sequence, version, agreement: agreed, leadsFrom: from },
        ...{ from: begin, to: this.#play.to, days, zone: agreement.working_hours.zone },
        ...{ runs: this.#tallies.length, seed, leads: this.#starts.length, begin: this.leads },
        notBegun: reasons.top(100).map(({ value: why, count: leads }) => ({ why, leads })),
        behavior,
      },
      rules.plan,
      this.#weeks,
      this.#tallies,
      this.#delays,
    );
  }
}
