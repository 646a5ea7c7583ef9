import type { Hundredths } from '../../hundredths.ts';
import type { Instant } from '../../instant.ts';
import type { Agreement } from '../agreement.ts';
import { fitLines } from '../fit.ts';
import type { Grade } from '../grade.ts';
import { Evidence } from '../replay/evidence.ts';
import type { LeadHistory, Timeline } from '../replay/history.ts';
import type { Ruler } from '../replay/ruler.ts';
import { bandsOf, gradeWith } from '../score.ts';

/** Something that leads have in common and the agreement has an opinion on. */
export interface Trait {
  /** `fit.title.60`, `fit.title.missing`, `engagement.web.points.pricing page`, `grade.B` */
  rule: string;
  axis: 'fit' | 'engagement' | 'grade';
  /** The field or the group that it is compared within; empty for grades. */
  within: string;
  /** In words: `title gives 60`. */
  what: string;
  /** What the agreement gives for it; null where it gives nothing of its own. */
  points: number | null;
  /** Where the points stand in the file; null where they cannot be changed by themselves. */
  path: readonly string[] | null;
}

/** Every trait of an agreement, by its rule, in the order in which the agreement names them. */
export function traitsOf(agreement: Agreement): Map<string, Trait> {
  const fit = agreement.fit.criteria.flatMap(({ field, gives }) => {
    const levels = [...new Set(gives.map(({ points }) => points))];
    return [
      ...levels.map(points => ({
        ...{ rule: `fit.${field}.${points}`, what: `${field} gives ${points}`, points },
        path: ['fit', field, 'gives', String(points)],
      })),
      ...(levels.includes(0)
        ? []
        : [{ rule: `fit.${field}.0`, what: `${field} gives nothing`, points: 0, path: null }]),
      { rule: `fit.${field}.missing`, what: `${field} is missing`, points: null, path: null },
    ].map(trait => ({ ...trait, axis: 'fit' as const, within: field }));
  });
  const engagement = Object.entries(agreement.engagement).flatMap(([group, { points }]) =>
    Object.entries(points).map(([name, raw]) => ({
      ...{ rule: `engagement.${group}.points.${name}`, axis: 'engagement' as const },
      ...{ within: group, what: name, points: raw, path: ['engagement', group, 'points', name] },
    })),
  );
  const grades = (['A', 'B', 'C', 'D'] as const).map(grade => ({
    ...{ rule: `grade.${grade}`, axis: 'grade' as const, within: '' },
    ...{ what: `grade ${grade}`, points: null, path: null },
  }));
  return new Map([...fit, ...engagement, ...grades].map(trait => [trait.rule, trait]));
}

/**
 * The traits that a lead had at a moment, by their rules: its fields, what it had done by then that still counted,
 * and its grade. Nothing that happened later is among them.
 * @param ruler of the agreement in force
 */
export function traitsAt(
  lead: LeadHistory,
  ruler: Ruler,
  at: Instant,
  timeline: Timeline,
): string[] {
  const { agreement } = ruler;
  const evidence = new Evidence(ruler, lead, timeline);
  const fit = fitLines(lead.fields, agreement).map(
    ({ rule, raw, missing }) => `fit.${rule}.${missing ? 'missing' : raw}`,
  );
  const counted = evidence.countedAt(at);
  const engagement = new Set(counted.map(({ group, name }) => `engagement.${group}.points.${name}`));
  const escalation = lead.escalations.findLast(other => other.at === at);
  const grade =
    escalation?.grade ?? gradeAt(agreement, evidence.fit, evidence.at(at).engagement);
  return [...fit, ...engagement, `grade.${grade}`];
}

function gradeAt(agreement: Agreement, fit: Hundredths, engagement: Hundredths): Grade {
  return gradeWith(agreement, bandsOf(agreement, fit, engagement, null), false);
}
