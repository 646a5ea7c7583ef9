import { leastDifference, shareOf, type Share } from './intervals.ts';
import type { StepFigures } from './step-results.ts';

/** Of fewer leads nothing is said of a step, but that somebody complained. */
const fewest = 30;

/** What may stand out, with its words; what is unwelcome is said also where chance could explain it. */
const outstanding = [
  { name: 'complained', words: 'complained', of: 'delivered', least: 1, isBad: true },
  { name: 'unsubscribed', words: 'unsubscribed', of: 'delivered', least: 3, isBad: true },
  { name: 'bounced', words: 'came back', of: 'sent', least: 3, isBad: true },
  { name: 'clicked', words: 'clicked', of: 'delivered', least: 3, isBad: false },
  { name: 'replied', words: 'replied', of: 'delivered', least: 3, isBad: false },
  { name: 'escalated', words: 'went to sales within a week', of: 'sent', least: 3, isBad: false },
] as const;

type Count =
  'sent' | 'delivered' | 'opened' | 'openedByMachine' | (typeof outstanding)[number]['name'];
type Step = Record<Count, number> & { step: string };

/**
 * What stands out among the steps, in words: the one that most unsubscribed after, that brought most; those that nobody
 * clicked in; and how much of the opens machines made. That something brought more is said when its share is higher than
 * that of all others also with what is not sure of both (`leastDifference`).
 */
export function stepFindings(figures: readonly StepFigures[]): string[] {
  const steps = wholeSteps(figures);
  return [
    ...outstanding.flatMap(what => {
      const found = highest(steps, what);
      return found === null ? [] : [found];
    }),
    ...steps
      .filter(({ delivered, clicked }) => delivered >= fewest && clicked === 0)
      .map(({ step, delivered }) => `${step}: of ${count(delivered)} who got it nobody clicked.`),
    ...openedByMachines(steps),
  ];
}

function highest(steps: readonly Step[], what: (typeof outstanding)[number]): string | null {
  const { name, words, of, least, isBad } = what;
  const known = steps.filter(step => step[of] > 0);
  const best = known
    .filter(step => step[name] >= least)
    .toSorted((a, b) => b[name] / b[of] - a[name] / a[of])
    .at(0);
  if (best === undefined) return null;
  const others = known.filter(step => step !== best);
  const sum = (part: Count) => others.reduce((total, step) => total + step[part], 0);
  const [share, rest] = [shareOf(best[name], best[of]), shareOf(sum(name), sum(of))];
  const isSure = (leastDifference(share, rest) ?? 0) > 0;
  if (!isSure && (!isBad || (best[of] < fewest && name !== 'complained'))) return null;
  const ties = others.some(step => step[name] / step[of] === best[name] / best[of]);
  return `${best.step}: ${told(share)} ${words}${comparison(others.length, ties, isSure, rest)}.`;
}

function comparison(others: number, ties: boolean, isSure: boolean, rest: Share): string {
  if (others === 0 || ties) return '';
  const more = others === 1 ? 'more than the other' : 'more than any other';
  return isSure ? `, ${more} (of the rest ${percents(rest.rate ?? 0)} %)` : `, ${more}`;
}

function openedByMachines(steps: readonly Step[]): string[] {
  const opened = steps.reduce((sum, step) => sum + step.opened, 0);
  const machines = steps.reduce((sum, step) => sum + step.openedByMachine, 0);
  if (opened < fewest || machines * 2 < opened) return [];
  return [
    `Of ${count(opened)} opens ${count(machines)} were machines': opens say little here, and score nothing.`,
  ];
}

/** Steps with all their variants and segments together; those of which no mail left are left out. */
function wholeSteps(figures: readonly StepFigures[]): Step[] {
  const names: readonly Count[] = [
    ...(['sent', 'delivered', 'opened', 'openedByMachine'] as const),
    ...outstanding.map(({ name }) => name),
  ];
  const mailed = figures.filter(({ sent }) => sent > 0);
  return [...new Set(mailed.map(({ step }) => step))].map(step => {
    const parts = mailed.filter(part => part.step === step);
    const counts = names.map(name => [name, parts.reduce((sum, part) => sum + part[name], 0)]);
    return { step, ...(Object.fromEntries(counts) as Record<Count, number>) };
  });
}

function told({ count: some, of }: Share): string {
  return `${count(some)} of ${count(of)}`;
}

function count(leads: number): string {
  return leads.toLocaleString('en');
}

/** With one decimal below ten, because rates of complaints are that small. */
function percents(rate: number): string {
  const value = rate * 100;
  return value < 10 ? String(Math.round(value * 10) / 10) : String(Math.round(value));
}
