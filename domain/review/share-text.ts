import type { Share } from './intervals.ts';

/** `12 of 30: 40 % (25–58)`; without any, a dash. */
export function shareInWords({ count, of, rate, low, high }: Share): string {
  if (rate === null || low === null || high === null) return '–';
  const part = `${count.toLocaleString('en')} of ${of.toLocaleString('en')}`;
  return `${part}: ${percent(rate)} % (${percent(low)}–${percent(high)})`;
}

/** A rate from 0 to 1 as whole percents. */
export function percent(rate: number): number {
  return Math.round(rate * 100);
}
