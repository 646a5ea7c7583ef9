import { findingInStep, type Rule } from '../finding.ts';
import { roughly, wordsOf } from '../prose.ts';

export const preheaderRepeats: Rule = {
  id: 'preheader-repeats',
  severity: 'warning',
  why: 'Inboxes show both side by side: the second has to say something new.',
  mend: 'Say in the preheader what the subject leaves out.',
  example: {
    wrong: 'subject: Three plants / preheader: Three plants!',
    right: 'subject: Three plants / preheader: What changed in the first ninety days',
  },
  check: sequence =>
    sequence.mails.flatMap(({ subject, preheader, step }) => {
      const [one, other] = [subject, preheader].map(text =>
        wordsOf(roughly(text).toLowerCase()).join(' '),
      );
      return one !== undefined &&
        other !== undefined &&
        one !== '' &&
        other !== '' &&
        (one.includes(other) || other.includes(one))
        ? [
            findingInStep(
              sequence,
              step,
              'preheader',
              'the preheader says what the subject says; let it say something new.',
            ),
          ]
        : [];
    }),
};
