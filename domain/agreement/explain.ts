import { DateTime } from 'luxon';
import { formatPoints } from '../hundredths.ts';
import { day, hour, minute, type Instant } from '../instant.ts';
import type { GradeChange } from './next-change.ts';
import type { Score, ScoreLine } from './score.ts';

/** One line of an explanation in words; the `points` of all lines add up to fit plus engagement. */
export interface ExplainedLine {
  axis: 'fit' | 'engagement';
  what: string;
  how: string;
  /** As people read them, such as `31.2`. */
  points: string;
}

/** The lines of a score in words. Lines worth nothing are kept: they say what was looked at. */
export function explainScore({ lines, at }: Pick<Score, 'lines' | 'at'>): ExplainedLine[] {
  return lines.map(line => ({
    axis: line.axis,
    what: whatOf(line),
    how: howOf(line, at),
    points: formatPoints(line.points),
  }));
}

function whatOf(line: ScoreLine): string {
  if (line.axis === 'fit') return line.rule;
  if (line.rule === 'cap') return `most that ${line.group ?? ''} can give`;
  return line.rule === 'limit' ? 'most and least there is' : line.rule;
}

function howOf(line: ScoreLine, at: Instant): string {
  if (line.axis === 'fit') {
    const share = `${formatPoints(line.share)} % of fit`;
    return line.missing ? `not known, counts ${line.raw} × ${share}` : `${line.raw} × ${share}`;
  }
  if (line.at === null) return `${line.raw} at most`;
  return `${line.raw} when it happened, ${ago(at - line.at)}`;
}

/** `B: fit 62 (band B), engagement 31.2 (band 3)`. */
export function summarize({ grade, bands, fit, engagement }: Score): string {
  return `${grade}: fit ${formatPoints(fit)} (band ${bands.fit}), engagement ${formatPoints(engagement)} (band ${bands.engagement})`;
}

/** `falls to C on 3 Dec 2026, 14:05 if nothing happens`. */
export function foretell(change: GradeChange, from: string, zone: string): string {
  const moment = DateTime.fromMillis(change.at, { zone }).toFormat('d LLL yyyy, HH:mm');
  return `${change.to > from ? 'falls' : 'rises'} to ${change.to} on ${moment} if nothing happens`;
}

/** `3 days ago`, in the largest unit that says something. */
function ago(milliseconds: number): string {
  for (const [name, size] of [
    ['day', day],
    ['hour', hour],
    ['minute', minute],
  ] as const) {
    const count = Math.floor(milliseconds / size);
    if (count >= 1) return `${count} ${name}${count === 1 ? '' : 's'} ago`;
  }
  return 'just now';
}
