import type { Rule } from './finding.ts';

export const repeatedMail: Rule = {
  id: 'repeated-mail',
  severity: 'error',
  why: 'No lead is ever sent the same content twice, so a second step with it could never send.',
  check: ({ file, plan, placeOfStep }) => {
    const seen = new Set<string>();
    return plan.flatMap((instruction, step) => {
      if (instruction.do !== 'mail') return [];
      if (!seen.has(instruction.mail)) {
        seen.add(instruction.mail);
        return [];
      }
      return [
        {
          file,
          ...placeOfStep(step),
          message: `"${instruction.mail}" stands in two steps; write a second mail, or move what follows behind the branch.`,
        },
      ];
    });
  },
};
