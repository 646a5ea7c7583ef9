import { normalProbability } from './intervals.ts';

/** Below this probability the shares are not those of chance: the threshold that is usual for this check. */
const threshold = 0.001;

/** Whether variants fell to leads in the shares that their weights say. */
export interface SampleRatio {
  /** The probability that chance alone would lead so far away from the weights, or farther. */
  p: number;
  isOff: boolean;
  /** As many as each would have by its weight, in order. */
  expected: number[];
}

/**
 * Checks the numbers of leads of each variant against the weights by Pearson's chi-square test: where they do not
 * fit, something decides who is counted beside chance, and no comparison of the variants can be trusted.
 *
 * Source: K. Pearson, Philosophical Magazine 50 (1900) 157–175; A. Fabijan et al., Diagnosing sample ratio mismatch
 * in online controlled experiments, KDD 2019, for the check and its threshold of one in a thousand.
 */
export function sampleRatio(ways: readonly { exposed: number; weight: number }[]): SampleRatio {
  const sum = (of: 'exposed' | 'weight') => ways.reduce((total, way) => total + way[of], 0);
  const expected = ways.map(({ weight }) => (sum('exposed') * weight) / sum('weight'));
  const square = ways.reduce((total, { exposed }, index) => {
    const wanted = expected[index] ?? 0;
    return wanted === 0 ? total : total + (exposed - wanted) ** 2 / wanted;
  }, 0);
  const p = chiSquareTail(square, ways.length - 1);
  return { p, isOff: p < threshold, expected };
}

/**
 * The probability that a chi-square variable is above `x`, by its finite sums (Abramowitz and Stegun 26.4.4 and
 * 26.4.5).
 * @param degrees of freedom, at least 1
 */
function chiSquareTail(x: number, degrees: number): number {
  const root = Math.sqrt(x);
  // Beyond eight standard errors nothing is left, and the series of the normal distribution ends there.
  if (root > 8 + degrees) return 0;
  const isOdd = degrees % 2 === 1;
  let term = isOdd ? root : 1;
  let sum = 0;
  for (let k = isOdd ? 1 : 0; k < degrees - 1; k += 2) {
    sum += term;
    term *= x / (k + 2);
  }
  if (!isOdd) return Math.exp(-x / 2) * sum;
  const density = Math.exp(-x / 2) / Math.sqrt(2 * Math.PI);
  return 2 * (1 - normalProbability(Math.min(root, 8))) + 2 * density * sum;
}
