import { hundredths, type Hundredths } from '../hundredths.ts';
import { compiled } from './compile.ts';
import type { EngagementLine } from './engagement.ts';
import type { AgreementDocument } from './schema.ts';
import type { Score, ScoreLine } from './score.ts';

/** What made a score another than the one before it. */
export interface Difference {
  /** New events and changed fields, with what each gave or took, after caps; most first. */
  lines: { line: ScoreLine; gained: Hundredths }[];
  /** What engagement lost since by points that faded, or won where they had counted against the lead. */
  faded: Hundredths;
}

/**
 * What made the difference between two scores of a lead. Engagement before, what faded, and what each new event
 * gained add up to engagement after, exactly.
 * @param before null for a lead's first score: then everything is new
 * @param agreement what the later score was made under
 */
export function differenceOf(
  before: Score | null,
  after: Score,
  agreement: AgreementDocument,
): Difference {
  const events = after.lines.filter(isEvent);
  const known = new Set(before?.lines.flatMap(line => (isEvent(line) ? line.events : [])));
  const old = events.filter(line => line.events.some(id => known.has(id)));
  const fresh = events
    .filter(line => !old.includes(line))
    .toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0));
  const counted = [...old];
  let engagement = engagementFrom(counted, agreement);
  const faded = hundredths(engagement - (before?.engagement ?? 0));
  const gains = fresh.map(line => {
    counted.push(line);
    const gained = hundredths(engagementFrom(counted, agreement) - engagement);
    engagement = hundredths(engagement + gained);
    return { line, gained };
  });
  return {
    lines: [...fitGains(before, after), ...gains]
      .filter(({ gained }) => gained !== 0)
      .toSorted((a, b) => b.gained - a.gained),
    faded,
  };
}

function fitGains(before: Score | null, after: Score): Difference['lines'] {
  return after.lines.flatMap(line => {
    if (line.axis !== 'fit') return [];
    const was = before?.lines.find(other => other.axis === 'fit' && other.rule === line.rule);
    // What gives the same may stand a hundredth apart, where the sum was rounded.
    if (was?.axis === 'fit' && was.raw === line.raw && was.share === line.share) return [];
    return [{ line, gained: hundredths(line.points - (was?.points ?? 0)) }];
  });
}

function isEvent(line: ScoreLine): line is EngagementLine {
  return line.axis === 'engagement' && line.at !== null;
}

/** Engagement by some of its lines alone. */
function engagementFrom(
  lines: readonly EngagementLine[],
  agreement: AgreementDocument,
): Hundredths {
  const total = compiled(agreement).groups.reduce((sum, { name, most }) => {
    const mine = lines.filter(({ group }) => group === name);
    return sum + Math.min(mine.reduce((points, line) => points + line.points, 0), most);
  }, 0);
  return hundredths(Math.min(Math.max(total, 0), 10_000));
}
