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
        message: `this is no YAML: ${mistake.message}.${hintFor(mistake.code)}`,
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
  const problems = parsed.error.issues.flatMap(issue =>
    explain(issue, [], document, schema).map(({ path, message }) => ({ ...at(path), message })),
  );
  throw new DocumentError(file, problems);
}

function hintFor(code: string): string {
  switch (code) {
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
  const where = path.length === 0 ? 'the document' : `"${path.map(String).join('.')}"`;
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
      return best === undefined || !best.some(isTelling)
        ? [{ path, message: `${where} is ${found}: ${issue.message}.` }]
        : best.flatMap(inner => explain(inner, path, document, schema));
    }
    case 'invalid_key':
      return [
        { path, message: `${where}: ${issue.issues.map(({ message }) => message).join(' ')}` },
      ];
    case 'invalid_type':
      return found === 'nothing'
        ? [{ path, message: `${where} is missing (expected: ${issue.expected}).` }]
        : [{ path, message: `${where} is ${found}, but must be: ${issue.expected}.` }];
    default:
      return [{ path, message: `${where} is ${found}: ${issue.message}.`.replace(/\.\.$/, '.') }];
  }
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

/** The keys that the schema knows at a path, for suggestions. */
function knownKeys(schema: z.ZodType, path: Path): string[] {
  interface JsonSchema {
    properties?: Record<string, JsonSchema>;
    propertyNames?: { enum?: string[] };
    additionalProperties?: JsonSchema | boolean;
    items?: JsonSchema;
    anyOf?: JsonSchema[];
    $ref?: string;
    $defs?: Record<string, JsonSchema>;
  }
  const whole = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
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
