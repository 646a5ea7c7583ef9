import { findingAt, type Rule } from '../finding.ts';
import { contentLinksOf } from '../links.ts';

/** More places to go than anybody looks at. */
const most = 12;

export const manyLinks: Rule = {
  id: 'many-links',
  severity: 'warning',
  why: 'Who can go everywhere goes nowhere, and filters take a mail full of links for spam.',
  mend: 'Keep the links that the mail is about; make two mails of it.',
  example: { wrong: '(15 links)', right: '(one button and a link or two)' },
  check: ({ mails }) =>
    mails.flatMap(mail => {
      const links = contentLinksOf(mail);
      const first = links[most];
      return first === undefined
        ? []
        : [
            findingAt(
              first.element.source,
              first.element.start,
              `this is link ${most + 1} of ${links.length}; more than ${most} are too many for one mail.`,
            ),
          ];
    }),
};
