import * as Plot from '@observablehq/plot';
import type { Week } from '../../days.ts';
import { draw, widths, type Width } from '../../../../charts/chart.ts';

/** Escalations of each week as bars, what the reps can take as a line. */
export function weeksChart(weeks: readonly Week[], width: Width): string {
  const name = ({ week }: Week) => week.slice(5);
  const isOver = ({ escalations, capacity }: Week) => capacity !== null && escalations > capacity;
  const over = weeks.filter(isOver).length;
  return draw({
    width,
    height: 240,
    ariaLabel: `Escalations by week; ${over} of ${weeks.length} weeks are over capacity.`,
    // Weeks stay in their order, also over the turn of a year.
    x: {
      ...{ label: null, type: 'band', domain: weeks.map(name), padding: 0.25 },
      tickRotate: width / weeks.length < widths.narrow / 8 ? -45 : 0,
    },
    y: { label: 'escalations', grid: true, nice: true },
    marks: [
      Plot.barY(weeks, {
        x: name,
        y: 'escalations',
        fill: (week: Week) => (isOver(week) ? 'var(--over)' : 'var(--stage-escalated)'),
      }),
      Plot.text(weeks, { x: name, y: 'escalations', text: 'escalations', dy: -8 }),
      Plot.tickY(
        weeks.filter(({ capacity }) => capacity !== null),
        { x: name, y: 'capacity', stroke: 'var(--capacity)', strokeWidth: 2.5 },
      ),
      Plot.ruleY([0]),
    ],
  });
}
