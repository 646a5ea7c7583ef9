import { minute } from '../../../instant.ts';
import { findingInStep, type Rule } from '../finding.ts';
import { arrivals } from '../flow.ts';

/** Nobody has read it before. */
const soonestMs = 30 * minute;

export const branchAtOnce: Rule = {
  id: 'branch-at-once',
  severity: 'error',
  why: 'Right after a mail is sent nobody has clicked in it, so the answer is always the same.',
  mend: 'Put a wait between them, of some days.',
  example: {
    wrong: '- mail: 02-film - if: clicked in 02-film',
    right: '- mail: 02-film - wait: 5 days - if: clicked in 02-film',
  },
  check: sequence => {
    const arriving = arrivals(sequence.plan);
    return sequence.plan.flatMap((instruction, step) => {
      if (instruction.do !== 'branch' || instruction.if.kind !== 'clicked') return [];
      const since = arriving[step]?.mails.get(instruction.if.mail);
      return since !== undefined && since.most < soonestMs
        ? [
            findingInStep(
              sequence,
              step,
              'if',
              `the branch asks right after "${instruction.if.mail}" is sent, when nobody can have clicked; wait some days before it.`,
            ),
          ]
        : [];
    });
  },
};
