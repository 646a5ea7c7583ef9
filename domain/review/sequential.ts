import type { Share } from './intervals.ts';

/** The two-sided error that all comparisons of a test may have together, over its whole life. */
export const alpha = 0.05;

/**
 * At how many leads (of both together, as `pairsOf` counts them) the prior of the effect is as wide as what is not sure
 * of the difference. The boundary is closest at some eight times as many: 400, which is 800 leads in each of two.
 */
const priorPairs = 50;

/** How one share differs from another, and how sure that is at any look. */
export interface Difference {
  /** The one rate less the other, from −1 to 1. */
  difference: number;
  /**
   * The bounds of the confidence sequence: with the probability asked for the true difference lies between them at
   * every look that is ever taken, and not at one alone.
   */
  low: number;
  high: number;
  /** The always-valid p-value of this look: at most α with probability at most α, whenever it is looked at. */
  p: number;
}

/**
 * The difference of two shares, by a test that may be looked at after every lead and be stopped at any of them: the
 * mixture sequential probability ratio test, whose likelihood ratio is averaged over a normal prior of the effect.
 *
 * With z = (p₁ − p₂) / s, n = n₁n₂ / (n₁ + n₂) and r = n / 50:
 *
 *     Λ = (1 + r)^−½ · exp(z² · r / (2 (1 + r)))                     p = min(1, 1 / Λ)
 *     p₁ − p₂ ± s · √(2 (1 + r) / r · (ln(1 / α) + ½ ln(1 + r)))
 *
 * While there is no difference Λ is a martingale that begins at 1, so that it ever comes to 1 / α with probability α at
 * most (Ville's inequality); each look is valid, and so are all of them. s is the larger of the standard errors that take
 * the rates for the same and for different. It is a test for large numbers: `isReady` says when they are.
 *
 * Source: H. Robbins, Statistical methods related to the law of the iterated logarithm, Annals of Mathematical Statistics
 * 41 (1970) 1397–1409; R. Johari, P. Koomen, L. Pekelis, D. Walsh, Always valid inference: continuous monitoring of A/B
 * tests, Operations Research 70 (2022) 1806–1821, for two streams of yes and no; S. R. Howard, A. Ramdas, J. McAuliffe,
 * J. Sekhon, Time-uniform, nonparametric, nonasymptotic confidence sequences, Annals of Statistics 49 (2021) 1055–1080,
 * for the normal mixture as an interval.
 * @param level above 0 and below 1: α, or this comparison's part of it (`levelOf`)
 * @returns null while either share is of nothing
 */
export function differenceOf(one: Share, other: Share, level = alpha): Difference | null {
  if (one.rate === null || other.rate === null) return null;
  const difference = one.rate - other.rate;
  const error = standardError(one, other);
  if (error === 0) return { difference, low: -1, high: 1, p: 1 };
  const ratio = pairsOf(one, other) / priorPairs;
  const reach = boundary(ratio, level) * error;
  const z = difference / error;
  const likelihood = Math.exp((z * z * ratio) / (2 * (1 + ratio))) / Math.sqrt(1 + ratio);
  return {
    difference,
    low: Math.max(-1, difference - reach),
    high: Math.min(1, difference + reach),
    p: Math.min(1, 1 / likelihood),
  };
}

/** The part of the error that each of so many comparisons may have (Bonferroni's correction). */
export function levelOf(comparisons: number): number {
  return alpha / Math.max(1, comparisons);
}

/** Of fewer successes, in both together, the normal distribution says too little. */
const fewestSuccesses = 20;

/** Whether there is enough to call one share higher than the other. */
export function isReady(one: Share, other: Share): boolean {
  const [successes, failures] = [
    one.count + other.count,
    one.of + other.of - one.count - other.count,
  ];
  return Math.min(successes, failures) >= fewestSuccesses && Math.min(one.of, other.of) > 0;
}

/** More leads than this are no forecast any more. */
const mostLeads = 1_000_000;

/**
 * How many more leads it takes, in both together and in the proportion in which they come, until the one share would be
 * found higher or lower, if both rates stay as they are. Half of the tests that are so need fewer, and half more.
 * @returns null when that is more than a million, as it is where the rates are the same; 0 when it is found
 */
export function leadsNeeded(one: Share, other: Share, level = alpha): number | null {
  if (one.rate === null || other.rate === null) return null;
  const [z, ratio] = [
    Math.abs(one.rate - other.rate) / standardError(one, other),
    pairsOf(one, other) / priorPairs,
  ];
  const now = one.of + other.of;
  const successes = Math.min(one.count + other.count, now - one.count - other.count);
  const isFoundAt = (times: number) =>
    z * Math.sqrt(times) >= boundary(ratio * times, level) && successes * times >= fewestSuccesses;
  if (!(z > 0)) return null;
  if (isFoundAt(1)) return 0;
  let [low, high] = [1, 2];
  while (!isFoundAt(high)) {
    if (high * now > mostLeads) return null;
    [low, high] = [high, high * 2];
  }
  for (let step = 0; step < 30; step++) {
    const middle = (low + high) / 2;
    if (isFoundAt(middle)) high = middle;
    else low = middle;
  }
  return Math.ceil((high - 1) * now);
}

/** How many standard errors a difference must be away from 0 to be called one. */
function boundary(ratio: number, level: number): number {
  return Math.sqrt(((2 * (1 + ratio)) / ratio) * (Math.log(1 / level) + Math.log(1 + ratio) / 2));
}

/** As many as there would be in each of two equal groups that say as much, halved. */
function pairsOf(one: Share, other: Share): number {
  return (one.of * other.of) / (one.of + other.of);
}

function standardError(one: Share, other: Share): number {
  const all = (one.count + other.count) / (one.of + other.of);
  const variance = (rate: number) => rate * (1 - rate);
  const same = variance(all) * (1 / one.of + 1 / other.of);
  const apart = variance(one.rate ?? 0) / one.of + variance(other.rate ?? 0) / other.of;
  return Math.sqrt(Math.max(same, apart));
}
