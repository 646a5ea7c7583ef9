import { inLinks } from '../links.ts';
import type { Rule } from '../finding.ts';

export const personalHost: Rule = {
  id: 'personal-host',
  severity: 'error',
  why: "A site whose name is made from a field can be anybody's, and most of them do not exist.",
  mend: 'Write the name of the site; what differs by lead belongs behind it.',
  example: {
    wrong: 'href="https://{{ lead.company }}.example/"',
    right: 'href="https://northwind.example/"',
  },
  check: inLinks(({ target }) =>
    /^[a-z]+:\/\/[^/?#]*\{[{%]/i.test(target)
      ? 'the name of the site is made from a field; write the name itself.'
      : null,
  ),
};
