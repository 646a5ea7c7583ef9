import { findingInStep, type Rule } from '../finding.ts';
import { roughly } from '../prose.ts';

/** Characters that inboxes on a desktop show. */
const longest = 70;

export const subjectLength: Rule = {
  id: 'subject-length',
  severity: 'warning',
  why: 'Inboxes cut a long subject, on phones after some 40 characters.',
  mend: 'Say the one thing, at its beginning, in at most 70 characters.',
  example: {
    wrong:
      'subject: Everything that you always wanted to know about unplanned stops and what they cost',
    right: 'subject: What does an hour of standstill cost?',
  },
  check: sequence =>
    sequence.mails.flatMap(({ subject, step }) => {
      const { length } = roughly(subject);
      return length <= longest
        ? []
        : [
            findingInStep(
              sequence,
              step,
              'subject',
              `the subject has ${length} characters; inboxes show ${longest} at most.`,
            ),
          ];
    }),
};
