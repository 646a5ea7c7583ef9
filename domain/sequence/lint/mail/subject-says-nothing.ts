import { findingInStep, type Rule } from '../finding.ts';
import { hasWords, roughly } from '../prose.ts';

export const subjectSaysNothing: Rule = {
  id: 'subject-says-nothing',
  severity: 'warning',
  why: 'Signs and pictures alone are read out as their names, and say nothing to whoever skims.',
  mend: 'Write words; a picture may stand beside them.',
  example: { wrong: 'subject: 🚀🚀🚀', right: 'subject: The calculator is here 🚀' },
  check: sequence =>
    sequence.mails
      .filter(({ subject }) => !hasWords(roughly(subject)))
      .map(({ step }) =>
        findingInStep(sequence, step, 'subject', 'there is no word in the subject.'),
      ),
};
