import { findingAt, type Rule } from '../finding.ts';
import { wordsIn } from '../template.ts';

export const webFont: Rule = {
  id: 'web-font',
  severity: 'warning',
  why: 'Most mail programs ignore web fonts; those that load them tell a third party who reads.',
  mend: 'Use fonts that machines have, as ../../brand/head.mjml does.',
  example: {
    wrong: '<mj-font name="Raleway" href="https://fonts…" />',
    right: 'font-family="Segoe UI, Roboto, Arial, sans-serif"',
  },
  check: ({ mails }) =>
    mails.flatMap(({ elements }) =>
      elements
        .filter(
          element =>
            element.name === 'mj-font' ||
            (element.name === 'link' && element.attributes.has('href')) ||
            (/^(mj-)?style$/.test(element.name) && /@import|@font-face/.test(wordsIn(element))),
        )
        .map(({ source, start }) =>
          findingAt(
            source,
            start,
            'this loads from the web when the mail is opened; use fonts that machines have.',
          ),
        ),
    ),
};
