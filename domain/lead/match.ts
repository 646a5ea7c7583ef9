import { z } from 'zod';
import { criterionFields, type CriterionField, type LeadFields } from './fields.ts';

/**
 * What a field may be compared with: a text in which `*` stands for anything, letter case and
 * repeated spaces aside (`vp *`); a whole number; or a range (`50-199`, `> 2000`, `<= 10`).
 */
const patternSchema = z.union([z.string().min(1), z.int().nonnegative().transform(String)]).meta({
  description: 'a text with * for anything, a number, or a range such as 50-199 or > 2000',
});

/** One pattern or several, of which one must match. */
export const patternsSchema = z
  .union([patternSchema, z.array(patternSchema).min(1, 'name at least one')], {
    error: 'write a text, a number, a range such as 50-199, or a list of them',
  })
  .transform(given => (Array.isArray(given) ? given : [given]));

/** A condition on a lead's fields; all of them must match. */
export const fieldsConditionSchema = z.partialRecord(z.enum(criterionFields), patternsSchema);
export type FieldsCondition = Partial<Record<CriterionField, string[]>>;

type Value = string | number | null;

/** Whether a value matches a pattern. A missing value matches nothing. */
export function matches(value: Value, pattern: string): boolean {
  if (value === null) return false;
  const { ofText, ofNumber } = compiled(pattern);
  return typeof value === 'number' ? ofNumber(value) : ofText(squeeze(value));
}

/** Whether the lead meets every part of the condition. */
export function meets(fields: LeadFields, condition: FieldsCondition): boolean {
  return Object.entries(condition).every(([field, patterns]) =>
    patterns.some(pattern => matches(fields[field as CriterionField], pattern)),
  );
}

/**
 * Finds the first case one of whose patterns a value matches; made once, for many values.
 * @returns what that case gives; undefined where none matches, and for a missing value
 */
export function firstMatch<Gives>(
  cases: readonly { patterns: readonly string[]; gives: Gives }[],
): (value: Value) => Gives | undefined {
  const tests = cases.flatMap(({ patterns, gives }) =>
    patterns.map(pattern => ({ ...compiled(pattern), gives })),
  );
  return value => {
    if (value === null) return undefined;
    if (typeof value === 'number') return tests.find(({ ofNumber }) => ofNumber(value))?.gives;
    const text = squeeze(value);
    return tests.find(({ ofText }) => ofText(text))?.gives;
  };
}

/** A pattern as it is asked. */
interface Test {
  /** Of a text that was squeezed. */
  ofText: (text: string) => boolean;
  ofNumber: (value: number) => boolean;
}

/** Patterns come from documents that people write, so there are few. */
const known = new Map<string, Test>();

function compiled(pattern: string): Test {
  let test = known.get(pattern);
  if (test === undefined) {
    const { low, high } = numbersOf(pattern) ?? nothing;
    test = {
      ofText: testOfText(squeeze(pattern)),
      ofNumber: value => value >= low && value <= high,
    };
    known.set(pattern, test);
  }
  return test;
}

/** Looks for the parts between the stars one after the other, in time that grows with the text alone. */
function testOfText(pattern: string): Test['ofText'] {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return text => text === pattern;
  return text => {
    const end = text.length - last.length;
    if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return false;
    let from = first.length;
    for (const part of rest) {
      const found = text.indexOf(part, from);
      if (found === -1 || found + part.length > end) return false;
      from = found + part.length;
    }
    return true;
  };
}

const range = /^(\d+)\s*-\s*(\d+)$/;
const bound = /^(<=|>=|<|>)\s*(\d+)$/;

/** The whole numbers from `low` to `high`, both among them; none when `low` is above `high`. */
export interface Numbers {
  low: number;
  high: number;
}

const nothing: Numbers = { low: 0, high: -1 };

/** The numbers that a pattern names, or null when it names none: it is no number and no range. */
export function numbersOf(pattern: string): Numbers | null {
  const text = pattern.trim();
  if (text === '*') return { low: 0, high: Infinity };
  if (/^\d+$/.test(text)) return { low: Number(text), high: Number(text) };
  const [, from, to] = range.exec(text) ?? [];
  if (from !== undefined) return { low: Number(from), high: Number(to) };
  const [, sign, limit] = bound.exec(text) ?? [];
  if (limit === undefined) return null;
  switch (sign) {
    case '<':
      return { low: 0, high: Number(limit) - 1 };
    case '<=':
      return { low: 0, high: Number(limit) };
    case '>':
      return { low: Number(limit) + 1, high: Infinity };
    default:
      return { low: Number(limit), high: Infinity };
  }
}

/** Whether every text that `inner` matches is matched by `outer` too. */
export function coversText(outer: string, inner: string): boolean {
  // What `*` stands for may be a text in which a `*` is a letter like any other: only another `*` takes that.
  return compiled(outer).ofText(squeeze(inner));
}

/** Blanks other than single spaces. */
const unevenBlanks = /\s\s|[^\S ]/;

function squeeze(text: string): string {
  const trimmed = text.trim();
  return (unevenBlanks.test(trimmed) ? trimmed.replace(/\s+/g, ' ') : trimmed).toLowerCase();
}
