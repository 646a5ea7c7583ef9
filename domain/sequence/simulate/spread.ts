/** A figure over all runs: its mean, and the bounds within which it was in nine runs of ten. */
export interface Spread {
  mean: number;
  /** The 5 % quantile over the runs. */
  low: number;
  /** The 95 % quantile. */
  high: number;
}

/**
 * A figure that came to these values, one for each run. Quantiles are values that occurred; between two of them it
 * is the outer one, so that the interval is rather too wide than too narrow.
 * @throws RangeError when there is no value
 */
export function spreadOver(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError('Of no runs nothing can be said.');
  const sorted = values.toSorted((a, b) => a - b);
  const last = sorted.length - 1;
  return {
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    low: sorted[Math.floor(0.05 * last)] ?? 0,
    high: sorted[Math.ceil(0.95 * last)] ?? 0,
  };
}
