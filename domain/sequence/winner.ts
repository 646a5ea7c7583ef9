import { isMap, isScalar, isSeq, parseDocument, type Pair, type Scalar, type YAMLMap } from 'yaml';
import { suggestion } from '../document/nearest.ts';
import { holdOut } from './variants.ts';

/** A variant cannot be made the only one. */
class WinnerError extends Error {
  override readonly name = 'WinnerError';
}

/** A sequence without a split. */
export interface Won {
  /** The text of `sequence.yaml`; all else in it as it was, to the last space. */
  text: string;
  /**
   * The file of the mail is to become the variant's, without `.mjml`: the mail keeps its name, by which nobody gets it
   * twice. Null where it was made of its own file.
   */
  file: { from: string; to: string } | null;
}

/**
 * Makes one variant of a split the only one: a mail gets the variant's subject, preheader and file; a split gives way
 * to the steps of the path. Nothing but the lines of that step is touched.
 * @throws WinnerError when there is no such split or variant, it is not written on lines of its own, or nothing would
 * be left
 */
export function withWinner(text: string, split: string, variant: string): Won {
  const found = stepsOf(parseDocument(text).contents).filter(({ name }) => name === split);
  const [step] = found;
  if (step === undefined) {
    const names = stepsOf(parseDocument(text).contents).map(({ name }) => name);
    throw new WinnerError(
      names.length === 0
        ? 'There are no variants and no splits in this sequence.'
        : `There are no variants of "${split}".${suggestion(split, names)}`,
    );
  }
  if (found.length > 1) throw new WinnerError(`"${split}" is there ${found.length} times.`);
  const way = pairOf(step.ways, variant)?.value;
  if (!isMap(way)) {
    const names = step.ways.items.map(({ key }) => keyText(key));
    throw new WinnerError(`"${split}" has no variant "${variant}".${suggestion(variant, names)}`);
  }
  const lines = new Lines(text);
  const won =
    step.of === 'mail' ? mailWon(lines, step.map, variant, way) : pathWon(lines, step, way);
  const after = parseDocument(won.text);
  if (after.errors.length > 0 || stepsOf(after.contents).some(({ name }) => name === split))
    throw new WinnerError(`"${split}" cannot be rewritten as it is written; do it by hand.`);
  return won;
}

/** A step that goes several ways. */
interface SplitStep {
  of: 'mail' | 'paths';
  name: string;
  map: YAMLMap;
  ways: YAMLMap;
  /** How many steps stand in the list that it is in. */
  beside: number;
}

/** Every step that has variants or paths, also inside others. */
function stepsOf(node: unknown): SplitStep[] {
  if (!isMap(node)) return [];
  return node.items.flatMap(({ value }) => {
    if (isMap(value)) return stepsOf(value);
    if (!isSeq(value)) return [];
    return value.items.flatMap((map): SplitStep[] => {
      if (!isMap(map)) return [];
      const of = pairOf(map, 'split') === undefined ? 'mail' : 'paths';
      const name = pairOf(map, of === 'mail' ? 'mail' : 'split')?.value;
      const ways = pairOf(map, of === 'mail' ? 'variants' : 'paths')?.value;
      const own =
        isScalar(name) && isMap(ways)
          ? [{ of, name: String(name.value), map, ways, beside: value.items.length } as const]
          : [];
      return [...own, ...stepsOf(map)];
    });
  });
}

function mailWon(lines: Lines, step: YAMLMap, variant: string, way: YAMLMap): Won {
  if (variant === holdOut)
    throw new WinnerError(
      'Who is held out gets nothing: to make that the rule, take the mail out of the sequence by hand, with the wait that belongs to it.',
    );
  const edits: Edit[] = [];
  for (const key of ['subject', 'preheader'] as const) {
    const [own, of] = [scalarOf(way, key), scalarOf(step, key)];
    if (own !== null && of !== null) edits.push(lines.scalarBecomes(of, own));
  }
  const variants = pairOf(step, 'variants');
  if (variants === undefined) throw new WinnerError('It has no variants.');
  edits.push(lines.block(offsetOf(variants)));
  const [file, mail] = [scalarOf(way, 'mail'), scalarOf(step, 'mail')];
  const [from, to] = [String(file?.value ?? mail?.value), String(mail?.value)];
  return { text: lines.edited(edits), file: from === to ? null : { from, to } };
}

function pathWon(lines: Lines, { map, beside }: SplitStep, way: YAMLMap): Won {
  const steps = pairOf(way, 'steps');
  const whole = lines.item(map.range?.[0] ?? 0);
  if (steps === undefined) {
    if (beside === 1)
      throw new WinnerError(
        'That path has no steps and the split stands alone in its list: take both out by hand.',
      );
    return { text: lines.edited([{ ...whole, text: '' }]), file: null };
  }
  const inner = lines.block(offsetOf(steps));
  const body = lines.after(inner);
  return {
    text: lines.edited([{ ...whole, text: lines.indented(body, whole.indent) }]),
    file: null,
  };
}

