import { findingAt, type Rule } from '../finding.ts';
import { wordsIn } from '../template.ts';

/** Gmail stops to read styles after 8,192 characters in some of its programs, after 16 KB in the others. */
const mostCharacters = 8_192;

export const styleSize: Rule = {
  id: 'style-size',
  severity: 'warning',
  why: 'Gmail drops styles after the first 8 KB, and the mail loses its dark colors and its phone width.',
  mend: 'Keep in mj-style what attributes cannot say; that is mostly dark colors.',
  example: { wrong: '(an mj-style of 9 KB)', right: '(an mj-style of 1 KB)' },
  check: ({ mails }) =>
    mails.flatMap(({ elements }) => {
      let all = 0;
      const over = elements
        .filter(({ name }) => name === 'mj-style' || name === 'style')
        .find(element => (all += wordsIn(element).length) > mostCharacters);
      return over === undefined
        ? []
        : [
            findingAt(
              over.source,
              over.start,
              `the styles have ${all} characters up to here; Gmail drops what is beyond ${mostCharacters}.`,
            ),
          ];
    }),
};
