import { findingOf, type Rule } from '../finding.ts';

export const darkMode: Rule = {
  id: 'dark-mode',
  severity: 'warning',
  why: 'A mail that does not say that it knows the dark is recolored by the mail program as it likes.',
  mend: 'Include ../../brand/head.mjml, which says it.',
  example: {
    wrong: '(no color-scheme)',
    right: '<mj-style>:root { color-scheme: light dark; }</mj-style>',
  },
  check: ({ mails }) =>
    mails
      .filter(
        ({ html }) =>
          html !== null && !/color-scheme\s*["':][^;>]*\bdark\b/.test(withoutQueries(html)),
      )
      .map(mail =>
        findingOf(mail, 'does not say that it knows the dark; include ../../brand/head.mjml.'),
      ),
};

/** A question whether it is dark is no declaration. */
function withoutQueries(html: string): string {
  return html.replaceAll('prefers-color-scheme', '');
}
