import { findingOf, type Rule } from '../finding.ts';
import { bodyOf, wordsOf } from '../prose.ts';

const manyWords = 400;

export const longMail: Rule = {
  id: 'long-mail',
  severity: 'hint',
  why: 'Few read more than a minute of a mail that they did not ask for.',
  mend: 'Keep the one thought, and link to the rest.',
  example: { wrong: '(500 words)', right: '(100 words and a link)' },
  check: ({ mails }) =>
    mails.flatMap(mail => {
      const { length } = wordsOf(bodyOf(mail));
      return length <= manyWords
        ? []
        : [findingOf(mail, `the mail has ${length} words; few read more than ${manyWords}.`)];
    }),
};
