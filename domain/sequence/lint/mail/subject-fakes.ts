import { findingInStep, type Rule } from '../finding.ts';
import { roughly } from '../prose.ts';

export const subjectFakes: Rule = {
  id: 'subject-fakes',
  severity: 'error',
  why: 'A subject may not mislead (CAN-SPAM): nobody wrote before, and nobody forwarded this.',
  mend: 'Take the "Re:" or "Fwd:" out.',
  example: {
    wrong: 'subject: "Re: our talk"',
    right: 'subject: Fair enough, and one thing for later',
  },
  check: sequence =>
    sequence.mails
      .filter(({ subject }) => /^\s*(re|aw|fwd?|wg)\s*:/i.test(roughly(subject)))
      .map(({ step }) =>
        findingInStep(
          sequence,
          step,
          'subject',
          'the subject looks like an answer to a mail that nobody wrote.',
        ),
      ),
};
