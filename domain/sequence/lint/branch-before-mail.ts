import { suggestion } from '../../document/nearest.ts';
import type { Rule } from './finding.ts';

export const branchBeforeMail: Rule = {
  id: 'branch-before-mail',
  severity: 'error',
  why: 'A branch can only ask about a mail that was sent before it.',
  check: ({ file, plan, placeOfStep }) => {
    const mails = plan.flatMap(instruction =>
      instruction.do === 'mail' ? [instruction.mail] : [],
    );
    return plan.flatMap((instruction, step) => {
      if (instruction.do !== 'branch' || instruction.if.kind !== 'clicked') return [];
      const { mail } = instruction.if;
      const before = plan
        .slice(0, step)
        .some(earlier => earlier.do === 'mail' && earlier.mail === mail);
      if (before) return [];
      const message = mails.includes(mail)
        ? `the branch on "${mail}" goes in a circle: that mail is only sent after it.`
        : `the branch asks about "${mail}", but no step sends it.${suggestion(mail, mails)}`;
      return [{ file, ...placeOfStep(step, 'if'), message }];
    });
  },
};
