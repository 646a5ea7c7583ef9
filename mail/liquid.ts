import { Liquid, type LiquidOptions, type Template } from 'liquidjs';
import { suggestion } from '../domain/document/nearest.ts';
import { withPlainOutputs } from './plain-output.ts';

/**
 * Liquid for hostile templates and hostile data: no files, no missing variables, no inherited
 * properties, and bounds on what a template may cost.
 */
const options: LiquidOptions = {
  strictVariables: true,
  strictFilters: true,
  // `| default:` must be able to see that a variable is missing.
  lenientIf: true,
  ownPropertyOnly: true,
  // Without this, `{% render 'package.json' %}` would read a local file.
  templates: {},
  parseLimit: 1_000_000,
  renderLimit: 500,
  memoryLimit: 10_000_000,
};

/** For HTML every output is escaped; for subjects and text parts nothing is. */
export const engines = { html: engine({ outputEscape: 'escape' }), text: engine({}) } as const;
const { html } = engines;

/** The filters that a template may use. */
export const filterNames: readonly string[] = Object.keys(html.filters);

function engine(more: LiquidOptions): Liquid {
  const made = new Liquid({ ...options, ...more });
  // Tags that bring in another file; MJML has includes for that, which stay within the templates.
  for (const name of ['include', 'render', 'layout', 'block'])
    Reflect.deleteProperty(made.tags, name);
  return made;
}

/** A template that was parsed once and can be rendered for many leads. */
export interface ParsedTemplate {
  kind: 'html' | 'text';
  parsed: Template[];
}

/** @throws when the text is not Liquid; the message names line and column */
export function parseLiquid(source: string, kind: 'html' | 'text'): ParsedTemplate {
  const parsed = engines[kind].parse(source);
  return { kind, parsed: withPlainOutputs(source, parsed, kind === 'html') };
}

/** @throws when a variable is missing and has no default */
export function renderLiquid({ kind, parsed }: ParsedTemplate, variables: object): string {
  return String(engines[kind].renderSync(parsed, variables));
}

/**
 * What is wrong with a text as Liquid, or null.
 * @returns the complaint, with the piece of the text that it is about
 */
export function liquidComplaint(source: string): { message: string; about: string } | null {
  try {
    html.parse(source);
    return null;
  } catch (error) {
    const { message, token } = error as Error & {
      token?: { input: string; begin: number; end: number };
    };
    const plain = (message.split('\n')[0] ?? message).replace(/, line:\d+, col:\d+.*$/, '');
    const [, filter] = /^undefined filter: (\S+)/.exec(plain) ?? [];
    const [, tag] = /^tag "(\S+)" not found/.exec(plain) ?? [];
    const hint =
      filter !== undefined
        ? suggestion(filter, Object.keys(html.filters))
        : tag !== undefined
          ? suggestion(tag, Object.keys(html.tags))
          : '';
    return {
      message: `${plain}.${hint}`,
      about: token === undefined ? '' : token.input.slice(token.begin, token.end),
    };
  }
}

/** The variables that a template asks for, such as `lead.first_name`, each once. */
export function variablesOf(source: string): string[] {
  return [...new Set(html.globalFullVariablesSync(source))];
}

/**
 * The variables that may be missing without harm: each stands only with a default, as in
 * `{{ lead.title | default: "" }}`, or is asked for first, as in `{% if lead.title %}`.
 */
export function optionalVariables(source: string): Set<string> {
  const bare = new Set<string>();
  const optional = new Set<string>();
  for (const [, output = ''] of source.matchAll(/\{\{-?([^}]*)\}\}/g)) {
    const [name = '', ...filters] = output
      .replace(/-$/, '')
      .split('|')
      .map(part => part.trim());
    (filters.some(filter => filter.startsWith('default')) ? optional : bare).add(name);
  }
  for (const [, condition = ''] of source.matchAll(/\{%-?\s*(?:if|elsif|unless)\s([^%]*)%\}/g))
    for (const [name] of condition.matchAll(/[a-z_]+(?:\.[a-z_]+)+/g)) {
      bare.delete(name);
      optional.add(name);
    }
  return new Set([...optional].filter(name => !bare.has(name)));
}
