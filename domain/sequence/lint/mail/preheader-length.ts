import { findingInStep, type Rule } from '../finding.ts';
import { roughly } from '../prose.ts';

/** Characters; inboxes fill the rest of the line with the mail itself, and cut what is longer. */
const [shortest, longest] = [15, 110];

export const preheaderLength: Rule = {
  id: 'preheader-length',
  severity: 'warning',
  why: 'After a short preheader inboxes go on with the first words of the mail; a long one they cut.',
  mend: 'Write 15 to 110 characters.',
  example: { wrong: 'preheader: News', right: 'preheader: Two minutes, no form' },
  check: sequence =>
    sequence.mails.flatMap(({ preheader, step }) => {
      const { length } = roughly(preheader);
      if (length >= shortest && length <= longest) return [];
      const how = length < shortest ? `at least ${shortest}` : `at most ${longest}`;
      const message = `the preheader has ${length} characters; write ${how}.`;
      return [findingInStep(sequence, step, 'preheader', message)];
    }),
};
