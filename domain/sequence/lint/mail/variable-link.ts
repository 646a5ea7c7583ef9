import { inLinks } from '../links.ts';
import type { Rule } from '../finding.ts';

export const variableLink: Rule = {
  id: 'variable-link',
  severity: 'error',
  why: 'Who fills in a form would decide where the link leads: to another site, or to a script.',
  mend: 'Write the address; only {{ links.… }} may stand in its place.',
  example: { wrong: 'href="{{ lead.company }}"', right: 'href="https://northwind.example/demo"' },
  check: inLinks(({ target }) => {
    const [, name] = /^\{\{-?\s*([\w.]+)/.exec(target) ?? [];
    return name === undefined || name.startsWith('links.')
      ? null
      : `"${name}" decides where this link leads; write the address itself.`;
  }),
};
