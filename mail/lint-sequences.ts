import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { clipped } from '../domain/document/text.ts';
import { DocumentError } from '../domain/document/problem.ts';
import type { Surroundings } from '../domain/sequence/lint/finding.ts';
import { formRules } from '../domain/sequence/lint/form.ts';
import { rules, type RuledFinding } from '../domain/sequence/lint/rules.ts';
import { readSequence } from './sequence-folder.ts';
import { largest } from './template-file.ts';

/** A finding with the line that it is about, and what to do about it. */
export interface ToldFinding extends RuledFinding {
  mend: string;
  /** The line as it stands in the file, without the spaces around it; empty where there is none. */
  text: string;
}

/** All that is wrong with sequences, also with those that cannot even be read; each finding once. */
export async function lintSequences(
  templates: string,
  names: readonly string[],
  known: Surroundings,
): Promise<ToldFinding[]> {
  const found = (await Promise.all(names.map(name => findingsOf(templates, name, known)))).flat();
  // What sequences share is found with each of them.
  const once = new Map(
    found.map(each => [
      [each.file, each.line, each.column, each.rule, each.message].join('\n'),
      each,
    ]),
  );
  return tell([...once.values()]);
}

/** Findings with what a person needs to see of each. */
export async function tell(findings: readonly RuledFinding[]): Promise<ToldFinding[]> {
  const lines = new Map<string, string[]>();
  for (const file of new Set(findings.map(each => each.file))) lines.set(file, await linesOf(file));
  return findings.map(finding => ({
    ...finding,
    mend: mends.get(finding.rule) ?? '',
    text: clipped(lines.get(finding.file)?.[finding.line - 1]?.trim() ?? '', 160),
  }));
}

const mends = new Map([...rules, ...formRules].map(({ id, mend }) => [id, mend]));

async function findingsOf(
  templates: string,
  name: string,
  known: Surroundings,
): Promise<RuledFinding[]> {
  try {
    return (await readSequence(templates, name, known)).findings;
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    const { file, problems } = error;
    return problems.map(problem => ({ ...problem, file, rule: 'form', severity: 'error' }));
  }
}

/** The lines of a file; none of what is no text, or too large to be shown. */
async function linesOf(file: string): Promise<string[]> {
  const path = resolve(file);
  const size = await stat(path).then(
    found => (found.isFile() ? found.size : Infinity),
    () => Infinity,
  );
  if (size > largest.mail) return [];
  return (await readFile(path, 'utf8').catch(() => '')).split('\n');
}
