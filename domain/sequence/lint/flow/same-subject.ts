import { findingInStep, type Rule } from '../finding.ts';
import { roughly, wordsOf } from '../prose.ts';

export const sameSubject: Rule = {
  id: 'same-subject',
  severity: 'warning',
  why: 'Inboxes put mails of one subject together, and the second looks like the first come again.',
  mend: 'Give each mail a subject of its own.',
  example: {
    wrong: 'subject: News from Northwind (twice)',
    right: 'subject: Three plants, three numbers',
  },
  check: sequence => {
    const seen = new Map<string, string>();
    return sequence.mails.flatMap(({ subject, step }) => {
      const instruction = sequence.plan[step];
      // The variants of a step may share it.
      const name = instruction?.do === 'mail' ? instruction.mail : '';
      const key = wordsOf(roughly(subject).toLowerCase()).join(' ');
      const before = seen.get(key);
      seen.set(key, before ?? name);
      return before === undefined || before === name || key === ''
        ? []
        : [
            findingInStep(
              sequence,
              step,
              'subject',
              `"${before}" has the same subject; give each its own.`,
            ),
          ];
    });
  },
};
