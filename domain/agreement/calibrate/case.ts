import type { Instant } from '../../instant.ts';
import type { OutcomeKind } from '../../outcome/outcome.ts';
import type { LeadHistory } from '../replay/history.ts';

/** What is asked of a lead: whether it came this far. */
export const targets = ['accepted', 'qualified', 'won'] as const;
export type Target = (typeof targets)[number];

/** Outcomes that say that a lead came so far: who won was accepted. */
const reaches: Readonly<Record<Target, readonly OutcomeKind[]>> = {
  accepted: ['accepted', 'qualified', 'won'],
  qualified: ['qualified', 'won'],
  won: ['won'],
};

/** One lead, and what became of it. */
export interface Case {
  /** When it went to sales, or its first outcome was known: what it did later is no reason for that. */
  moment: Instant;
  /** Null while nothing is known. */
  converted: boolean | null;
  /** Milliseconds from going to sales to coming so far; null where either is not known. */
  took: number | null;
}

/**
 * What a lead tells about its target. Each counts once: by its first success, else by its last refusal, else by its
 * last escalation, of which nothing is known yet.
 * @returns null for a lead that sales never had and of which nothing is known
 */
export function caseOf({ escalations, outcomes }: LeadHistory, target: Target): Case | null {
  const lastBefore = (at: Instant) => escalations.findLast(escalation => escalation.at <= at)?.at;
  const success = outcomes.find(({ kind }) => reaches[target].includes(kind));
  if (success !== undefined) {
    const begin = lastBefore(success.at);
    const moment = begin ?? outcomes[0]?.at ?? success.at;
    return { moment, converted: true, took: begin === undefined ? null : success.at - begin };
  }
  const refusal = outcomes.findLast(({ kind }) => kind === 'rejected' || kind === 'lost');
  if (refusal !== undefined) {
    const moment = lastBefore(refusal.at) ?? outcomes[0]?.at ?? refusal.at;
    return { moment, converted: false, took: null };
  }
  const moment = escalations.at(-1)?.at ?? outcomes[0]?.at;
  return moment === undefined ? null : { moment, converted: null, took: null };
}

/** Successes that it takes to know how long one takes. */
const fewestTimes = 10;

/**
 * How long to wait before silence is a no: the 90th percentile of the times that successes took (nearest rank), in
 * milliseconds; null while too few are known.
 */
export function patienceOf(cases: readonly Case[]): number | null {
  const times = cases
    .map(({ took }) => took)
    .filter(took => took !== null)
    .sort((a, b) => a - b);
  if (times.length < fewestTimes) return null;
  return times[Math.ceil(times.length * 0.9) - 1] ?? null;
}

/**
 * Whether a lead came so far, once it is known. Silence is a no only when it has lasted longer than nine of ten
 * successes took; of acceptance it never is, because a rep who does not answer says nothing about the lead.
 */
export function resultOf(
  { converted, moment }: Case,
  target: Target,
  patience: number | null,
  at: Instant,
): boolean | null {
  if (converted !== null || target === 'accepted' || patience === null) return converted;
  return at - moment > patience ? false : null;
}
