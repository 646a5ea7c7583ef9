import { readFile, readdir } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { placeAt } from '../domain/document/place.ts';
import type { Problem } from '../domain/document/problem.ts';
import { suggestion } from '../domain/document/nearest.ts';

const includeTag = /<mj-include\b[^>]*?\bpath\s*=\s*"([^"]*)"[^>]*>/g;

/**
 * What is wrong with the includes of a mail, and with those of what it includes: MJML itself leaves such
 * an include out without a word.
 * @param file the mail's path, which its includes are relative to
 * @param root the folder that includes may not leave
 */
export async function includeProblems(
  source: string,
  file: string,
  root: string,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const { 1: path = '', index } of source.matchAll(includeTag)) {
    const message = await problemOf(path, file, root, [file]);
    if (message !== null) problems.push({ ...placeAt(source, index), message });
  }
  return problems;
}

async function problemOf(
  path: string,
  from: string,
  root: string,
  chain: readonly string[],
): Promise<string | null> {
  const target = resolve(dirname(from), path);
  if (!target.startsWith(resolve(root) + sep))
    return `"${path}" leaves the templates; keep what is included in templates/brand/.`;
  if (chain.includes(target)) return `"${path}" includes itself in the end.`;
  const included = await readFile(target, 'utf8').catch(() => null);
  if (included === null) {
    const beside = await readdir(dirname(target)).catch(() => []);
    return `there is no "${path}".${suggestion(path.split('/').at(-1) ?? path, beside)}`;
  }
  for (const [, inner = ''] of included.matchAll(includeTag)) {
    const message = await problemOf(inner, target, root, [...chain, target]);
    if (message !== null) return `"${path}": ${message}`;
  }
  return null;
}
