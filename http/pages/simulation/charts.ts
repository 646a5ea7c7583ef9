import * as Plot from '@observablehq/plot';
import { draw, widths, type Width } from '../../../charts/chart.ts';
import type { SimulatedWeek, Simulation } from '../../../domain/sequence/simulate/summary.ts';

/** How weeks stand side by side, whatever year they are of. */
function weeksAxis(weeks: readonly SimulatedWeek[], width: Width) {
  return Plot.axisX(
    weeks.map((_week, index) => index),
    {
      ...{ label: null, tickSize: 0 },
      tickFormat: (index: number) => weeks[index]?.week.slice(5) ?? '',
      tickRotate: width / weeks.length < widths.narrow / 8 ? -45 : 0,
    },
  );
}

/** Mails of each week as bars. */
export function mailsChart({ weeks, mails }: Simulation, width: Width): string {
  const bars = weeks.map((week, index) => ({ ...week.mails, x1: index - 0.38, x2: index + 0.38 }));
  return draw({
    width,
    height: 240,
    marginBottom: 44,
    marginLeft: 52,
    ariaLabel: `Mails by week, ${whole(mails.mean)} in all; most, ${whole(Math.max(...weeks.map(week => week.mails.mean)))}, in ${busiest(weeks)}.`,
    x: { label: null, type: 'linear', domain: [-0.5, weeks.length - 0.5] },
    y: { label: 'mails', grid: true, nice: true },
    marks: [
      weeksAxis(weeks, width),
      Plot.rect(bars, { x1: 'x1', x2: 'x2', y1: 0, y2: 'mean', fill: 'var(--stage-mailed)' }),
      Plot.ruleY([0]),
    ],
  });
}

/** Escalations of each week as a line, in the band that nine runs of ten lay in. */
export function escalationsChart({ weeks, escalations }: Simulation, width: Width): string {
  const points = weeks.map((week, index) => ({ ...week.escalations, index }));
  const { mean, low, high } = escalations;
  return draw({
    width,
    height: 260,
    marginBottom: 44,
    ariaLabel: `Escalations by week, ${whole(mean)} in all, between ${whole(low)} and ${whole(high)} in nine runs of ten.`,
    x: { label: null, type: 'linear', domain: [-0.5, Math.max(0.5, weeks.length - 0.5)] },
    y: { label: 'escalations', grid: true, nice: true, zero: true },
    marks: [
      weeksAxis(weeks, width),
      Plot.areaY(points, {
        x: 'index',
        y1: 'low',
        y2: 'high',
        fill: 'var(--kept)',
        fillOpacity: 0.6,
      }),
      // A single week has no area.
      Plot.ruleX(points, {
        x: 'index',
        y1: 'low',
        y2: 'high',
        stroke: 'var(--kept)',
        strokeWidth: 2,
      }),
      Plot.lineY(points, { x: 'index', y: 'mean', stroke: 'var(--interval)', strokeWidth: 2.5 }),
      Plot.dot(points, { x: 'index', y: 'mean', fill: 'var(--interval)', r: 3.5 }),
      Plot.ruleY([0]),
    ],
  });
}

/** How many leads each mail reaches, as bars from top to bottom. */
export function reachChart({ steps, begin }: Simulation, width: Width): string {
  return draw({
    width,
    height: 52 + steps.length * 48,
    ...{ marginTop: 20, marginLeft: 8, marginRight: 92 },
    ariaLabel: steps
      .map(({ mail, leads }) => `${mail}: ${whole(leads.mean)} of ${begin}`)
      .join('; '),
    // The same mail may stand on two ways.
    y: { axis: null, domain: steps.map((_step, index) => index), padding: 0.7 },
    x: { label: null, grid: true, domain: [0, Math.max(1, begin)], ticks: width < 500 ? 4 : 8 },
    marks: [
      Plot.barX(steps, {
        ...{
          y: (_step: unknown, index: number) => index,
          x: reached,
          fill: 'var(--stage-clicked)',
        },
      }),
      Plot.text(steps, {
        ...{ y: (_step: unknown, index: number) => index, x: 0, text: 'mail' },
        ...{ textAnchor: 'start', dy: -17, fill: 'currentColor' },
      }),
      Plot.text(steps, {
        ...{ y: (_step: unknown, index: number) => index, x: reached, textAnchor: 'start', dx: 6 },
        fill: 'currentColor',
        text: ({ leads, share }: Step) => `${whole(leads.mean)} (${Math.round(share * 100)} %)`,
      }),
      Plot.ruleX([0]),
    ],
  });
}

type Step = Simulation['steps'][number];

function reached({ leads }: Step): number {
  return leads.mean;
}

function busiest(weeks: readonly SimulatedWeek[]): string {
  return weeks.toSorted((a, b) => b.mails.mean - a.mails.mean)[0]?.week ?? '';
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}
