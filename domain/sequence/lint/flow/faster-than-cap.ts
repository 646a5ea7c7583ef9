import { day } from '../../../instant.ts';
import { findingInStep, type Rule } from '../finding.ts';
import { arrivals } from '../flow.ts';

export const fasterThanCap: Rule = {
  id: 'faster-than-cap',
  severity: 'hint',
  why: "The agreement's cap holds mails back that come faster, and the plan is not what happens.",
  mend: 'Wait longer between them.',
  example: {
    wrong: '(three mails in a week, where two are agreed)',
    right: '(two mails in a week)',
  },
  check: sequence => {
    const { plan, agreed } = sequence;
    if (agreed === null) return [];
    const { mails, days } = agreed.cap;
    const arriving = arrivals(plan);
    return plan.flatMap((instruction, step) => {
      if (instruction.do !== 'mail') return [];
      const recent = [...(arriving[step]?.mails.values() ?? [])].filter(
        ({ most, sure }) => sure && most < days * day,
      );
      return recent.length < mails
        ? []
        : [
            findingInStep(
              sequence,
              step,
              'mail',
              `this is mail ${recent.length + 1} within ${days === 1 ? 'a day' : 'a week'}; the agreement's cap of ${mails} holds it back.`,
            ),
          ];
    });
  },
};
