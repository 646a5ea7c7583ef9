import type { Rule } from '../finding.ts';

export const taskRole: Rule = {
  id: 'task-role',
  severity: 'error',
  why: 'A task for a role that nobody has is always the catch-all owner’s.',
  mend: 'Ask a role that somebody has, or say who has it in agreement/people.yaml.',
  example: { wrong: 'for: telesales', right: 'for: rep' },
  check: ({ file, plan, roles = null, placeOfStep }) => {
    if (roles === null) return [];
    return plan.flatMap((instruction, step) => {
      if (instruction.do !== 'task') return [];
      // An owner is found in any case; of nobody else.
      const role = instruction.for === 'owner' ? 'rep' : instruction.for;
      if (roles.includes(role)) return [];
      const who = instruction.for === 'owner' ? 'owner, who else is a rep' : role;
      const message = `"${instruction.task}" is for the ${who}, and nobody in agreement/people.yaml has the role "${role}".`;
      return [{ file, ...placeOfStep(step, 'for'), message }];
    });
  },
};
