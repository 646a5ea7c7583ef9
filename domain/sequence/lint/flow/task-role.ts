import type { Rule } from '../finding.ts';

export const taskRole: Rule = {
  id: 'task-role',
  severity: 'error',
  why: 'A task for a role that nobody has is always the catch-all owner’s.',
  mend: 'Ask for a role that somebody in agreement/people.yaml has, or let somebody have it.',
  example: { wrong: 'for: telesales # and nobody is', right: 'for: rep' },
  check: ({ file, plan, roles, placeOfStep }) => {
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
