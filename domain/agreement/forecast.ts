import { spreadOf } from '../calendar/send-window.ts';
import { plus, type Instant } from '../instant.ts';
import { asksForSales, type Cause } from '../nurture/cause.ts';
import type { Agreement } from './agreement.ts';
import { noMoves, sumOfMoves, type Moves } from './forecast/moves.ts';
import { notesOf } from './forecast/notes.ts';
import { Outcomes, type ForecastOutcomes } from './forecast/outcomes.ts';
import { RuleEffects, type RuleEffect } from './forecast/rule-changes.ts';
import { ThresholdSearch, type Threshold } from './forecast/threshold.ts';
import { perWeek, Weeks, type ForecastWeek } from './forecast/weeks.ts';
import { lookbackOf } from './lookback.ts';
import { replay, type Replayed, type ReplayPeriod } from './replay.ts';
import { Evidence } from './replay/evidence.ts';
import { beginOf, type LeadHistory, type Timeline } from './replay/history.ts';
import { rulerOf, type Ruler } from './replay/ruler.ts';

/** What a draft would have meant for the past, beside the active version. One plain JSON value. */
export interface Forecast {
  v: 1;
  /** The version in force, by its number. */
  active: number;
  /** What the draft is called: a file, or a version. */
  draft: string;
  from: Instant;
  to: Instant;
  /** By whose clock weeks begin, an IANA name. */
  zone: string;
  timeline: Timeline;
  /** Leads that were known by the end of the period. */
  leads: number;
  /** Leads that did nothing that either version could count. */
  withoutEvents: number;
  moves: Moves;
  better: number;
  worse: number;
  weeks: ForecastWeek[];
  escalations: { active: Handovers; draft: Handovers; real: Handovers };
  /** Escalations that all active reps can take in a week; null where one has no limit, or there is none. */
  capacity: number | null;
  outcomes: ForecastOutcomes;
  /** Null without a capacity to fit. */
  threshold: (Threshold & { of: number }) | null;
  /** Each changed rule alone, those that move most leads first. */
  rules: RuleEffect[];
  notes: string[];
}

/** Leads that are handed to sales in the period; one that comes back is counted again. */
export interface Handovers {
  total: number;
  /** On average. */
  perWeek: number;
  /** Those that asked for it: replies, bookings and raised hands. */
  askedFor: number;
}

export interface ForecastOptions {
  active: { version: number; agreement: Agreement };
  draft: { name: string; agreement: Agreement };
  from: Instant;
  to: Instant;
  timeline: Timeline;
  capacity: number | null;
  /** Leads among which the threshold and the effect of each rule are looked for. */
  sample: number;
  /** How many leads will be added, about. */
  leads: number;
}

type Version = 'active' | 'draft';

/** Takes leads one by one and adds up what the versions make of them; it keeps none. */
export class Forecaster {
  readonly period: ReplayPeriod & { from: Instant };
  readonly #options: ForecastOptions;
  readonly #rulers: Record<Version, Ruler>;
  readonly #moves = noMoves();
  readonly #weeks: Weeks;
  readonly #outcomes: Outcomes;
  readonly #threshold: ThresholdSearch;
  readonly #rules: RuleEffects;
  readonly #counts = { active: counts(), draft: counts(), real: counts() };
  #leads = 0;
  #withoutEvents = 0;
  #sampled = 0;

  constructor(options: ForecastOptions) {
    const { active, draft, from, to, timeline } = options;
    this.#options = options;
    this.period = { since: plus(from, -this.#lookback()), from, to, timeline };
    this.#rulers = { active: rulerOf(active.agreement), draft: rulerOf(draft.agreement) };
    this.#weeks = new Weeks(from, to, draft.agreement.working_hours.zone);
    this.#outcomes = new Outcomes({ from, to });
    this.#threshold = new ThresholdSearch(draft.agreement, this.period);
    this.#rules = new RuleEffects(active.agreement, draft.agreement, this.period);
  }

  /** From when on events matter: what still counted when the replay begins. */
  get eventsSince(): Instant {
    return plus(this.period.since, -this.#lookback());
  }

  add(lead: LeadHistory): void {
    const { period } = this;
    if (beginOf(lead, period.timeline) > period.to) return;
    const evidence = {
      active: new Evidence(this.#rulers.active, lead, period.timeline),
      draft: new Evidence(this.#rulers.draft, lead, period.timeline),
    };
    const active = replay(lead, evidence.active, period);
    const draft = replay(lead, evidence.draft, period);
    if (active === null || draft === null) return;
    this.#leads += 1;
    if (evidence.active.moments(period.to).length === 0) this.#withoutEvents += 1;
    this.#moves[active.grade][draft.grade] += 1;
    this.#count('active', active.escalations);
    this.#count('draft', draft.escalations);
    this.#count('real', lead.escalations);
    const at = ({ escalations }: Replayed) => escalations.map(escalation => escalation.at);
    this.#outcomes.add(lead, { active: at(active), draft: at(draft) });
    if (!this.#isSampled(lead)) return;
    this.#sampled += 1;
    if (this.#options.capacity !== null) this.#threshold.add(lead, evidence.draft);
    this.#rules.add(lead, active.grade);
  }

  result(): Forecast {
    const { active, draft, from, to, timeline, capacity } = this.#options;
    const found =
      capacity === null || this.#sampled === 0
        ? null
        : this.#threshold.result(capacity, this.#leads / this.#sampled);
    const { better, worse } = sumOfMoves(this.#moves);
    const figures = {
      ...{ v: 1 as const, active: active.version, draft: draft.name },
      ...{ from, to, zone: draft.agreement.working_hours.zone, timeline },
      ...{ leads: this.#leads, withoutEvents: this.#withoutEvents },
      ...{ moves: this.#moves, better, worse, weeks: this.#weeks.weeks },
      escalations: {
        active: this.#handovers('active'),
        draft: this.#handovers('draft'),
        real: this.#handovers('real'),
      },
      capacity,
      outcomes: this.#outcomes.result(),
      threshold: found && { ...found, of: this.#sampled },
      rules: this.#rules.result(),
    };
    return { ...figures, notes: notesOf(figures, this.#lookback(), this.#sampled) };
  }

  #count(what: Version | 'real', escalations: readonly { at: Instant; cause: Cause }[]): void {
    for (const { at, cause } of escalations) {
      if (!this.#weeks.count(what, at)) continue;
      this.#counts[what].total += 1;
      if (asksForSales(cause)) this.#counts[what].askedFor += 1;
    }
  }

  #handovers(what: Version | 'real'): Handovers {
    const { total, askedFor } = this.#counts[what];
    return { total, perWeek: perWeek(total, this.period), askedFor };
  }

  /** By its id, so that the same leads are taken again, and none for what they have in common. */
  #isSampled({ id }: LeadHistory): boolean {
    const { leads, sample } = this.#options;
    return leads <= sample || spreadOf(id) < sample / leads;
  }

  #lookback(): number {
    const { active, draft } = this.#options;
    return Math.max(lookbackOf(active.agreement), lookbackOf(draft.agreement));
  }
}

function counts(): Omit<Handovers, 'perWeek'> {
  return { total: 0, askedFor: 0 };
}
