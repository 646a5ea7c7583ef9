import { inLinks } from '../links.ts';
import type { Rule } from '../finding.ts';

export const personalLink: Rule = {
  id: 'personal-link',
  severity: 'warning',
  why: 'Addresses of pages stand in logs of others, and a field that is not encoded can break them.',
  mend: "Leave the field out: a click is known to be the lead's anyhow.",
  example: {
    wrong: 'href="https://…/demo?company={{ lead.company }}"',
    right: 'href="https://…/demo"',
  },
  check: inLinks(({ target }) => {
    const field = target.indexOf('{{');
    const [, name] = /^\{\{-?\s*(lead\.\w+)/.exec(target.slice(field)) ?? [];
    // Before the path another rule looks.
    const isBehindHost = /^(https?:\/\/[^/?#{]+[/?#]|(mailto|tel):)/i.test(target.slice(0, field));
    return field < 0 || name === undefined || !isBehindHost
      ? null
      : `"${name}" stands in the address of a page, and so in the logs of others; leave it out.`;
  }),
};
