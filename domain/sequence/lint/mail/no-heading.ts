import { findingOf, type Rule } from '../finding.ts';
import { bodyOf, wordsOf } from '../prose.ts';

/** Words that are read without anything to hold on to. */
const manyWords = 200;

export const noHeading: Rule = {
  id: 'no-heading',
  severity: 'hint',
  why: 'A long mail is skimmed, and headings are what is read then.',
  mend: 'Give it an <h1>, and each thought an <h2>.',
  example: { wrong: '(250 words in one go)', right: '<h1>Three plants, three numbers</h1> …' },
  check: ({ mails }) =>
    mails
      .filter(
        mail =>
          wordsOf(bodyOf(mail)).length > manyWords &&
          !mail.elements.some(({ name }) => /^h[1-3]$/.test(name)),
      )
      .map(mail =>
        findingOf(mail, `${wordsOf(bodyOf(mail)).length} words have no heading; give them one.`),
      ),
};
