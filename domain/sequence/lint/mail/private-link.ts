import { inLinks } from '../links.ts';
import type { Rule } from '../finding.ts';

export const privateLink: Rule = {
  id: 'private-link',
  severity: 'error',
  why: 'What only your machine or your network reaches is nothing to a lead.',
  mend: 'Link to the page that everybody can reach.',
  example: {
    wrong: 'href="http://localhost:3000/demo"',
    right: 'href="https://northwind.example/demo"',
  },
  check: inLinks(({ target }) => {
    const [, host] =
      /^https?:\/\/(?:[^/@]*@)?(localhost|[^/?#:]+\.(?:local|internal|test|localhost)|127\.[\d.]+|10\.[\d.]+|192\.168\.[\d.]+|172\.(?:1[6-9]|2\d|3[01])\.[\d.]+|0\.0\.0\.0|\[::1\])(?=[:/?#]|$)/i.exec(
        target,
      ) ?? [];
    return host === undefined
      ? null
      : `no lead reaches "${host}"; link to the page that everybody can reach.`;
  }),
};
