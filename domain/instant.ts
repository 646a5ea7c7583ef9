/** A moment: milliseconds since 1970-01-01T00:00Z. The domain takes moments, it never asks for one. */
export type Instant = number & { readonly unit: 'Instant' };

export function instant(milliseconds: number): Instant {
  return milliseconds as Instant;
}

/** The moment `milliseconds` later (earlier when negative). */
export function plus(at: Instant, milliseconds: number): Instant {
  return (at + milliseconds) as Instant;
}

export function earliest(...moments: (Instant | null)[]): Instant | null {
  const known = moments.filter(moment => moment !== null);
  return known.length === 0 ? null : (Math.min(...known) as Instant);
}

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

const units: Readonly<Record<string, number>> = {
  s: second,
  second,
  m: minute,
  min: minute,
  minute,
  h: hour,
  hour,
  d: day,
  day,
  w: 7 * day,
  week: 7 * day,
};

/**
 * Reads a duration as people write it: `30d`, `4 days`, `90 minutes`, `2 weeks`.
 * @returns milliseconds, or null when it is none
 */
export function parseDuration(text: string): number | null {
  const match = /^(\d{1,5}) ?([a-z]+)$/.exec(text.trim().toLowerCase());
  const [, count, word] = match ?? [];
  if (count === undefined || word === undefined) return null;
  const unit = units[word] ?? units[word.replace(/s$/, '')];
  return unit === undefined ? null : Number(count) * unit;
}
