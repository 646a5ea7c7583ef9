import type { Instant } from '../instant.ts';

/** A time in which a person gets nothing new: from `from`, up to but without `until`. */
export interface TimeOff {
  from: Instant;
  until: Instant;
}

/**
 * A time off among those that are known. One that begins within another corrects it: its end is when they are back.
 * Those that begin within it go on as long as they were planned. What touches becomes one.
 * @param known of the same person, none of which overlap
 * @returns the time as it is then, and those of the known that it takes the place of
 */
export function withTimeOff(
  given: TimeOff,
  known: readonly TimeOff[],
): { time: TimeOff; replaces: TimeOff[] } {
  let time = given;
  const replaces: TimeOff[] = [];
  for (const each of known.toSorted((a, b) => a.from - b.from)) {
    if (each.until < time.from || each.from > time.until) continue;
    replaces.push(each);
    time =
      each.from <= given.from
        ? { ...time, from: each.from }
        : { ...time, until: Math.max(time.until, each.until) as Instant };
  }
  return { time, replaces };
}
