import { Composer, CST, isCollection, isMap, isScalar, Parser, type Document, type Pair } from 'yaml';
import type { Proposal } from '../calibrate.ts';

/** A number that was to be changed is not where it should be. */
export class NotThereError extends Error {
  override readonly name = 'NotThereError';
}

/**
 * Writes proposals into the text of an agreement, each with its reason beside it. Everything else stays as it is,
 * to the last space and comment: the tokens of the text are changed, and not what they mean.
 * @throws NotThereError when the text holds another number, or none, where one is to be changed
 */
export function withProposals(text: string, proposals: readonly Proposal[]): string {
  const tokens = [...new Parser().parse(text)];
  const [document] = new Composer({ keepSourceTokens: true }).compose(tokens);
  if (document === undefined) throw new NotThereError('The file is empty.');
  for (const { path, from, to, why } of proposals) {
    const isLevel = path[0] === 'fit';
    const found = pairsTo(document, path);
    const last = found.at(-1);
    const number = isLevel ? last?.key : last?.value;
    const source = isScalar(number) && Number(number.value) === from ? number.srcToken : undefined;
    if (source === undefined || !CST.isScalar(source))
      throw new NotThereError(`There is no ${from} at ${path.join('.')}; the file is another version.`);
    CST.setScalarValue(source, String(to));
    remark(found, isLevel ? why : `${path.at(-1) ?? ''} ${why}`);
  }
  return tokens.map(token => CST.stringify(token)).join('');
}

/** The pairs that lead to a place, from the outermost on. */
function pairsTo(document: Document.Parsed, path: readonly string[]): Pair[] {
  const pairs: Pair[] = [];
  let node: unknown = document.contents;
  for (const step of path) {
    if (!isMap(node)) return [];
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
    if (pair === undefined) return [];
    pairs.push(pair);
    node = pair.value;
  }
  return pairs;
}

/** Sets a comment at the end of the line: beside the innermost value that stands on lines of its own. */
function remark(pairs: readonly Pair[], text: string): void {
  const line = pairs.find(({ value }) => !isCollection(value) || value.flow === true);
  const token = line?.srcToken?.value;
  if (token === undefined || !('end' in token)) return;
  const end = (token.end ??= []);
  const comment = end.find(({ type }) => type === 'comment');
  if (comment !== undefined) {
    comment.source += `; ${text}`;
    return;
  }
  const at = { offset: token.offset, indent: 0 };
  // A list or group in brackets ends with its bracket.
  const bracket = end.findIndex(({ type }) => type === 'flow-map-end' || type === 'flow-seq-end');
  end.splice(
    bracket + 1,
    0,
    { type: 'space', source: ' ', ...at },
    { type: 'comment', source: `# ${text}`, ...at },
  );
}