function pairOf(map: YAMLMap, name: string): Pair | undefined {
  return map.items.find(({ key }) => keyText(key) === name);
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : '';
}

function scalarOf(map: YAMLMap, name: string): Scalar | null {
  const value = pairOf(map, name)?.value;
  return isScalar(value) ? value : null;
}

function offsetOf({ key }: Pair): number {
  return isScalar(key) ? (key.range?.[0] ?? 0) : 0;
}

/** What stands from one offset to another, and what is to stand there. */
interface Edit {
  from: number;
  to: number;
  text: string;
}

/** A text by its lines, whose indentation says what belongs together. */
class Lines {
  readonly #text: string;
  readonly #starts: number[];

  constructor(text: string) {
    this.#text = text;
    this.#starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  }

  edited(edits: readonly Edit[]): string {
    return edits
      .toSorted((a, b) => b.from - a.from)
      .reduce(
        (text, { from, to, text: by }) => text.slice(0, from) + by + text.slice(to),
        this.#text,
      );
  }

  /** Writes one value in the place of another: as it is written where that is one line, and in quotes otherwise. */
  scalarBecomes(old: Scalar, value: Scalar): Edit {
    const [before, after] = [this.#written(old), this.#written(value)];
    const text = after.includes('\n') ? JSON.stringify(value.value) : after;
    // A text of several lines ends with its last.
    return {
      from: old.range?.[0] ?? 0,
      to: old.range?.[1] ?? 0,
      text: before.endsWith('\n') ? `${text}\n` : text,
    };
  }

  /** The lines of a key and of what is indented under it. */
  block(offset: number): Edit & { first: number; last: number } {
    const first = this.#lineAt(offset);
    const column = offset - this.#start(first);
    if (this.#line(first).slice(0, column).trim() !== '')
      throw new WinnerError(
        'Its steps are written in braces, or on the line of a dash: write each key on a line of its own.',
      );
    return { ...this.#lines(first, column), text: '' };
  }

  /** The lines of a list's item, from its dash; `indent` is the dash's. */
  item(offset: number): { from: number; to: number; indent: number } {
    const first = this.#lineAt(offset);
    const [, indent] = /^( *)- /.exec(this.#line(first)) ?? [];
    if (indent === undefined)
      throw new WinnerError('The split is not written on lines of its own: begin it with a dash.');
    return { ...this.#lines(first, indent.length), indent: indent.length };
  }

  /** The lines under a key, without its own. */
  after({ first, last }: { first: number; last: number }): string[] {
    if (first === last)
      throw new WinnerError('Its steps are written in brackets: write each on a line of its own.');
    return Array.from({ length: last - first }, (_, n) => this.#line(first + 1 + n));
  }

  /** Lines moved to the left or right, so that the list in them begins so many spaces in. */
  indented(lines: readonly string[], indent: number): string {
    const dash = lines.find(line => /^ *- /.test(line));
    if (dash === undefined)
      throw new WinnerError('Its steps are written in brackets: write each on a line of its own.');
    const shift = dash.search(/\S/) - indent;
    return lines
      .map(line =>
        shift < 0 ? ' '.repeat(-shift) + line : line.replace(new RegExp(`^ {0,${shift}}`), ''),
      )
      .map(line => `${line.trim() === '' ? '' : line}\n`)
      .join('');
  }

  /** From a line on all that belongs to what stands in its column: what is indented more, without what follows that. */
  #lines(first: number, column: number): { from: number; to: number; first: number; last: number } {
    let last = first;
    for (let line = first + 1; line < this.#starts.length; line++) {
      const text = this.#line(line);
      if (text.trim() === '') continue;
      const indent = text.search(/\S/);
      // The items of a list may stand as far left as its key.
      const isItem = indent === column && text.startsWith('- ', indent) && !this.#isDash(first);
      if (indent <= column && !isItem) break;
      last = line;
    }
    const to = this.#starts[last + 1] ?? this.#text.length;
    return { from: this.#start(first), to, first, last };
  }

  #written({ range }: Scalar): string {
    return this.#text.slice(range?.[0], range?.[1]);
  }

  #isDash(line: number): boolean {
    return this.#line(line).trimStart().startsWith('- ');
  }

  #lineAt(offset: number): number {
    return this.#starts.findLastIndex(start => start <= offset);
  }

  #start(line: number): number {
    return this.#starts[line] ?? this.#text.length;
  }

  #line(line: number): string {
    return this.#text
      .slice(this.#start(line), this.#starts[line + 1] ?? this.#text.length)
      .replace(/\r?\n$/, '');
  }
}
