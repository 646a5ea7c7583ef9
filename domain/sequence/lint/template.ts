import { Parser } from 'htmlparser2';

/** A file that a person wrote. */
export interface Source {
  /** Its path, for messages. */
  file: string;
  text: string;
}

/** An attribute, and where its value stands, without the quotes. */
export interface Attribute {
  value: string;
  start: number;
  end: number;
}

/** An element of a template: MJML's, or HTML's where it stands in `mj-text` and the like. */
export interface Element {
  name: string;
  attributes: ReadonlyMap<string, Attribute>;
  /** The file that it stands in: the mail's, or one that it includes. */
  source: Source;
  /** Where it begins, and where its opening tag ends. */
  start: number;
  opened: number;
  parent: Element | null;
  children: Content[];
}

/** What is written between tags. */
interface Words {
  words: string;
  start: number;
}

type Content = Element | Words;

/** More elements than anybody writes; what comes after them is not looked at. */
const mostElements = 20_000;

/**
 * Parses a template, with what it includes in the place of each `mj-include`.
 * @param included what an include in a file leads to; null where it leads nowhere
 * @returns a nameless element that holds the others
 */
export function parseTemplate(
  source: Source,
  included: (from: Source, path: string) => Source | null,
): Element {
  let count = 0;
  const parse = (from: Source, root: Element, depth: number): Element => {
    let current = root;
    let attributes = new Map<string, Attribute>();
    const parser = new Parser(
      {
        onopentagname: () => (attributes = new Map()),
        onattribute: (name, value, quote) => {
          const end = quote === undefined || quote === null ? parser.endIndex : parser.endIndex - 1;
          attributes.set(name, { value, start: end - value.length, end });
        },
        onopentag: name => {
          const [start, opened] = [parser.startIndex, parser.endIndex + 1];
          const parent = current;
          current = { name, attributes, source: from, start, opened, parent, children: [] };
          if (++count > mostElements) return;
          parent.children.push(current);
          const path = name === 'mj-include' ? attributes.get('path')?.value : undefined;
          const target = path === undefined || depth > 5 ? null : included(from, path);
          if (target !== null) parse(target, current, depth + 1);
        },
        ontext: words => current.children.push({ words, start: parser.startIndex }),
        onclosetag: () => (current = current.parent ?? root),
      },
      { recognizeSelfClosing: true, decodeEntities: false },
    );
    parser.end(withoutLiquidTags(from.text));
    return root;
  };
  const root: Element = {
    name: '',
    attributes: new Map(),
    source,
    start: 0,
    opened: 0,
    parent: null,
    children: [],
  };
  return parse(source, root, 0);
}

/** A stretch of a text. */
interface Stretch {
  start: number;
  end: number;
}

/**
 * The stretches of a text from one sign to the next of another. By a regular expression a text with many beginnings
 * and no end would take very long.
 */
function stretches(text: string, open: string, close: string): Stretch[] {
  const found: Stretch[] = [];
  for (let start = text.indexOf(open); start >= 0;) {
    const last = text.indexOf(close, start + open.length);
    if (last < 0) break;
    const end = last + close.length;
    found.push({ start, end });
    start = text.indexOf(open, end);
  }
  return found;
}

/** Liquid outputs and tags, as they are written, each with where it stands. */
export function liquidOf(text: string): { token: string; index: number }[] {
  const tokens = [...stretches(text, '{{', '}}'), ...stretches(text, '{%', '%}')];
  return tokens
    .toSorted((a, b) => a.start - b.start)
    .map(({ start, end }) => ({ token: text.slice(start, end), index: start }));
}

/** The same for a file, outside of its comments. */
export function liquidIn({ text }: Source): { token: string; index: number }[] {
  return liquidOf(withoutComments(text));
}

/** The same text, and as long, with spaces in the place of comments. */
export function withoutComments(text: string): string {
  return replaced(text, stretches(text, '<!--', '-->'), comment => comment.replace(/[^\n]/g, ' '));
}

/** The same text, and as long, in which no Liquid looks like the beginning of a tag. */
export function withoutLiquidTags(text: string): string {
  return withoutLiquid(text, token => token.replace(/[<>]/g, ' '));
}

/** A text in which each piece of Liquid is replaced by another text. */
export function withoutLiquid(text: string, by: (token: string) => string): string {
  const tokens = liquidOf(text).map(({ token, index }) => ({
    start: index,
    end: index + token.length,
  }));
  return replaced(text, tokens, by);
}

function replaced(text: string, parts: readonly Stretch[], by: (part: string) => string): string {
  let from = 0;
  const kept: string[] = [];
  for (const { start, end } of parts) {
    // One may stand in another.
    if (start < from) continue;
    kept.push(text.slice(from, start), by(text.slice(start, end)));
    from = end;
  }
  return kept.join('') + text.slice(from);
}

/** All elements in an element, in the order in which they are written; not itself. */
export function elementsIn(element: Element): Element[] {
  const found: Element[] = [];
  const visit = ({ children }: Element): void => {
    for (const child of children)
      if ('name' in child) {
        found.push(child);
        visit(child);
      }
  };
  visit(element);
  return found;
}

/** What is written in an element and those in it, with single spaces. */
export function wordsIn(element: Element): string {
  const parts: string[] = [];
  const visit = ({ children }: Element): void => {
    for (const child of children)
      if ('name' in child) visit(child);
      else parts.push(child.words);
  };
  visit(element);
  return parts
    .join(' ')
    .replace(/&nbsp;|&zwnj;|&#\d+;/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** An element's parent, that one's, and so on. */
export function* ancestors(element: Element): Generator<Element> {
  for (let at = element.parent; at !== null && at.name !== ''; at = at.parent) yield at;
}

/** What an element's own `style` says, by property. */
export function stylesOf(element: Element): Map<string, string> {
  const styles = new Map<string, string>();
  for (const part of (element.attributes.get('style')?.value ?? '').split(';')) {
    const colon = part.indexOf(':');
    if (colon > 0)
      styles.set(
        part.slice(0, colon).trim().toLowerCase(),
        part
          .slice(colon + 1)
          .replace('!important', '')
          .trim(),
      );
  }
  return styles;
}
