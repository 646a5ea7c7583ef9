import { isMap, isScalar, LineCounter, parseDocument, visit, type Document, type Node } from 'yaml';
import { z } from 'zod';
import { nearest, suggestion } from './nearest.ts';
import { DocumentError, type Problem } from './problem.ts';

type Path = readonly PropertyKey[];
type Issue = z.core.$ZodIssue;

/** A document that was read: its value, and where in the file each part of it stands. */
export interface ReadDocument<Value> {
  file: string;
  value: Value;
  /** A problem at the given path, for checks that come after the schema's. */
  problem: (path: Path, message: string) => Problem;
}

/**
 * Reads a YAML document and checks it against a schema.
 * @param file its name, for messages
 * @throws DocumentError that names line, column, what was found and what was expected
 */
export function readDocument<Schema extends z.ZodType>(
  file: string,
  text: string,
  schema: Schema,
): ReadDocument<z.output<Schema>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const locate = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  // What follows the first mistake follows from it.
  const [mistake] = document.errors;
  if (mistake !== undefined)
    throw new DocumentError(file, [
      {
        ...locate(mistake.pos[0]),
        message: `this is no ${file.endsWith('.json') ? 'JSON' : 'YAML'}: ${mistake.message}.${hintFor(mistake.code, text)}`,
      },
    ]);
  refuseAliases(file, document, locate);
  const at = (path: Path) => locate(offsetOf(document, path));
  const parsed = schema.safeParse(document.toJS());
  if (parsed.success)
    return {
      file,
      value: parsed.data,
      problem: (path, message) => ({ ...at(path), message }),
    };
  const problems = withoutFollowers(parsed.error.issues).flatMap(issue =>
    explain(issue, [], document, schema).map(({ path, message }) => ({ ...at(path), message })),
  );
  throw new DocumentError(file, problems);
}

/**
 * A mistyped key is unknown, and the right one is missing: one mistake, told once, where it stands.
 */
function withoutFollowers(issues: readonly Issue[]): Issue[] {
  const unknown = issues.flatMap(issue =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map(key => ({ parent: issue.path.join('.'), key }))
      : [],
  );
  return issues.filter(({ code, path }) => {
    if (code !== 'invalid_type') return true;
    const parent = path.slice(0, -1).join('.');
    const name = String(path.at(-1));
    return !unknown.some(other => other.parent === parent && nearest(other.key, [name]) === name);
  });
}

function hintFor(code: string, text: string): string {
  switch (code) {
    case 'MISSING_CHAR': {
      const line = text
        .split('\n')
        .findIndex(each => (each.match(/(?<!\\)"/g) ?? []).length % 2 === 1);
      return line < 0 ? '' : ` The quote on line ${line + 1} is probably not closed.`;
    }
    case 'BLOCK_AS_IMPLICIT_KEY':
      return ' A text that holds ": " must stand in quotes.';
    case 'TAB_AS_INDENT':
      return ' Indent with spaces.';
    default:
      return '';
  }
}

/** Aliases can make a short file endless; nothing that is written here needs them. */
function refuseAliases(
  file: string,
  document: Document.Parsed,
  locate: (offset: number) => { line: number; column: number },
): void {
  visit(document, {
    Alias: (_key, node) => {
      const message = `"*${node.source}" repeats another part by reference; write that part out instead.`;
      throw new DocumentError(file, [{ ...locate(node.range?.[0] ?? 0), message }]);
    },
  });
}

/** Where a value, or for an unknown key the key itself, begins in the text. */
function offsetOf(document: Document.Parsed, path: Path): number {
  let node: unknown = document.contents;
  let offset = (document.contents as Node | null)?.range?.[0] ?? 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        ({ key }) => String(isScalar(key) ? key.value : key) === String(step),
      );
      if (pair === undefined) return offset;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else {
      node = (node as { items?: unknown[] } | null)?.items?.[Number(step)];
      offset = (node as Node | undefined)?.range?.[0] ?? offset;
    }
  }
  return offset;
}

function explain(
  issue: Issue,
  base: Path,
  document: Document.Parsed,
  schema: z.ZodType,
): { path: Path; message: string }[] {
  const path = [...base, ...issue.path];
  const where = path.length === 0 ? 'the document' : `"${path.map(shownStep).join('.')}"`;
  const found = shown(document.getIn(path));
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map(key => ({
        path: [...path, key],
        message: `"${key}" is not known here.${suggestion(key, knownKeys(schema, path))}`,
      }));
    case 'invalid_value': {
      const values = issue.values.map(String);
      const near = nearest(String(document.getIn(path)), values);
      const hint = near === null ? '' : ` Did you mean "${near}"?`;
      return [
        { path, message: `${where} is ${found}, but must be one of ${values.join(', ')}.${hint}` },
      ];
    }
    case 'invalid_union': {
      const best = issue.errors.toSorted((a, b) => misfit(a) - misfit(b))[0];
      if (best === undefined || !best.some(isTelling))
        return [{ path, message: `${where} is ${found}: ${issue.message}.` }];
      const strange = strangeKeys(document.getIn(path), best);
      if (strange !== null) {
        const [first = ''] = strange;
        const near = nearest(first, knownKeys(schema, path));
        const hint = near === null ? '' : ` Did you mean "${near}"?`;
        return [{ path, message: `"${first}" is not known here: ${issue.message}.${hint}` }];
      }
      return withoutFollowers(best).flatMap(inner => explain(inner, path, document, schema));
    }
    case 'invalid_key':
      return [
        { path, message: `${where}: ${issue.issues.map(({ message }) => message).join(' ')}` },
      ];
    case 'invalid_type':
      return found === 'nothing'
        ? [{ path, message: `${where} is missing; it must be ${kindOf(issue.expected)}.` }]
        : [{ path, message: `${where} is ${found}, but must be ${kindOf(issue.expected)}.` }];
    default: {
      const is = found === 'a group' || found === 'a list' ? where : `${where} is ${found}`;
      return [{ path, message: `${is}: ${issue.message}.`.replace(/\.\.$/, '.') }];
    }
  }
}

