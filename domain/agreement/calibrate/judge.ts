import { shareOf, wilson, type Share } from '../../review/intervals.ts';
import type { Trait } from './traits.ts';

/** Fewer leads with a trait than this say nothing about it. */
const fewestLeads = 30;
/** And there must be as many that came so far, and that did not, as this. */
const fewestOfEach = 10;

export type Verdict =
  | 'raise'
  | 'lower'
  /** Better in the eyes of the agreement, and worse in fact. */
  | 'inverted'
  | 'no difference'
  | 'not enough data';

/** What outcomes say about a trait. */
export interface Finding {
  rule: string;
  axis: Trait['axis'];
  what: string;
  points: number | null;
  /** Leads with it that came so far, of those of which it is known. */
  share: Share;
  /** Leads with it of which nothing is known yet. */
  pending: number;
  /** Its rate by that of all; null while either is nothing. */
  lift: number | null;
  verdict: Verdict;
  /** Why, in words. */
  why: string;
  /** What the points may become; null to leave them. */
  proposed: number | null;
}

/** How many leads have a trait, and what became of them. */
export interface Tally {
  converted: number;
  settled: number;
  pending: number;
}

/** One step changes points by at most this factor, up or down: what is thought of next is seen first. */
const mostFactor = 2;

interface Measured {
  trait: Trait;
  tally: Tally;
  share: Share;
  /** The interval by which is decided: wider than that which is shown, because many traits are looked at. */
  strict: { low: number; high: number } | null;
}

/**
 * Judges traits by what became of leads that have them. Points are touched only where at least 30 leads have the
 * trait and the interval of their rate does not hold the rate of all, with the confidence of all comparisons
 * together (Bonferroni). Then they are multiplied by the lift at the end of the interval that is nearest to 1, at
 * most doubled or halved.
 * @param quantile of the interval by which is decided, for as many traits as have enough leads
 */
export function judge(
  traits: readonly { trait: Trait; tally: Tally }[],
  base: Share,
  quantileFor: (comparisons: number) => number,
): Finding[] {
  const isEnough = ({ settled }: Tally) => settled >= fewestLeads;
  const hasBase = base.count >= fewestOfEach && base.of - base.count >= fewestOfEach;
  const compared = traits.filter(({ tally }) => isEnough(tally)).length;
  const quantile = quantileFor(Math.max(1, compared));
  const measured = traits.map(({ trait, tally }) => ({
    ...{ trait, tally, share: shareOf(tally.converted, tally.settled) },
    strict:
      hasBase && isEnough(tally) ? wilson(tally.converted, tally.settled, quantile) : null,
  }));
  return measured.map(one => findingOf(one, measured, base));
}

function findingOf(one: Measured, all: readonly Measured[], base: Share): Finding {
  const { trait, tally, share, strict } = one;
  const { rule, axis, what, points } = trait;
  const lift = share.rate === null || !base.rate ? null : share.rate / base.rate;
  const finding = { rule, axis, what, points, share, pending: tally.pending, lift };
  const none = { ...finding, proposed: null };
  if (strict === null || base.rate === null)
    return { ...none, verdict: 'not enough data', why: shortOf(tally, base) };
  const upside = all.find(other => isUpsideDown(one, other));
  const isBelow = strict.high < base.rate;
  const isAbove = strict.low > base.rate;
  if (!isBelow && !isAbove) {
    if (upside === undefined)
      return { ...none, verdict: 'no difference', why: 'its interval holds the rate of all' };
    return { ...none, verdict: 'inverted', why: `${upside.trait.what} converts better` };
  }
  const factor = isBelow
    ? Math.max(strict.high / base.rate, 1 / mostFactor)
    : Math.min(strict.low / base.rate, mostFactor);
  const gain = points ?? 0;
  const isWrongWay =
    upside !== undefined || (axis === 'engagement' && (isBelow ? gain > 0 : gain < 0));
  const proposed =
    trait.path === null || points === null ? null : changed(trait, points, factor, all);
  const than = `converts ${isBelow ? 'worse' : 'better'} than all`;
  return {
    ...finding,
    verdict: isWrongWay ? 'inverted' : isBelow ? 'lower' : 'raise',
    why: upside === undefined || isAbove ? than : `${than}, and ${upside.trait.what} better`,
    proposed,
  };
}

/** Whether another trait is worth less to the agreement, and converts better beyond doubt. */
function isUpsideDown(one: Measured, other: Measured): boolean {
  if (one.strict === null || other.strict === null || one.strict.high >= other.strict.low)
    return false;
  if (one.trait.axis !== other.trait.axis || one.trait.within !== other.trait.within) return false;
  if (one.trait.axis === 'grade') return one.trait.rule < other.trait.rule;
  return one.trait.axis === 'fit' && (one.trait.points ?? 0) > (other.trait.points ?? 0);
}

/** Whole points that are free: two levels of a field that give the same would be one. */
function changed(
  { axis, within, rule }: Trait,
  points: number,
  factor: number,
  all: readonly Measured[],
): number | null {
  // Less of what is taken away is more: a minus that is wrong shrinks.
  const scaled = points < 0 && factor > 1 ? points / factor : points * factor;
  const limited = Math.max(-100, Math.min(100, Math.round(scaled)));
  const taken = all
    .filter(({ trait }) => axis === 'fit' && trait.within === within && trait.rule !== rule)
    .map(({ trait }) => trait.points);
  const step = Math.sign(points - limited);
  let free = limited;
  while (free !== points && taken.includes(free)) free += step;
  return free === points ? null : free;
}

function shortOf({ settled }: Tally, base: Share): string {
  if (settled < fewestLeads) return `${settled} of the ${fewestLeads} leads that it takes`;
  return `of all leads ${base.count} came so far and ${base.of - base.count} did not; it takes ${fewestOfEach} of each`;
}
