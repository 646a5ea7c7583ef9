import type { Rule } from '../finding.ts';
import { answerOf } from '../flow.ts';

export const leaveWhenConstant: Rule = {
  id: 'leave-when-constant',
  severity: 'error',
  why: 'A rule that takes everybody out at once, or nobody ever, is a mistake.',
  mend: 'Ask for something that some leads are or do later on.',
  example: {
    wrong: 'leave_when: [{ if: not clicked in 01-welcome, … }]',
    right: 'leave_when: [{ if: clicked in 01-welcome, … }]',
  },
  check: ({ document, file, placeOf }) =>
    (document.leave_when ?? []).flatMap(({ if: condition }, index) => {
      const answer = answerOf(condition, { known: [] });
      const isNever = answer === false;
      // Nobody has clicked in anything when a sequence begins.
      const isAlways = answer === true || (condition.kind === 'clicked' && condition.negated);
      if (!isNever && !isAlways) return [];
      const message = isAlways
        ? 'this takes every lead out as soon as it comes in; ask for something that some do later on.'
        : 'no lead can be like this; ask for something that some are.';
      return [{ file, ...placeOf(['leave_when', index, 'if']), message }];
    }),
};
