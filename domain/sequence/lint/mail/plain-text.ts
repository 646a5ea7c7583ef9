import { findingOf, type Rule } from '../finding.ts';
import { bodyOf, wordsOf } from '../prose.ts';

/** The company's name alone is no text. */
const fewWords = 5;

export const plainText: Rule = {
  id: 'plain-text',
  severity: 'error',
  why: 'Some read plain text, machines do too, and filters take an empty text part for spam.',
  mend: 'Say it in words, in mj-text; the text part is made from them.',
  example: { wrong: '<mj-image … />', right: '<mj-text>Three plants, three numbers: …</mj-text>' },
  check: ({ mails }) =>
    mails
      .filter(mail => mail.html !== null && wordsOf(bodyOf(mail)).length < fewWords)
      .map(mail => findingOf(mail, 'the text part says nothing; say it in words, in mj-text.')),
};
