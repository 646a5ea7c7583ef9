import { findingInStep, type Rule } from '../finding.ts';
import { arrivals } from '../flow.ts';

export const unreachableStep: Rule = {
  id: 'unreachable-step',
  severity: 'error',
  why: 'What stands behind an exit, or in the arm of a branch that nobody takes, never happens.',
  mend: 'Take it out, or let somebody come to it.',
  example: { wrong: '- exit: enough - mail: 05-more', right: '- mail: 05-more - exit: enough' },
  check: sequence => {
    const { plan } = sequence;
    const arriving = arrivals(plan);
    const isLost = (step: number) => arriving[step] === null && plan[step]?.do !== 'jump';
    return plan.flatMap((instruction, step) => {
      if (!isLost(step)) return [];
      // What follows a step that nobody comes to is lost for the same reason.
      const before = plan[step - 1]?.do === 'jump' ? step - 2 : step - 1;
      if (isLost(before)) return [];
      const why =
        plan[before]?.do === 'exit'
          ? 'because the step before it is an exit'
          : 'because all ways to it end before';
      return [findingInStep(sequence, step, undefined, `no lead ever comes to this step, ${why}.`)];
    });
  },
};
