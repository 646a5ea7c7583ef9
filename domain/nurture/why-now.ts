import type { Difference } from '../agreement/difference.ts';
import { foretell, summarize, tellDifference, tellLifts } from '../agreement/explain.ts';
import type { Lifts } from '../agreement/lift.ts';
import type { GradeChange } from '../agreement/next-change.ts';
import type { Score, Worth } from '../agreement/score.ts';
import { hundredths } from '../hundredths.ts';
import { causeInWords, type Cause } from './cause.ts';

/** What a rep is to know of a crossing. */
export interface Crossing {
  cause: Cause;
  /** The score that the crossing rests on. */
  score: Score;
  /** The version of the agreement that it was made under. */
  version: number;
  /** The score before, if there was one, by its version. */
  before: { version: number } | null;
  /** What made it another than the one before. */
  difference: Difference;
}

/** What a lead is worth as it is told of, and what may become of it. */
export interface Outlook {
  now: Worth;
  /** What the grade becomes if nothing happens. */
  change: GradeChange | null;
  lifts: Lifts;
}

/**
 * Why a lead is with sales now, in four sentences: what it crossed, because of what, when that ends if nothing
 * happens, and what would lift it further.
 */
export function whyNow(
  { cause, score, version, before, difference }: Crossing,
  { now, change, lifts }: Outlook,
  zone: string,
): string[] {
  const isAnew = before !== null && before.version !== version;
  const because = tellDifference(difference, 'up', { at: score.at, isAnew });
  return [
    `${causeInWords[cause]} ${summarize(score)}.`,
    ...(because === null ? [] : [`${score.grade} because of ${because}.`]),
    tellOutlook({ now, change }, zone),
    tellLifts(lifts, now),
  ];
}

/** Why a lead went to sales, in one line: `Asked for sales: demo form (+50)`. What it did says more than what it is. */
export function whyInALine({ cause, score, version, before, difference }: Crossing): string {
  const isAnew = before !== null && before.version !== version;
  const did = difference.lines.filter(({ line, gained }) => line.axis !== 'fit' && gained > 0);
  const told = did.length > 0 ? { lines: did, faded: hundredths(0) } : difference;
  const because = tellDifference(told, 'up', { at: null, isAnew });
  return `${causeInWords[cause]} ${because ?? summarize(score)}`;
}

/** `Now B: falls to C on 3 Dec 2026, 14:05 if nothing happens.` */
export function tellOutlook({ now, change }: Omit<Outlook, 'lifts'>, zone: string): string {
  return change === null
    ? `Now ${now.grade}, and stays so if nothing happens.`
    : `Now ${now.grade}; ${foretell(change, now.grade, zone)}.`;
}
