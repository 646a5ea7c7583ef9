import type { z } from 'zod';
import { nearest, suggestion } from '../domain/document/nearest.ts';
import { knownKeys } from '../domain/document/read.ts';

/** One thing wrong with a part of a body. */
export interface Problem {
  /** Its path, such as `data.fields.country`; blank for the whole. */
  field: string;
  /** What was found, what is expected, and the nearest right word. */
  problem: string;
}

/** What is wrong with a value that a schema refused, in sentences. */
export function problemsOf(error: z.ZodError, value: unknown, schema: z.ZodType): Problem[] {
  return error.issues.flatMap(issue => {
    const field = issue.path.map(String).join('.');
    const found = valueAt(value, issue.path);
    switch (issue.code) {
      case 'unrecognized_keys':
        return issue.keys.map(key => ({
          field: [...issue.path, key].map(String).join('.'),
          problem: `"${key}" is not known here.${suggestion(key, knownKeys(schema, issue.path))}`,
        }));
      case 'invalid_value': {
        const known = issue.values.map(String);
        const near = typeof found === 'string' ? nearest(found, known) : null;
        const hint = near === null ? '' : ` Did you mean "${near}"?`;
        return [
          {
            field,
            problem: `it is ${kindOf(found)}, but must be one of ${known.join(', ')}.${hint}`,
          },
        ];
      }
      case 'invalid_type':
        return [
          found === undefined
            ? { field, problem: `it is missing; it must be ${wordFor(issue.expected)}.` }
            : { field, problem: `it is ${kindOf(found)}, but must be ${wordFor(issue.expected)}.` },
        ];
      default:
        return [{ field, problem: `${issue.message}.` }];
    }
  });
}

/** All problems of one thing in one line. */
export function inOneLine(problems: readonly Problem[]): string {
  return problems
    .map(({ field, problem }) => (field === '' ? problem : `${field}: ${problem}`))
    .join(' ');
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, step) =>
      typeof inner === 'object' && inner !== null ? Reflect.get(inner, step) : undefined,
    value,
  );
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'object':
      return 'an object';
    case 'string':
      return value.length > 40 ? 'another text' : JSON.stringify(value);
    default:
      return JSON.stringify(value);
  }
}

function wordFor(expected: string): string {
  switch (expected) {
    case 'object':
    case 'record':
      return 'an object';
    case 'array':
      return 'a list';
    case 'string':
      return 'a text';
    case 'int':
      return 'a whole number';
    case 'boolean':
      return 'true or false';
    default:
      return `a ${expected}`;
  }
}
