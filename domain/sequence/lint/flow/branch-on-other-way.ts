import { findingInStep, type Rule } from '../finding.ts';
import type { Plan } from '../../plan.ts';
import { holdOut } from '../../variants.ts';
import { arrivals } from '../flow.ts';

export const branchOnOtherWay: Rule = {
  id: 'branch-on-other-way',
  severity: 'warning',
  why: 'Leads that were never sent the mail count as not having clicked in it.',
  mend: 'Ask inside the branch that sends the mail.',
  example: {
    wrong: '- if: … then: [ mail: 03-film ] - if: clicked in 03-film',
    right: '- if: … then: [ mail: 03-film, wait: 5 days, if: clicked in 03-film ]',
  },
  check: sequence => {
    const { plan } = sequence;
    const arriving = arrivals(plan);
    return plan.flatMap((instruction, step) => {
      if (instruction.do !== 'branch' || instruction.if.kind !== 'clicked') return [];
      const { mail } = instruction.if;
      return arriving[step]?.mails.get(mail)?.sure === false && !isHeldOutOf(plan, mail)
        ? [
            findingInStep(
              sequence,
              step,
              'if',
              `only some of those who come here were sent "${mail}"; the others count as not having clicked.`,
            ),
          ]
        : [];
    });
  },
};

/** Whether some leads are not sent a mail on purpose, to compare. */
function isHeldOutOf(plan: Plan, mail: string): boolean {
  return plan.some(
    each =>
      each.do === 'split' &&
      each.split === mail &&
      each.paths.some(({ variant }) => variant === holdOut),
  );
}
