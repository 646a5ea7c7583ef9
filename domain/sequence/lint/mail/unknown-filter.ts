import type { Edit, LintedSequence, Rule } from '../finding.ts';
import { surelyMeant } from '../meant.ts';
import { liquidIn } from '../template.ts';
import { complaints, filterOf } from './liquid.ts';

export const unknownFilter: Rule = {
  id: 'unknown-filter',
  severity: 'error',
  why: 'Liquid does not know what to do with a filter that does not exist, and the mail cannot be made.',
  mend: 'Use one of https://shopify.github.io/liquid/filters/.',
  example: { wrong: '{{ lead.company | upcas }}', right: '{{ lead.company | upcase }}' },
  fix: 'writes the filter that was meant, where that is sure',
  check: sequence =>
    complaints(sequence, ({ message }) => filterOf(message) !== null).map(found => {
      const filter = filterOf(found.message) ?? '';
      const meant = surelyMeant(filter, sequence.knownFilters);
      return meant === null
        ? found
        : { ...found, edits: editsOf(sequence, found.file, filter, meant) };
    }),
};

function editsOf(sequence: LintedSequence, file: string, filter: string, meant: string): Edit[] {
  return liquidIn({ file, text: textOf(sequence, file) }).flatMap(({ token, index }) =>
    [...token.matchAll(/\|\s*([\w-]+)/g)]
      .filter(([, name]) => name === filter)
      .map(match => {
        const start = index + match.index + match[0].length - filter.length;
        return { file, start, end: start + filter.length, text: meant };
      }),
  );
}

/** What stands in one of a sequence's files. */
export function textOf({ file: own, source, mails }: LintedSequence, file: string): string {
  if (file === own) return source;
  const sources = mails.flatMap(({ sources: all }) => all);
  return sources.find(each => each.file === file)?.text ?? '';
}
