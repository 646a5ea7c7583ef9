import { findingOf, type Rule } from '../finding.ts';
import { bodyOf, wordsOf } from '../prose.ts';

/** From here on a text is as hard as those of authorities; below 40 it is easy. */
const hard = 60;
/** Fewer say nothing about how hard a text is. */
const fewWords = 40;

export const readingEase: Rule = {
  id: 'reading-ease',
  severity: 'hint',
  why: 'Mails are skimmed: long sentences of long words are not.',
  mend: 'Shorten the sentences; say it as you would across a table.',
  example: {
    wrong: 'The implementation of condition-based maintenance strategies facilitates …',
    right: 'Repair it when it begins to break, not when the calendar says so.',
  },
  check: ({ mails }) =>
    mails.flatMap(mail => {
      const ease = lix(bodyOf(mail));
      return ease === null || ease < hard
        ? []
        : [
            findingOf(
              mail,
              `the mail is hard to read (LIX ${Math.round(ease)}; newspapers have 45).`,
            ),
          ];
    }),
};

/**
 * How hard a text is to read, in any language that has words and sentences: words a sentence, and the share
 * of words of more than six letters (LIX, C. H. Björnsson, "Läsbarhet", 1968).
 * @returns null for a text that is too short to tell
 */
function lix(text: string): number | null {
  const words = wordsOf(text);
  if (words.length < fewWords) return null;
  const sentences = text.match(/[.!?:]+(?=\s|$)/g)?.length ?? 0;
  const long = words.filter(word => word.length > 6).length;
  return words.length / Math.max(1, sentences) + (100 * long) / words.length;
}
