import * as Plot from '@observablehq/plot';
import { stages, type FunnelDay } from '../../funnel.ts';
import { draw, onAxis, type Width } from '../../../../charts/chart.ts';

/** How many leads have come to each stage, over the days. */
export function funnelChart(funnel: readonly FunnelDay[], width: Width): string {
  const points = stages.flatMap(stage =>
    funnel.map(day => ({ date: onAxis(day.date), stage, leads: day[stage] })),
  );
  const last = funnel.at(-1);
  return draw({
    width,
    height: 280,
    ariaLabel: `Leads by stage over time. At the end: ${stages.map(stage => `${last?.[stage] ?? 0} ${stage}`).join(', ')}.`,
    x: { label: null, type: 'utc' },
    y: { label: 'leads', grid: true, nice: true },
    marks: [
      Plot.ruleY([0]),
      Plot.lineY(points, {
        x: 'date',
        y: 'leads',
        z: 'stage',
        stroke: ({ stage }: (typeof points)[number]) => `var(--stage-${stage})`,
        strokeWidth: 2.5,
        curve: 'step-after',
      }),
    ],
  });
}
