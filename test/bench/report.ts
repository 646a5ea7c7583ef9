import type { Part, describeMachine } from './machine.ts';

/** One figure of a scenario, over all its runs. */
export interface Figure {
  scenario: string;
  /** What was measured, and its unit. */
  what: string;
  /** One value a run. */
  values: number[];
  /** The bare equivalent's, in the same order; absent where there is none. */
  bare?: number[];
  /** `higher` figures are rates, `lower` ones times and costs. */
  better: 'higher' | 'lower';
  /** The line that the ratio of the medians, or the median itself where there is no bare one, must keep to. */
  line?: number;
  /** Milliseconds of CPU for one, by part: the median over the runs. */
  cpu?: Partial<Record<Part, number>>;
  bareCpu?: Partial<Record<Part, number>>;
}

export interface Measured {
  machine: ReturnType<typeof describeMachine>;
  figures: readonly Figure[];
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = NaN, high = NaN] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 0 ? (low + high) / 2 : high;
}

/** A figure that should be low, with nothing bare to hold it against. */
export function low(scenario: string, what: string, values: number[], line?: number): Figure {
  return { scenario, what, values, better: 'lower', ...(line === undefined ? {} : { line }) };
}

/** The value that a share of all values is not above (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

/** The median of the pairs' ratios, or of the values where there is nothing to compare with. */
function verdict({ values, bare }: Figure): number {
  return bare === undefined
    ? median(values)
    : median(values.map((value, index) => value / (bare[index] ?? NaN)));
}

function keepsTo(figure: Figure): boolean | null {
  if (figure.line === undefined) return null;
  const value = verdict(figure);
  return figure.better === 'higher' ? value >= figure.line : value <= figure.line;
}

/** The figures as a Markdown table, with what they were measured on. */
export function report({ machine, figures }: Measured): string {
  const { cpu, cores, memoryGb, node } = machine;
  const rows = figures.map(figure => {
    const { scenario, what, values, bare, line, better } = figure;
    const ratio = bare === undefined ? '' : number(verdict(figure));
    const sign = better === 'higher' ? '≥' : '≤';
    const kept = keepsTo(figure);
    const verdictText =
      line === undefined ? '' : `${sign} ${number(line)} ${kept === true ? '✔' : '✘'}`;
    return [
      scenario,
      what,
      spread(values),
      bare === undefined ? '' : spread(bare),
      ratio,
      verdictText,
      costs(figure.cpu),
      costs(figure.bareCpu),
    ];
  });
  const head = [
    'scenario',
    'what',
    'Lockstep',
    'bare',
    'ratio',
    'line',
    'CPU ms each',
    'bare CPU ms each',
  ];
  const table = [head, head.map(() => '---'), ...rows].map(row => `| ${row.join(' | ')} |`);
  return [
    `${cores} cores of ${cpu}, ${memoryGb} GB, Node ${node}; median (least to most) over ${figures[0]?.values.length ?? 0} runs; ratios are medians of pairs.`,
    '',
    ...table,
  ].join('\n');
}

function spread(values: readonly number[]): string {
  return values.length === 1
    ? number(values[0] ?? NaN)
    : `${number(median(values))} (${number(Math.min(...values))} to ${number(Math.max(...values))})`;
}

function costs(cpu: Figure['cpu']): string {
  if (cpu === undefined) return '';
  const parts = Object.entries(cpu).filter(([, used]) => used >= 0.005);
  const total = parts.reduce((sum, [, used]) => sum + used, 0);
  return `${number(total)}: ${parts.map(([part, used]) => `${part} ${number(used)}`).join(', ')}`;
}

function number(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2);
}
