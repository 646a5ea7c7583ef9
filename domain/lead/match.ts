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

const range = /^(\d+)\s*-\s*(\d+)$/;
const bound = /^(<=|>=|<|>)\s*(\d+)$/;

/** Whether a value matches a pattern. A missing value matches nothing. */
export function matches(value: string | number | null, pattern: string): boolean {
  if (value === null) return false;
  if (typeof value === 'number') return matchesNumber(value, pattern);
  return toRegExp(pattern).test(squeeze(value));
}

/** Whether the lead meets every part of the condition. */
export function meets(fields: LeadFields, condition: FieldsCondition): boolean {
  return Object.entries(condition).every(([field, patterns]) =>
    patterns.some(pattern => matches(fields[field as CriterionField], pattern)),
  );
}

function matchesNumber(value: number, pattern: string): boolean {
  const { low, high } = numbersOf(pattern) ?? nothing;
  return value >= low && value <= high;
}

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

const compiled = new Map<string, RegExp>();

function toRegExp(pattern: string): RegExp {
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    const parts = squeeze(pattern).split('*');
    const escaped = parts.map(part => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
    expression = new RegExp(`^${escaped.join('.*')}$`, 'su');
    compiled.set(pattern, expression);
  }
  return expression;
}

function squeeze(text: string): string {
  return text.trim().replace(/\s+/g, ' ').toLowerCase();
}

/** Whether every text that `inner` matches is matched by `outer` too. */
export function coversText(outer: string, inner: string): boolean {
  // What `*` stands for may be a text in which a `*` is a letter like any other: only another `*` takes that.
  return toRegExp(outer).test(squeeze(inner));
}
