import { inLinks } from '../links.ts';
import type { Rule } from '../finding.ts';
import { isCode } from './link-target.ts';

export const scriptLink: Rule = {
  id: 'script-link',
  severity: 'error',
  why: 'A link that is a script or a file in itself is taken out by mail programs, and makes filters suspect the mail.',
  mend: 'Link to a page that does it.',
  example: {
    wrong: 'href="javascript:open()"',
    right: 'href="https://northwind.example/calculator"',
  },
  check: inLinks(({ target }) =>
    isCode(target)
      ? `"${target.slice(0, 40)}" is no address of a page; link to a page that does it.`
      : null,
  ),
};
