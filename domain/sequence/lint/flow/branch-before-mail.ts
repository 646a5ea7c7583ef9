import { suggestion } from '../../../document/nearest.ts';
import { findingInStep, type Rule } from '../finding.ts';
import { arrivals } from '../flow.ts';

export const branchBeforeMail: Rule = {
  id: 'branch-before-mail',
  severity: 'error',
  why: 'A branch can only ask about a mail that was sent before it.',
  mend: 'Ask about a mail that stands above the branch, on the same way.',
  example: {
    wrong: '- if: clicked in 03-film (and 03-film comes after it)',
    right: '- mail: 03-film … - wait: 5 days - if: clicked in 03-film',
  },
  check: sequence => {
    const { plan } = sequence;
    const mails = plan.flatMap(instruction =>
      instruction.do === 'mail' ? [instruction.mail] : [],
    );
    const arriving = arrivals(plan);
    return plan.flatMap((instruction, step) => {
      if (instruction.do !== 'branch' || instruction.if.kind !== 'clicked') return [];
      const { mail } = instruction.if;
      const arrival = arriving[step];
      if (arrival === null || arrival === undefined || arrival.mails.has(mail)) return [];
      const before = plan.slice(0, step).some(other => other.do === 'mail' && other.mail === mail);
      const message = before
        ? `the branch asks about "${mail}", but nobody who comes here was sent it.`
        : mails.includes(mail)
          ? `the branch on "${mail}" goes in a circle: that mail is only sent after it.`
          : `the branch asks about "${mail}", but no step sends it.${suggestion(mail, mails)}`;
      return [findingInStep(sequence, step, 'if', message)];
    });
  },
};
