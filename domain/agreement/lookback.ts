import type { Agreement } from './agreement.ts';

/** How far back what a lead did may matter, in milliseconds: the longest window of points and segments. */
export function lookbackOf({
  engagement,
  segments,
}: Pick<Agreement, 'engagement' | 'segments'>): number {
  return Math.max(
    ...Object.values(engagement).map(({ window }) => window),
    ...segments.flatMap(({ when }) => (when?.engaged === undefined ? [] : [when.engaged.within])),
  );
}
