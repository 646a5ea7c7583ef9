import * as Plot from '@observablehq/plot';
import { draw, widths, type Width } from '../../../charts/chart.ts';
import type { Forecast } from '../../../domain/agreement/forecast.ts';
import { grades } from '../../../domain/agreement/grade.ts';
import type { Share } from '../../../domain/review/intervals.ts';

const versions = ['active', 'draft'] as const;
type Version = (typeof versions)[number];
const colorOf = ({ version }: { version: Version }) => `var(--version-${version})`;

/** Pixels: cells that are much wider than high are hard to read across. */
const widestMatrix = 460;

/** Leads by their grade under the active version (rows) and under the draft (columns). */
export function movesChart({ moves, leads, better, worse }: Forecast, width: Width): string {
  const cells = grades.flatMap((from, row) =>
    grades.map((to, column) => ({ from, to, count: moves[from][to], by: column - row })),
  );
  const most = Math.max(1, ...cells.filter(({ by }) => by !== 0).map(({ count }) => count));
  return draw({
    width,
    height: 300,
    marginLeft: 44,
    marginRight: Math.max(8, width - widestMatrix),
    marginTop: 44,
    ariaLabel: `Grades of ${leads} leads: ${better} would be graded better, ${worse} worse.`,
    x: { label: 'under the draft', domain: [...grades], axis: 'top', tickSize: 0 },
    y: { label: 'now', domain: [...grades], tickSize: 0 },
    marks: [
      Plot.cell(cells, {
        ...{ x: 'to', y: 'from', inset: 1, rx: 4 },
        fill: ({ by }: Cell) =>
          by === 0 ? 'var(--stays)' : by < 0 ? 'var(--better)' : 'var(--worse)',
        fillOpacity: ({ by, count }: Cell) =>
          by === 0 ? 1 : count === 0 ? 0.06 : 0.15 + 0.35 * Math.sqrt(count / most),
      }),
      ...[true, false].map(isMove =>
        Plot.text(
          cells.filter(({ by, count }) => (by !== 0 && count > 0) === isMove),
          {
            ...{ x: 'to', y: 'from', fill: 'currentColor', fontSize: 14 },
            text: ({ count }: Cell) => count.toLocaleString('en'),
            fontWeight: isMove ? 700 : 400,
          },
        ),
      ),
    ],
  });
}

interface Cell {
  count: number;
  /** How many grades worse; negative for better. */
  by: number;
}

/** Escalations of each week under both versions as bars, what the reps can take as a line. */
export function weeksChart({ weeks, capacity }: Forecast, width: Width): string {
  const bars = weeks.flatMap(({ active, draft }, index) => [
    { version: 'active' as const, count: active, x1: index - 0.38, x2: index },
    { version: 'draft' as const, count: draft, x1: index, x2: index + 0.38 },
  ]);
  const over = weeks.filter(({ draft }) => capacity !== null && draft > capacity).length;
  return draw({
    width,
    height: 260,
    marginBottom: 44,
    ariaLabel: `Escalations by week under both versions; under the draft ${over} of ${weeks.length} weeks are over capacity.`,
    x: { label: null, type: 'linear', domain: [-0.5, weeks.length - 0.5] },
    y: { label: 'escalations', grid: true, nice: true },
    marks: [
      Plot.axisX(
        weeks.map((_week, index) => index),
        {
          ...{ label: null, tickSize: 0 },
          tickFormat: (index: number) => weeks[index]?.week.slice(5) ?? '',
          tickRotate: width / weeks.length < widths.narrow / 8 ? -45 : 0,
        },
      ),
      Plot.rect(bars, { x1: 'x1', x2: 'x2', y1: 0, y2: 'count', fill: colorOf }),
      ...(capacity === null
        ? []
        : [Plot.ruleY([capacity], { stroke: 'var(--capacity)', strokeWidth: 2 })]),
      Plot.ruleY([0]),
    ],
  });
}

/** Shares of both versions as dots, with their 95 % intervals as lines. */
export function sharesChart({ outcomes }: Forecast, width: Width): string {
  const { wanted, unwanted, handedOver } = outcomes;
  const rows = [
    ...both('wanted leads handed over', wanted.active, wanted.draft),
    ...both('unwanted leads handed over', unwanted.active, unwanted.draft),
    ...both('wanted among handed over', handedOver.active.share, handedOver.draft.share),
  ];
  const known = rows.filter(({ rate }) => rate !== null);
  const names = [...new Set(rows.map(({ what }) => what))];
  return draw({
    width,
    height: 240,
    ...{ marginTop: 24, marginLeft: 8, marginRight: 24 },
    ariaLabel: known
      .map(({ what, version, count, of }) => `${what}, ${version}: ${count} of ${of}`)
      .join('; '),
    fy: { label: null, domain: names, axis: null, padding: 0.35 },
    y: { axis: null, domain: [...versions] },
    x: { label: null, domain: [0, 100], ticks: 5, grid: true, tickFormat: percent },
    marks: [
      Plot.text(names, {
        ...{ fy: (name: string) => name, text: (name: string) => name, frameAnchor: 'top-left' },
        ...{ dy: -14, fontWeight: 700, fill: 'currentColor' },
      }),
      Plot.ruleY(known, {
        ...{ fy: 'what', y: 'version', stroke: colorOf, strokeWidth: 2 },
        x1: ({ low }: Row) => (low ?? 0) * 100,
        x2: ({ high }: Row) => (high ?? 0) * 100,
      }),
      Plot.dot(known, {
        ...{ fy: 'what', y: 'version', fill: colorOf, r: 5 },
        x: ({ rate }: Row) => (rate ?? 0) * 100,
      }),
    ],
  });
}

function percent(value: number): string {
  return `${value} %`;
}

type Row = Share & { what: string; version: Version };

function both(what: string, active: Share, draft: Share): Row[] {
  return [
    { what, version: 'active', ...active },
    { what, version: 'draft', ...draft },
  ];
}

/** How many grades each changed rule alone changes, as bars. */
export function rulesChart(rules: Forecast['rules'], width: Width): string {
  return draw({
    width,
    height: 52 + rules.length * 44,
    ...{ marginTop: 20, marginLeft: 8, marginRight: 48 },
    ariaLabel: rules.map(({ rule, moves, of }) => `${rule}: ${moves} of ${of}`).join('; '),
    y: { axis: null, domain: rules.map(({ rule }) => rule), padding: 0.6 },
    x: { label: null, grid: true, nice: true },
    marks: [
      Plot.barX(rules, { y: 'rule', x: 'moves', fill: 'var(--version-draft)' }),
      Plot.text(rules, {
        ...{ y: 'rule', x: 0, text: 'rule', textAnchor: 'start', dy: -18, fill: 'currentColor' },
      }),
      Plot.text(rules, {
        ...{ y: 'rule', x: 'moves', textAnchor: 'start', dx: 6, fill: 'currentColor' },
        text: ({ moves }: { moves: number }) => moves.toLocaleString('en'),
      }),
      Plot.ruleX([0]),
    ],
  });
}
