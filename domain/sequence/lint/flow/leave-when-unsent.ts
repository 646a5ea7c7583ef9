import { suggestion } from '../../../document/nearest.ts';
import type { Rule } from '../finding.ts';

export const leaveWhenUnsent: Rule = {
  id: 'leave-when-unsent',
  severity: 'error',
  why: 'Nobody clicks in a mail that is never sent, so nobody ever leaves by this rule; by "not clicked" all do at once.',
  mend: 'Name a mail that a step sends.',
  example: {
    wrong: 'leave_when: [{ if: clicked in 09-demo, … }]',
    right: 'leave_when: [{ if: clicked in 04-demo, … }]',
  },
  check: ({ document, plan, file, placeOf }) => {
    const mails = plan.flatMap(each => (each.do === 'mail' ? [each.mail] : []));
    return (document.leave_when ?? []).flatMap(({ if: condition }, index) =>
      condition.kind !== 'clicked' || mails.includes(condition.mail)
        ? []
        : [
            {
              file,
              ...placeOf(['leave_when', index, 'if']),
              message: `no step sends "${condition.mail}".${suggestion(condition.mail, mails)}`,
            },
          ],
    );
  },
};
