import type { Share } from '../domain/review/intervals.ts';

/** `12 of 30, 40 % (25 to 58)`; without any, `none of 0`. */
export function shareInWords({ count, of, rate, low, high }: Share): string {
  if (rate === null || low === null || high === null) return '–';
  return `${count.toLocaleString('en')} of ${of.toLocaleString('en')}, ${percent(rate)} % (${percent(low)} to ${percent(high)})`;
}

/** A rate from 0 to 1 as whole percents. */
export function percent(rate: number): number {
  return Math.round(rate * 100);
}
