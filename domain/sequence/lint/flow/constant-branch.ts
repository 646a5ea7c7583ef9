import { findingInStep, type Rule } from '../finding.ts';
import { answerOf, arrivals } from '../flow.ts';

export const constantBranch: Rule = {
  id: 'constant-branch',
  severity: 'error',
  why: 'A branch that answers all leads alike is none, and what stands in its other arm is never done.',
  mend: 'Ask for something that differs, or leave the branch out.',
  example: { wrong: '- if: { employees: 500-100 }', right: '- if: { employees: 100-500 }' },
  check: sequence => {
    const arriving = arrivals(sequence.plan);
    return sequence.plan.flatMap((instruction, step) => {
      const arrival = arriving[step];
      if (instruction.do !== 'branch' || arrival === null || arrival === undefined) return [];
      const answer = answerOf(instruction.if, arrival);
      return answer === null
        ? []
        : [
            findingInStep(
              sequence,
              step,
              'if',
              `the answer is always ${answer ? 'yes' : 'no'} for those who come here; ask for something that differs, or leave the branch out.`,
            ),
          ];
    });
  },
};
