import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { placeAt } from '../domain/document/place.ts';
import type { Edit, Surroundings } from '../domain/sequence/lint/finding.ts';
import { lintSequences, type ToldFinding } from './lint-sequences.ts';

/** A line that was mended. */
export interface Mended {
  file: string;
  line: number;
  rule: string;
  before: string;
  after: string;
}

/** One mend may show another; more than this many times they would never end. */
const mostRounds = 5;

/**
 * Mends what is mechanical in sequences, at its place alone.
 * @param isDry whether files stay as they are
 * @returns what was mended, and what is still found; of a dry run, what was found
 */
export async function fixSequences(
  templates: string,
  names: readonly string[],
  known: Surroundings,
  isDry: boolean,
): Promise<{ mended: Mended[]; findings: ToldFinding[] }> {
  const mended: Mended[] = [];
  let findings = await lintSequences(templates, names, known);
  for (let round = 0; round < mostRounds; round++) {
    const texts = new Map<string, string>();
    const done: Mended[] = [];
    for (const [file, edits] of editsByFile(findings)) {
      const text = await readFile(resolve(file), 'utf8');
      const result = applied(text, edits);
      texts.set(file, result.text);
      done.push(...result.mended);
    }
    mended.push(...done);
    if (isDry || done.length === 0) break;
    for (const [file, text] of texts) await writeFile(resolve(file), text);
    findings = await lintSequences(templates, names, known);
  }
  return { mended, findings };
}

type RuledEdit = Edit & { rule: string };

function editsByFile(findings: readonly ToldFinding[]): Map<string, RuledEdit[]> {
  const byFile = new Map<string, RuledEdit[]>();
  for (const { edits = [], rule } of findings)
    for (const edit of edits)
      byFile.set(edit.file, [...(byFile.get(edit.file) ?? []), { ...edit, rule }]);
  return byFile;
}

/** A text with its edits, the last first, so that the places of the others stay right. One that meets another waits. */
function applied(text: string, edits: readonly RuledEdit[]): { text: string; mended: Mended[] } {
  let result = text;
  let from = Infinity;
  const mended: Mended[] = [];
  for (const edit of edits.toSorted((a, b) => b.start - a.start)) {
    if (edit.end > from || edit.start === from) continue;
    from = edit.start;
    const before = lineAt(result, edit.start);
    result = result.slice(0, edit.start) + edit.text + result.slice(edit.end);
    const { line } = placeAt(text, edit.start);
    const { file, rule } = edit;
    mended.unshift({ ...{ file, line, rule, before }, after: lineAt(result, edit.start) });
  }
  return { text: result, mended };
}

function lineAt(text: string, offset: number): string {
  const end = text.indexOf('\n', offset);
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, end < 0 ? text.length : end).trim();
}
