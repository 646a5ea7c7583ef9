import { median, type Figure } from './report.ts';
import type { Machine, Part } from './machine.ts';

/** Milliseconds of CPU, by part. */
export type Costs = Partial<Record<Part, number>>;

/** One run of a scenario, or of its bare equivalent. */
export interface Run {
  /** A second. */
  rate: number;
  /** Of one. */
  cpu: Costs;
}

export interface Options {
  /** Runs of each. */
  pairs: number;
  say: (line: string) => void;
}

export type Scenario = (machine: Machine, options: Options) => Promise<Figure[]>;

/** Runs both sides in turn, the order swapped each time, so that a machine that slows down favors neither. */
export async function alternate(
  { pairs, say }: Options,
  lockstep: () => Promise<Run>,
  bare: () => Promise<Run>,
): Promise<{ ours: Run[]; theirs: Run[] }> {
  const ours: Run[] = [];
  const theirs: Run[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const sides = [async () => ours.push(await lockstep()), async () => theirs.push(await bare())];
    for (const side of pair % 2 === 0 ? sides : sides.toReversed()) await side();
    say(
      `pair ${pair + 1} of ${pairs}: ${ours.at(-1)?.rate.toFixed(1)}/s, bare ${theirs.at(-1)?.rate.toFixed(1)}/s`,
    );
  }
  return { ours, theirs };
}

/** The rate of a scenario against its bare one, and what one costs in CPU against a bare one. */
export function compared(
  scenario: string,
  what: string,
  { ours, theirs }: { ours: Run[]; theirs: Run[] },
  lines: { rate?: number; cpu?: number },
): Figure[] {
  const cpu = medianCosts(ours);
  const bareCpu = medianCosts(theirs);
  return [
    {
      scenario,
      what: `${what} a second`,
      values: ours.map(({ rate }) => rate),
      bare: theirs.map(({ rate }) => rate),
      better: 'higher',
      ...(lines.rate === undefined ? {} : { line: lines.rate }),
    },
    {
      scenario,
      what: `CPU ms for one of all processes`,
      values: ours.map(total),
      bare: theirs.map(total),
      better: 'lower',
      ...(lines.cpu === undefined ? {} : { line: lines.cpu }),
      cpu,
      bareCpu,
    },
  ];
}

/** CPU of all parts in a run. */
export function total({ cpu }: { cpu: Costs }): number {
  return Object.values(cpu).reduce((sum, used) => sum + used, 0);
}

/** CPU of each part in the runs' middle. */
export function medianCosts(runs: readonly { cpu: Costs }[]): Costs {
  const parts = new Set(runs.flatMap(({ cpu }) => Object.keys(cpu) as Part[]));
  return Object.fromEntries(
    [...parts].map(part => [part, median(runs.map(({ cpu }) => cpu[part] ?? 0))]),
  );
}

/** CPU time of each part between two readings, for one of `count`. */
export function costOf(before: Costs, after: Costs, count: number): Costs {
  return Object.fromEntries(
    Object.entries(after).map(([part, used]) => [
      part,
      (used - (before[part as Part] ?? 0)) / count,
    ]),
  );
}

/** A bare figure this far below what the machine has been seen to do says that it is busy with something else. */
export class UnfitError extends Error {
  override readonly name = 'UnfitError';
}

/** Refuses a bare equivalent that is slower than half of what was measured before (facts of this kind of machine). */
export function mustBeFit(what: string, rates: readonly number[], known: number): void {
  const rate = median(rates);
  if (rate < known / 2)
    throw new UnfitError(
      `Bare ${what} ran at ${rate.toFixed(0)} a second; this kind of machine has been seen to do ${known}. It is busy; measure again.`,
    );
}
