import { structuredPatch } from 'diff';

/** Lines around a change that are told along with it. */
const around = 1;
/** Texts that differ in more lines than this are told to be others as a whole. */
const mostChanges = 400;

/**
 * What a text says differently than the one before, line by line.
 * @returns passages, each of lines that begin with `-`, `+` or a space; null when too much is another
 */
export function textChanges(before: string, after: string): string[][] | null {
  const patch = structuredPatch('', '', before, after, '', '', {
    context: around,
    maxEditLength: mostChanges,
  });
  const isText = (line: string) => !line.startsWith('\\');
  return patch === undefined ? null : patch.hunks.map(({ lines }) => lines.filter(isText));
}

/** Where a mail's links lead, in order, each once; Liquid in them is kept. */
export function linksOf(html: string): string[] {
  const found = [...html.matchAll(/<a\s[^>]*?href\s*=\s*"([^"]*)"/gi)];
  return [...new Set(found.map(([, target = '']) => target.replaceAll('&amp;', '&')))];
}
