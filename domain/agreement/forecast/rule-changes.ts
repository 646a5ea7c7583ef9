import type { Agreement } from '../agreement.ts';
import { replay, type ReplayPeriod } from '../replay.ts';
import { Evidence } from '../replay/evidence.ts';
import type { LeadHistory } from '../replay/history.ts';
import { rulerOf, type Ruler } from '../replay/ruler.ts';

/** One rule that the draft changes, and what it alone would do. */
export interface RuleEffect {
  /** Where it stands in the agreement: `engagement.web.points.pricing page`. */
  rule: string;
  /** Leads whose grade at the end of the period is another when this alone is changed. */
  moves: number;
  /** Leads that were looked at. */
  of: number;
}

/** A rule that differs, and the active version with this difference alone. */
export interface RuleChange {
  rule: string;
  alone: Agreement;
}

/**
 * The rules by which a lead is graded or ruled out that differ between two versions, each by itself, in the order
 * of the agreement.
 */
export function ruleChanges(active: Agreement, draft: Agreement): RuleChange[] {
  return [
    ...fitChanges(active, draft),
    ...entriesOf('disqualified', active.disqualified, draft.disqualified, disqualified => ({
      ...active,
      disqualified,
    })),
    ...entriesOf('events', active.events, draft.events, events => ({ ...active, events })),
    ...engagementChanges(active, draft),
    ...gradeChanges(active, draft),
  ];
}

function fitChanges(active: Agreement, draft: Agreement): RuleChange[] {
  const named = (agreement: Agreement) =>
    Object.fromEntries(agreement.fit.criteria.map(criterion => [criterion.field, criterion]));
  const missing = same(active.fit.missing, draft.fit.missing)
    ? []
    : [
        {
          rule: 'fit.missing',
          alone: { ...active, fit: { ...active.fit, missing: draft.fit.missing } },
        },
      ];
  const changes = entriesOf('fit', named(active), named(draft), criteria => ({
    ...active,
    fit: { ...active.fit, criteria: Object.values(criteria) },
  }));
  // Where nothing else is left, there is no fit to be computed.
  return [...changes.filter(({ alone }) => alone.fit.criteria.length > 0), ...missing];
}

function engagementChanges(active: Agreement, draft: Agreement): RuleChange[] {
  const names = [...new Set([...Object.keys(active.engagement), ...Object.keys(draft.engagement)])];
  return names.flatMap(name => {
    const [before, after] = [active.engagement[name], draft.engagement[name]];
    const withGroup = (group: Agreement['engagement'][string]) => ({
      ...active,
      engagement: { ...active.engagement, [name]: group },
    });
    const rule = `engagement.${name}`;
    if (before === undefined || after === undefined) {
      if (after !== undefined) return [{ rule, alone: withGroup(after) }];
      const engagement = without(active.engagement, name);
      return [{ rule, alone: { ...active, engagement } }];
    }
    const { window, points } = before;
    const cap = { window, points, ...(after.cap === undefined ? {} : { cap: after.cap }) };
    return [
      ...(same(before.cap, after.cap) ? [] : [{ rule: `${rule}.cap`, alone: withGroup(cap) }]),
      ...(same(before.window, after.window)
        ? []
        : [{ rule: `${rule}.window`, alone: withGroup({ ...before, window: after.window }) }]),
      ...entriesOf(`${rule}.points`, before.points, after.points, points =>
        withGroup({ ...before, points }),
      ),
    ];
  });
}

function gradeChanges(active: Agreement, draft: Agreement): RuleChange[] {
  const keys = ['cuts', 'hysteresis', 'matrix', 'hand_raise'] as const;
  return keys
    .filter(key => !same(active.grade[key], draft.grade[key]))
    .map(key => ({
      rule: `grade.${key}`,
      alone: { ...active, grade: { ...active.grade, [key]: draft.grade[key] } },
    }));
}

/** A change for each entry of a group that is another, new or gone. */
function entriesOf<Value>(
  rule: string,
  before: Readonly<Record<string, Value>>,
  after: Readonly<Record<string, Value>>,
  withEntries: (entries: Record<string, Value>) => Agreement,
): RuleChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names
    .filter(name => !same(before[name], after[name]))
    .map(name => {
      const value = after[name];
      // An entry that stays keeps its place: the first description of an event that fits is taken.
      const entries = value === undefined ? without(before, name) : { ...before, [name]: value };
      return { rule: `${rule}.${name}`, alone: withEntries(entries) };
    });
}

function without<Value>(
  entries: Readonly<Record<string, Value>>,
  name: string,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(entries).filter(([other]) => other !== name));
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Counts what each changed rule alone does to the grades of leads. */
export class RuleEffects {
  readonly #period: ReplayPeriod;
  readonly #changes: { rule: string; ruler: Ruler; moves: number }[];
  #of = 0;

  constructor(active: Agreement, draft: Agreement, period: ReplayPeriod) {
    this.#period = period;
    this.#changes = ruleChanges(active, draft).map(({ rule, alone }) => ({
      ...{ rule, ruler: rulerOf(alone), moves: 0 },
    }));
  }

  /** @param grade under the active version, at the end of the period */
  add(lead: LeadHistory, grade: string): void {
    this.#of += 1;
    for (const change of this.#changes) {
      const evidence = new Evidence(change.ruler, lead, this.#period.timeline);
      const replayed = replay(lead, evidence, this.#period);
      if (replayed !== null && replayed.grade !== grade) change.moves += 1;
    }
  }

  /** Those that move most leads first; of those that move as many, in the order of the agreement. */
  result(): RuleEffect[] {
    return this.#changes
      .map(({ rule, moves }) => ({ rule, moves, of: this.#of }))
      .toSorted((a, b) => b.moves - a.moves);
  }
}
