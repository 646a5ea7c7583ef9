import type { CalendarWeek } from '../../calendar/calendar-weeks.ts';
import type { Instant } from '../../instant.ts';
import { compiledName, type Plan } from '../plan.ts';
import type { Behavior } from './behavior.ts';
import { spreadOver, type Spread } from './spread.ts';
import { exposureKey, type Delays, type Tally } from './tally.ts';

/** What was simulated. */
export interface Simulated {
  v: 1;
  sequence: string;
  /** `draft`, or a version such as `v3`. */
  version: string;
  /** What the agreement is called. */
  agreement: string;
  /** A file, or segments. */
  leadsFrom: string;
  from: Instant;
  to: Instant;
  days: number;
  /** By whose clock weeks begin, an IANA name. */
  zone: string;
  runs: number;
  seed: number;
  leads: number;
  /** Those that go into the sequence. */
  begin: number;
  /** Those that do not, by why. */
  notBegun: { why: string; leads: number }[];
  /** What leads were taken to do. */
  behavior: Behavior;
}

/** What would happen, over all runs. One plain JSON value; shares from 0 to 1, of the leads that begin. */
export interface Simulation extends Simulated {
  mails: Spread;
  escalations: Spread;
  /** Calendar weeks by ISO 8601; the first and the last may be parts of weeks. */
  weeks: SimulatedWeek[];
  /** Every mail of the plan, in its order. */
  steps: SimulatedStep[];
  /** What people are asked to do, for how many leads, in the order of the plan. */
  tasks: { task: string; leads: Spread; share: number }[];
  /** How leads end, each in exactly one way; those under way at the end of the period among them. */
  ends: { how: string; leads: Spread; share: number }[];
  /** Where the sequence goes several ways, who went which. */
  splits: { split: string; variants: { variant: string; leads: Spread; share: number }[] }[];
  /** Changes of grades, by grade before and after. */
  grades: { change: string; times: Spread }[];
}

export interface SimulatedWeek {
  /** `2026-W13` */
  week: string;
  /** How many of its days are in the period. */
  days: number;
  mails: Spread;
  escalations: Spread;
  /** Leads that were graded better, and worse. */
  rises: Spread;
  falls: Spread;
}

export interface SimulatedStep {
  /** What the mail is called, with its variant. */
  mail: string;
  leads: Spread;
  share: number;
  /** Mails that went out later than the plan says, because of the window or a cap. */
  putOff: { byWindow: Spread; byCap: Spread; medianMs: number; longestMs: number } | null;
}

export function summaryOf(
  simulated: Simulated,
  plan: Plan,
  weeks: readonly CalendarWeek[],
  runs: readonly Tally[],
  delays: Delays,
): Simulation {
  const over = (value: (run: Tally) => number) => spreadOver(runs.map(value));
  const share = ({ mean }: Spread) => (simulated.begin === 0 ? 0 : mean / simulated.begin);
  const shared = (leads: Spread) => ({ leads, share: share(leads) });
  const named = (counts: (run: Tally) => ReadonlyMap<string, number>) =>
    [...new Set(runs.flatMap(run => [...counts(run).keys()]))]
      .map(name => ({ name, leads: over(run => counts(run).get(name) ?? 0) }))
      .toSorted((a, b) => b.leads.mean - a.leads.mean || (a.name < b.name ? -1 : 1));
  return {
    ...simulated,
    mails: over(run => sum(run.mails)),
    escalations: over(run => sum(run.escalationsByWeek)),
    weeks: weeks.map(({ week, days }, index) => ({
      ...{ week, days },
      mails: over(run => run.mailsByWeek[index] ?? 0),
      escalations: over(run => run.escalationsByWeek[index] ?? 0),
      rises: over(run => run.risesByWeek[index] ?? 0),
      falls: over(run => run.fallsByWeek[index] ?? 0),
    })),
    steps: plan.flatMap((instruction, index) => {
      if (instruction.do !== 'mail') return [];
      const late = delays.of(index);
      const putOff = late && {
        byWindow: over(run => run.putOff.window[index] ?? 0),
        byCap: over(run => run.putOff.cap[index] ?? 0),
        ...late,
      };
      const leads = over(run => run.mails[index] ?? 0);
      return [{ mail: compiledName(instruction), ...shared(leads), putOff }];
    }),
    tasks: plan.flatMap(instruction => {
      if (instruction.do !== 'task') return [];
      const { task } = instruction;
      return [{ task, ...shared(over(run => run.tasks.get(task) ?? 0)) }];
    }),
    ends: named(run => run.ends).map(({ name: how, leads }) => ({ how, ...shared(leads) })),
    splits: plan.flatMap(instruction => {
      if (instruction.do !== 'split') return [];
      const { split, paths } = instruction;
      const came = paths.map(({ variant }) => ({
        variant,
        leads: over(run => run.exposures.get(exposureKey(split, variant)) ?? 0),
      }));
      const all = came.reduce((total, { leads }) => total + leads.mean, 0);
      const variants = came.map(({ variant, leads }) => ({
        ...{ variant, leads },
        // Of those that came to the split.
        share: all === 0 ? 0 : leads.mean / all,
      }));
      return [{ split, variants }];
    }),
    grades: named(run => run.grades).map(({ name: change, leads: times }) => ({ change, times })),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