/** People count a list's parts from 1. */
function shownStep(step: PropertyKey): string {
  return typeof step === 'number' ? String(step + 1) : String(step);
}

/** A type in the words of people who write. */
function kindOf(expected: string): string {
  switch (expected) {
    case 'array':
      return 'a list';
    case 'object':
    case 'record':
      return 'a group';
    case 'string':
      return 'a text';
    case 'number':
    case 'int':
      return 'a number';
    case 'boolean':
      return 'yes or no';
    default:
      return expected;
  }
}

/** The keys of a value of which an alternative knows none; null when it knows some. */
function strangeKeys(value: unknown, issues: readonly Issue[]): string[] | null {
  if (!isMap(value)) return null;
  const keys = value.items.map(({ key }) => String(isScalar(key) ? key.value : key));
  const unknown = issues.flatMap(issue =>
    issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [],
  );
  return keys.length > 0 && keys.every(key => unknown.includes(key)) ? unknown : null;
}

/**
 * How badly an alternative of a union fits. The one that was meant knows most of the keys that are
 * there, and lacks fewest of its own.
 */
function misfit(issues: readonly Issue[]): number {
  const unknown = issues.reduce(
    (sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 0),
    0,
  );
  return unknown * 1_000 + issues.length + (issues.some(isTelling) ? 0 : 100);
}

/** Whether an issue says more than that this alternative is of another type altogether. */
function isTelling(issue: Issue): boolean {
  return issue.path.length > 0 || issue.code !== 'invalid_type';
}

interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  propertyNames?: { enum?: string[] };
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
}

const asJson = new WeakMap<z.ZodType, JsonSchema>();

/** The keys that the schema knows at a path, for suggestions. */
export function knownKeys(schema: z.ZodType, path: Path): string[] {
  let whole = asJson.get(schema);
  if (whole === undefined) {
    whole = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
    asJson.set(schema, whole);
  }
  return keysAt(whole, path);
}

function keysAt(whole: JsonSchema, path: Path): string[] {
  const resolve = (node: JsonSchema): JsonSchema[] => {
    const target =
      node.$ref === '#' ? whole : whole.$defs?.[node.$ref?.replace('#/$defs/', '') ?? ''];
    if (target !== undefined) return resolve(target);
    return node.anyOf === undefined ? [node] : node.anyOf.flatMap(resolve);
  };
  let nodes = resolve(whole);
  for (const step of path)
    nodes = nodes.flatMap(node => {
      const next =
        node.properties?.[String(step)] ??
        (typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined) ??
        node.items;
      return next === undefined ? [] : resolve(next);
    });
  return [
    ...new Set(
      nodes.flatMap(node => [
        ...Object.keys(node.properties ?? {}),
        ...(node.propertyNames?.enum ?? []),
      ]),
    ),
  ];
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value) || (typeof value === 'object' && 'items' in value)) {
    return isMap(value) ? 'a group' : 'a list';
  }
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
