import { outlineOf } from '../../plan.ts';
import { findingInStep, type Rule } from '../finding.ts';
import { arrivals } from '../flow.ts';

export const unreachableStep: Rule = {
  id: 'unreachable-step',
  severity: 'error',
  why: 'What stands behind an exit, or in the arm of a branch that nobody takes, never happens.',
  mend: 'Take it out, or let somebody come to it.',
  example: { wrong: '- exit: enough - mail: 05-more', right: '- mail: 05-more - exit: enough' },
  check: sequence => {
    const { plan, document } = sequence;
    const outline = outlineOf(document);
    const arriving = arrivals(plan);
    const isLost = (step: number) => arriving[step] === null && plan[step]?.do !== 'jump';
    return plan.flatMap((_instruction, step) => {
      if (!isLost(step)) return [];
      // What follows a step that nobody comes to is lost for the same reason.
      const before = plan[step - 1]?.do === 'jump' ? step - 2 : step - 1;
      if (isLost(before)) return [];
      const what = plan[before]?.do;
      const isNext = parentOf(outline[before]?.path) === parentOf(outline[step]?.path);
      const why =
        isNext && (what === 'exit' || what === 'move')
          ? `because the step before it is ${what === 'exit' ? 'an exit' : 'a move'}`
          : 'because all ways to it end before';
      return [findingInStep(sequence, step, undefined, `no lead ever comes to this step, ${why}.`)];
    });
  },
};

function parentOf(path: readonly PropertyKey[] = []): string {
  return path.slice(0, -1).join('.');
}
