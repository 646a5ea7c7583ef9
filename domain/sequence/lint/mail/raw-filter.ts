import { findingAt, type Rule } from '../finding.ts';
import { liquidIn } from '../template.ts';

export const rawFilter: Rule = {
  id: 'raw-filter',
  severity: 'error',
  why: 'What a lead wrote in a form would stand in the mail as HTML: anybody could write in your name.',
  mend: 'Take the filter out; names with an apostrophe are shown right without it.',
  example: { wrong: '{{ lead.company | raw }}', right: '{{ lead.company }}' },
  fix: 'takes the filter out',
  check: ({ mails }) =>
    mails.flatMap(({ sources }) =>
      sources.flatMap(source =>
        liquidIn(source).flatMap(({ token, index }) =>
          [...token.matchAll(/\s*\|\s*raw\b|\{%-?\s*raw\b/g)].map(match => {
            const start = index + match.index;
            const message = 'what a lead wrote would stand here as HTML; take "raw" out.';
            const found = findingAt(source, index, message);
            if (match[0].startsWith('{')) return found;
            const edit = { file: source.file, start, end: start + match[0].length, text: '' };
            return { ...found, edits: [edit] };
          }),
        ),
      ),
    ),
};
