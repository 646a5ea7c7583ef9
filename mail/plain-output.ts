import { Output, type Context, type Emitter, type Template } from 'liquidjs';

/** What most outputs of mails are: `{{ lead.company }}`, with a text or another variable as its default or without one. */
const plain =
  /^\s*([a-z_]+)\.([a-z_]+)\s*(?:\|\s*default:\s*(?:"([^"\\]*)"|'([^'\\]*)'|([a-z_]+)\.([a-z_]+))\s*)?$/;
/** Tags that make no variables, so that a name means everywhere what it was given as. */
const harmless = new Set('if elsif else endif unless endunless comment endcomment'.split(' '));
/** Properties that Liquid gives to things which have none by that name. */
const given = new Set(['size', 'first', 'last']);

/**
 * Lets plain outputs go straight to their variables, several times as fast as Liquid, which takes every step of every
 * output for one that may be waited for. Whatever is not a text or a number, or is missing and has no default, is
 * Liquid's as before, and so are its complaint and its guards.
 * @param escaped whether the outputs of these templates are escaped for HTML
 */
export function withPlainOutputs(
  source: string,
  templates: readonly Template[],
  escaped: boolean,
): Template[] {
  for (const [, tag = ''] of source.matchAll(/\{%-?\s*(\w*)/g))
    if (!harmless.has(tag)) return [...templates];
  return templates.map(template => {
    if (!(template instanceof Output)) return template;
    const { input, contentRange } = template.token;
    const [, ...parts] = plain.exec(input.slice(...contentRange)) ?? [];
    const [name, field, double, single, otherName, otherField] = parts;
    if (name === undefined || field === undefined || given.has(field)) return template;
    const fallback =
      otherName === undefined || otherField === undefined
        ? (double ?? single)
        : { name: otherName, field: otherField };
    if (typeof fallback === 'object' && given.has(fallback.field)) return template;
    return new PlainOutput(template, { name, field }, fallback, escaped);
  });
}

interface Variable {
  name: string;
  field: string;
}

class PlainOutput implements Template {
  readonly token;
  readonly #output: Output;
  readonly #variable: Variable;
  readonly #fallback: string | Variable | undefined;
  readonly #escaped: boolean;

  constructor(
    output: Output,
    variable: Variable,
    fallback: string | Variable | undefined,
    escaped: boolean,
  ) {
    this.token = output.token;
    this.#output = output;
    this.#variable = variable;
    this.#fallback = fallback;
    this.#escaped = escaped;
  }

  render(context: Context, emitter: Emitter): unknown {
    const text = this.#text(context.environments);
    if (text === null) return this.#output.render(context, emitter);
    if (!this.#escaped) return text;
    context.memoryLimit.use(text.length);
    return escape(text);
  }

  /** @returns null when it is for Liquid to say */
  #text(variables: object): string | null {
    const fallback = this.#fallback;
    // Liquid asks for the default also where it is not needed, and complains when it is missing.
    const otherwise = typeof fallback === 'object' ? textOf(variables, fallback) : fallback;
    if (typeof fallback === 'object' && typeof otherwise !== 'string') return null;
    const text = textOf(variables, this.#variable);
    if (text === null || (text !== '' && text !== undefined)) return text;
    return otherwise ?? text ?? null;
  }
}

/** @returns undefined when it is not there, null when it is neither a text nor a number */
function textOf(variables: object, { name, field }: Variable): string | null | undefined {
  if (!Object.hasOwn(variables, name)) return null;
  const whole = (variables as Record<string, unknown>)[name];
  if (typeof whole !== 'object' || whole === null || Array.isArray(whole)) return null;
  if (!Object.hasOwn(whole, field)) return undefined;
  const value = (whole as Record<string, unknown>)[field];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : null;
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
};

/** As Liquid's own filter has it. */
function escape(text: string): string {
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, sign => escapes[sign] ?? sign) : text;
}
