import type { Instant } from '../../instant.ts';
import type { OutcomeKind } from '../../outcome/outcome.ts';
import { shareOf, type Share } from '../../review/intervals.ts';
import {
  isWanted,
  outcomesInOrder,
  type KnownOutcome,
  type LeadHistory,
} from '../replay/history.ts';

/** Leads with an outcome in the period, and how many of them each version handed over before it. */
export interface Reached {
  leads: number;
  active: Share;
  draft: Share;
}

/** The leads that a version hands over within the period, by what is known of them since. */
export interface HandedOver {
  leads: number;
  /** Accepted, qualified or won, by the last word on them. */
  wanted: number;
  /** Rejected or lost. */
  unwanted: number;
  /** Nothing is known of them yet: neither one nor the other. */
  pending: number;
  /** Wanted of those of which something is known. */
  share: Share;
}

/** What the versions would have caught, missed, and handed over in vain. */
export interface ForecastOutcomes {
  byKind: (Reached & { kind: OutcomeKind; wanted: boolean })[];
  /** By the last word on each lead. */
  wanted: Reached;
  unwanted: Reached;
  handedOver: Record<Version, HandedOver>;
}

type Version = 'active' | 'draft';
type Tally = Record<Version | 'leads', number>;

/** Adds up, lead by lead, what came of those that were handed over, and of those that were not. */
export class Outcomes {
  readonly #period: { from: Instant; to: Instant };
  readonly #kinds = new Map<OutcomeKind, Tally>(outcomesInOrder.map(kind => [kind, none()]));
  readonly #wanted = none();
  readonly #unwanted = none();
  readonly #handedOver = { active: nobody(), draft: nobody() };

  constructor(period: { from: Instant; to: Instant }) {
    this.#period = period;
  }

  /** @param escalations when each version handed the lead over, also before the period */
  add(lead: LeadHistory, escalations: Record<Version, readonly Instant[]>): void {
    const within = lead.outcomes.filter(({ at }) => this.#isWithin(at));
    const last = within.at(-1);
    if (last !== undefined)
      this.#reach(isWanted(last.kind) ? this.#wanted : this.#unwanted, last, escalations);
    for (const [kind, tally] of this.#kinds) {
      const lastOfKind = within.findLast(outcome => outcome.kind === kind);
      if (lastOfKind !== undefined) this.#reach(tally, lastOfKind, escalations);
    }
    for (const version of ['active', 'draft'] as const) {
      const first = escalations[version].find(at => this.#isWithin(at));
      if (first === undefined) continue;
      const handed = this.#handedOver[version];
      handed.leads += 1;
      // An answer that a lead was given before is no answer to this.
      if (last === undefined || last.at < first) handed.pending += 1;
      else if (isWanted(last.kind)) handed.wanted += 1;
      else handed.unwanted += 1;
    }
  }

  result(): ForecastOutcomes {
    return {
      byKind: [...this.#kinds]
        .filter(([, { leads }]) => leads > 0)
        .map(([kind, tally]) => ({ kind, wanted: isWanted(kind), ...reached(tally) })),
      wanted: reached(this.#wanted),
      unwanted: reached(this.#unwanted),
      handedOver: {
        active: withShare(this.#handedOver.active),
        draft: withShare(this.#handedOver.draft),
      },
    };
  }

  #reach(
    tally: Tally,
    { at }: KnownOutcome,
    escalations: Record<Version, readonly Instant[]>,
  ): void {
    tally.leads += 1;
    if (escalations.active.some(escalation => escalation <= at)) tally.active += 1;
    if (escalations.draft.some(escalation => escalation <= at)) tally.draft += 1;
  }

  #isWithin(at: Instant): boolean {
    return at >= this.#period.from && at <= this.#period.to;
  }
}

function none(): Tally {
  return { leads: 0, active: 0, draft: 0 };
}

function nobody(): Omit<HandedOver, 'share'> {
  return { leads: 0, wanted: 0, unwanted: 0, pending: 0 };
}

function reached({ leads, active, draft }: Tally): Reached {
  return { leads, active: shareOf(active, leads), draft: shareOf(draft, leads) };
}

function withShare(handed: Omit<HandedOver, 'share'>): HandedOver {
  return { ...handed, share: shareOf(handed.wanted, handed.wanted + handed.unwanted) };
}
