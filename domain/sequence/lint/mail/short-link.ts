import { inLinks } from '../links.ts';
import type { Rule } from '../finding.ts';

export const shortLink: Rule = {
  id: 'short-link',
  severity: 'warning',
  why: 'Links of shorteners hide where they lead; filters know that spam likes them.',
  mend: 'Write the whole address; clicks are counted by themselves.',
  example: { wrong: 'href="https://bit.ly/3xYz"', right: 'href="https://northwind.example/guide"' },
  check: inLinks(({ target }) => {
    const [, host] =
      /^https?:\/\/(bit\.ly|tinyurl\.com|t\.co|goo\.gl|ow\.ly|is\.gd|buff\.ly|rebrand\.ly|cutt\.ly|lnkd\.in|t\.ly|shorturl\.at)(?=[/?#]|$)/i.exec(
        target,
      ) ?? [];
    return host === undefined
      ? null
      : `"${host}" hides where the link leads; write the whole address.`;
  }),
};
