import { findingInStep, type Rule } from '../finding.ts';
import type { Plan } from '../../plan.ts';

export const endsWithWait: Rule = {
  id: 'ends-with-wait',
  severity: 'warning',
  why: 'A wait at the end keeps the lead from everything else, and nothing follows it.',
  mend: 'Take the wait out, or write what comes after it.',
  example: { wrong: '- mail: 05-last - wait: 7 days', right: '- mail: 05-last' },
  check: sequence => {
    // While it waits, a lead may still do what it leaves for.
    if (sequence.document.leave_when !== undefined) return [];
    return sequence.plan.flatMap((instruction, step) =>
      instruction.do === 'wait' && isLast(sequence.plan, step + 1)
        ? [findingInStep(sequence, step, 'wait', 'nothing follows this wait; take it out.')]
        : [],
    );
  },
};

/** Whether nothing but the end follows. */
function isLast(plan: Plan, cursor: number): boolean {
  const next = plan[cursor];
  if (next === undefined || next.do === 'exit') return true;
  return next.do === 'jump' && isLast(plan, next.to);
}
