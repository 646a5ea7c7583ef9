import type { Instant } from '../instant.ts';
import { shareOf, strictQuantile, type Share } from '../review/intervals.ts';
import type { Agreement } from './agreement.ts';
import { caseOf, patienceOf, resultOf, type Case, type Target } from './calibrate/case.ts';
import { judge, type Finding } from './calibrate/judge.ts';
import { traitsAt, traitsOf } from './calibrate/traits.ts';
import type { LeadHistory, Timeline } from './replay/history.ts';
import { rulerOf, type Ruler } from './replay/ruler.ts';

/** What outcomes say about the agreement in force. One plain JSON value. */
export interface Calibration {
  v: 1;
  /** The version in force, by its number. */
  version: number;
  target: Target;
  at: Instant;
  /** All leads that sales had or of which an outcome is known. */
  base: Share;
  /** Leads of which nothing is known yet: neither a success nor a failure. */
  pending: number;
  /**
   * After how many milliseconds silence is taken for a no: nine of ten successes took less. Null where it never is.
   */
  patience: number | null;
  fit: Finding[];
  engagement: Finding[];
  grades: Finding[];
  proposals: Proposal[];
  notes: string[];
}

/** A change of one number in the agreement's file. */
export interface Proposal {
  rule: string;
  /** Where it stands: the keys that lead to it. */
  path: readonly string[];
  from: number;
  to: number;
  /** Why, as it may stand beside the number. */
  why: string;
}

/** Takes leads one by one and keeps of each only what is compared. */
export class Calibrator {
  readonly #version: { version: number; agreement: Agreement };
  readonly #target: Target;
  readonly #at: Instant;
  readonly #timeline: Timeline;
  readonly #ruler: Ruler;
  readonly #cases: { of: Case; traits: readonly string[] }[] = [];

  /** @param version in force, by which leads have been graded */
  constructor(
    version: { version: number; agreement: Agreement },
    target: Target,
    at: Instant,
    timeline: Timeline,
  ) {
    this.#version = version;
    this.#target = target;
    this.#at = at;
    this.#timeline = timeline;
    this.#ruler = rulerOf(version.agreement);
  }

  add(lead: LeadHistory): void {
    const found = caseOf(lead, this.#target);
    if (found === null) return;
    const traits = traitsAt(lead, this.#ruler, found.moment, this.#timeline);
    this.#cases.push({ of: found, traits });
  }

  result(): Calibration {
    const { version, agreement } = this.#version;
    const patience =
      this.#target === 'accepted' ? null : patienceOf(this.#cases.map(({ of }) => of));
    const traits = traitsOf(agreement);
    const tallies = new Map([...traits.keys()].map(rule => [rule, nothing()]));
    const all = nothing();
    for (const { of, traits: had } of this.#cases) {
      const result = resultOf(of, this.#target, patience, this.#at);
      for (const tally of [all, ...had.map(rule => tallies.get(rule))])
        if (tally !== undefined) count(tally, result);
    }
    const base = shareOf(all.converted, all.settled);
    const found = judge(
      [...traits.values()].map(trait => ({ trait, tally: tallies.get(trait.rule) ?? nothing() })),
      base,
      strictQuantile,
    );
    const of = (axis: Finding['axis']) => found.filter(finding => finding.axis === axis);
    return {
      ...{ v: 1, version, target: this.#target, at: this.#at, base, pending: all.pending, patience },
      ...{ fit: of('fit'), engagement: of('engagement'), grades: of('grade') },
      proposals: found.flatMap(finding => {
        const path = traits.get(finding.rule)?.path ?? null;
        const { rule, points: from, proposed: to } = finding;
        return path === null || from === null || to === null
          ? []
          : [{ rule, path, from, to, why: reasonOf(finding, base, this.#target) }];
      }),
      notes: notesOf(this.#target, patience, all.pending),
    };
  }
}

function nothing() {
  return { converted: 0, settled: 0, pending: 0 };
}

function count(tally: ReturnType<typeof nothing>, result: boolean | null): void {
  if (result === null) tally.pending += 1;
  else tally.settled += 1;
  if (result === true) tally.converted += 1;
}

/** `was 5; 61 % of 88 won (50 to 70), of all 34 %`. */
function reasonOf({ points, share, verdict }: Finding, base: Share, target: Target): string {
  const percent = (rate: number | null) => Math.round((rate ?? 0) * 100);
  const { rate, of, low, high } = share;
  const inverted = verdict === 'inverted' ? ', inverted' : '';
  return `was ${points ?? 0}: ${percent(rate)} % of ${of} ${target} (${percent(low)} to ${percent(high)}), of all ${percent(base.rate)} %${inverted}`;
}

function notesOf(target: Target, patience: number | null, pending: number): string[] {
  const notes = [
    'Compared are leads that sales had, or of which an outcome is known. They crossed the line, so what helps to cross looks weaker among them than it is among all leads.',
    'A step is at most twofold, and is to be followed by new cases before the next: the same cases propose the same step again.',
  ];
  if (target === 'accepted')
    notes.push('A lead that no rep has answered is pending, however long ago it was handed over.');
  else if (patience === null)
    notes.push(
      `Too few leads are ${target} to know how long it takes, so nobody is counted as lost for silence.`,
    );
  if (pending > 0)
    notes.push(`${pending.toLocaleString('en')} leads are pending and count neither way.`);
  return notes;
}
