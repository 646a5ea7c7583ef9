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
    const [, name] = /^[a-z]+:[^{]*[/?#&=@:][^{]*\{\{-?\s*(lead\.\w+)/i.exec(target) ?? [];
    return name === undefined || /^[a-z]+:\/\/[^/?#]*\{/i.test(target)
      ? null
      : `"${name}" stands in the address of a page, and so in the logs of others; leave it out.`;
  }),
};
