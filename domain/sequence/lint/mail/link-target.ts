import { inLinks } from '../links.ts';
import type { Rule } from '../finding.ts';

export const linkTarget: Rule = {
  id: 'link-target',
  severity: 'error',
  why: 'A link that is empty or relative leads nowhere in a mail program.',
  mend: 'Write the whole address, beginning with https://.',
  example: { wrong: 'href="/pricing"', right: 'href="https://northwind.example/pricing"' },
  check: inLinks(({ target, element }) =>
    /^(https?:\/\/[^\s/]|mailto:.|tel:.|\{\{|#.)/i.test(target) ||
    isCode(target) ||
    // Which is put before it.
    element.parent?.attributes.has('base-url')
      ? null
      : `"${target}" is no link that works in a mail; write the whole address, beginning with https://.`,
  ),
};

/** Whether a target is code or a file of its own, which another rule tells. */
export function isCode(target: string): boolean {
  return /^[\s\p{Cc}]*(javascript|vbscript|data|file|blob)\s*:/iu.test(target);
}
