/** A share of a whole, and how sure it is; rates from 0 to 1, null while there is nothing to divide by. */
export interface Share {
  count: number;
  of: number;
  rate: number | null;
  /** The 95 % interval of the rate: the bounds that the true one lies between in 19 of 20 cases. */
  low: number | null;
  high: number | null;
}

/** The standard normal quantile of a two-sided 95 % interval. */
const z95 = 1.959963984540054;

/**
 * Wilson's score interval of a share: it holds for few cases and for rates near 0 and 1, where the textbook
 * interval (rate ± z·standard error) does not.
 *
 * Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927)
 * 209–212; recommended for small samples by Brown, Cai and DasGupta, Statistical Science 16 (2001) 101–133.
 * @param count from 0 to `of`
 * @param z the standard normal quantile, 1.96 for 95 %
 * @throws RangeError when `of` is not positive, or `count` is not between 0 and it
 */
export function wilson(count: number, of: number, z = z95): { low: number; high: number } {
  if (!(of > 0) || !(count >= 0 && count <= of))
    throw new RangeError(`${count} of ${of} is no share.`);
  const rate = count / of;
  const square = z * z;
  const center = rate + square / (2 * of);
  const spread = z * Math.sqrt((rate * (1 - rate)) / of + square / (4 * of * of));
  const scale = 1 + square / of;
  // At the ends the bound is the end itself; computed it would be off by a rounding.
  return {
    low: count === 0 ? 0 : (center - spread) / scale,
    high: count === of ? 1 : (center + spread) / scale,
  };
}

/** A share with its 95 % interval. */
export function shareOf(count: number, of: number): Share {
  if (of === 0) return { count, of, rate: null, low: null, high: null };
  return { count, of, rate: count / of, ...wilson(count, of) };
}

/**
 * By how much one share is higher than another at least: the lower bound of the 95 % interval of their difference,
 * from −1 to 1; null while either is of nothing. Above 0, the one share's own interval lies above the other share,
 * and what is not sure of the other is in it too.
 *
 * Source: R. G. Newcombe, Interval estimation for the difference between independent proportions: comparison of
 * eleven methods, Statistics in Medicine 17 (1998) 873–890, method 10: made of both shares' Wilson intervals.
 */
export function leastDifference(one: Share, other: Share): number | null {
  if (one.rate === null || one.low === null || other.rate === null || other.high === null)
    return null;
  return one.rate - other.rate - Math.hypot(one.rate - one.low, other.high - other.rate);
}

/**
 * The quantile that a two-sided interval needs so that, of so many intervals, none misses the truth in 19 of 20
 * cases: 95 % for all of them together. (Bonferroni's correction; O. J. Dunn, JASA 56 (1961) 52–64.)
 * @param comparisons at least 1
 */
export function strictQuantile(comparisons: number): number {
  return normalQuantile(1 - 0.05 / (2 * comparisons));
}

/**
 * The standard normal quantile for a probability above one half, by halving: exact to about 1e-10, for the
 * probabilities up to 1 − 1e-7 that are asked for here.
 */
function normalQuantile(probability: number): number {
  let [low, high] = [0, 8];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (normalProbability(middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * The standard normal distribution function at `x` ≥ 0, by its series
 * ½ + φ(x)·Σ x^(2k+1)/(1·3·5…(2k+1)) (Abramowitz and Stegun 26.2.11).
 */
export function normalProbability(x: number): number {
  let term = x;
  let sum = x;
  for (let k = 1; k < 200; k++) {
    term *= (x * x) / (2 * k + 1);
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}
