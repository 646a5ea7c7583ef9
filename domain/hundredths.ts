/**
 * Points are kept in whole hundredths, so that the lines of an explanation add up to the score
 * exactly and two computations of the same facts never differ by a rounding.
 */
export type Hundredths = number & { readonly unit: 'hundredths' };

export function hundredths(count: number): Hundredths {
  return count as Hundredths;
}

/** As people read points: `31.2`, `-3`, `0.05`. */
export function formatPoints(value: number): string {
  return String(value / 100);
}
