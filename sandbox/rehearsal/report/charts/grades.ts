import * as Plot from '@observablehq/plot';
import type { Day } from '../../days.ts';
import { standings } from '../lead-lines.ts';
import { draw, onAxis, type Width } from '../../../../charts/chart.ts';

/** How many leads stand in each grade, over the days. */
export function gradesChart(days: readonly Day[], width: Width): string {
  const points = standings.flatMap(grade =>
    days.map(({ date, grades }) => ({ date: onAxis(date), grade, leads: grades[grade] })),
  );
  const last = days.at(-1)?.grades;
  return draw({
    width,
    height: 280,
    ariaLabel: `Leads by grade over time. At the end: ${standings.map(grade => `${last?.[grade] ?? 0} ${grade}`).join(', ')}.`,
    x: { label: null, type: 'utc' },
    y: { label: 'leads', grid: true },
    marks: [
      Plot.areaY(points, {
        x: 'date',
        y: 'leads',
        z: 'grade',
        fill: ({ grade }: (typeof points)[number]) => `var(--grade-${grade})`,
        order: [...standings],
        curve: 'step-after',
      }),
      Plot.ruleY([0]),
    ],
  });
}
