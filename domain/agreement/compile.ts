import { eventKinds, type Engagement, type EventKind } from '../event/event.ts';
import type { CriterionField } from '../lead/fields.ts';
import { firstMatch } from '../lead/match.ts';
import type { AgreementDocument } from './schema.ts';

/** What an event's name is worth. */
export interface PointsRule {
  name: string;
  group: string;
  /** The group's place among all groups. */
  order: number;
  /** Points when it happens. */
  raw: number;
  /** The same in hundredths. */
  full: number;
  /** How long its points last, in milliseconds. */
  window: number;
}

/** A criterion of fit, with its patterns ready to be asked. */
interface Criterion {
  field: CriterionField;
  weight: number;
  /** Its share of all weights, in hundredths of a percent. */
  share: number;
  /** What a value gives, 0 to 100; undefined where nothing matches. */
  give: (value: string | number | null) => number | undefined;
}

/** An agreement in the form that scoring works with. */
export interface Compiled {
  /** In the agreement's order. */
  groups: readonly {
    name: string;
    cap: number | undefined;
    /** The cap in hundredths; Infinity where there is none. */
    most: number;
  }[];
  rules: readonly PointsRule[];
  /** What an event is worth: by the first description that fits, else by its kind; null for nothing. */
  ruleOf: (event: Pick<Engagement, 'kind' | 'subject'>) => PointsRule | null;
  criteria: readonly Criterion[];
  /** The sum of all weights. */
  weights: number;
}

const known = new WeakMap<AgreementDocument, Compiled>();

/** An agreement compiled: the work of the first call, remembered while the document is. It must not be changed. */
export function compiled(agreement: AgreementDocument): Compiled {
  let found = known.get(agreement);
  if (found === undefined) {
    found = compile(agreement);
    known.set(agreement, found);
  }
  return found;
}

function compile({ engagement, events, fit }: AgreementDocument): Compiled {
  const groups = Object.entries(engagement).map(([name, { cap }]) => {
    return { name, cap, most: cap === undefined ? Infinity : cap * 100 };
  });
  const rules = Object.entries(engagement).flatMap(([group, { points, window }], order) =>
    Object.entries(points).map(([name, raw]) => {
      return { name, group, order, raw, full: Math.round(raw * 100), window };
    }),
  );
  const weights = fit.criteria.reduce((sum, { weight }) => sum + weight, 0);
  return {
    groups,
    rules,
    ruleOf: ruleFinder(events, rules),
    criteria: fit.criteria.map(({ field, weight, gives }) => ({
      field,
      weight,
      share: Math.round((weight * 10_000) / weights),
      give: firstMatch(gives.map(({ patterns, points }) => ({ patterns, gives: points }))),
    })),
    weights,
  };
}

function ruleFinder(
  events: AgreementDocument['events'],
  rules: readonly PointsRule[],
): Compiled['ruleOf'] {
  // A name that has points in two groups has those of the first.
  const byName = new Map(rules.toReversed().map(rule => [rule.name, rule]));
  const byKind = new Map<EventKind, Compiled['ruleOf']>();
  for (const kind of eventKinds) {
    const plain = byName.get(kind) ?? null;
    const cases = Object.entries(events)
      .filter(([, description]) => description.kind === kind)
      .map(([name, { like }]) => ({ patterns: like, gives: byName.get(name) ?? null }));
    if (cases.length > 0) {
      const described = firstMatch(cases);
      byKind.set(kind, ({ subject }) => {
        const rule = described(subject ?? '');
        return rule === undefined ? plain : rule;
      });
    } else if (plain !== null) byKind.set(kind, () => plain);
  }
  return event => byKind.get(event.kind)?.(event) ?? null;
}
