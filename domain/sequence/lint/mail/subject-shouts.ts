import { findingInStep, type Rule } from '../finding.ts';
import { roughly, wordsOf } from '../prose.ts';

export const subjectShouts: Rule = {
  id: 'subject-shouts',
  severity: 'warning',
  why: 'Capitals and signs of exclamation are how spam speaks; filters and readers know it.',
  mend: 'Say it plainly.',
  example: { wrong: 'subject: LAST CHANCE!!!', right: 'subject: The last one from us on this' },
  check: sequence =>
    sequence.mails.flatMap(({ subject, preheader, step }) =>
      Object.entries({ subject, preheader })
        .filter(([, text]) => shouts(roughly(text)))
        .map(([key]) => findingInStep(sequence, step, key, `the ${key} shouts; say it plainly.`)),
    ),
};

function shouts(text: string): boolean {
  const loud = wordsOf(text).filter(word => /^\p{Lu}{4,}$/u.test(word)).length;
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const capitals = text.match(/\p{Lu}/gu)?.length ?? 0;
  // A name or two in capitals is no shouting.
  const isLoud = loud >= 3 || (loud >= 1 && letters >= 6 && capitals > letters / 2);
  return /[!?]{2,}|!.*!|[$€£]{2,}/.test(text) || isLoud;
}
