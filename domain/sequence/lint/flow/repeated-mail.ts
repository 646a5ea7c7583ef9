import { outlineOf } from '../../plan.ts';
import type { Rule } from '../finding.ts';

export const repeatedMail: Rule = {
  id: 'repeated-mail',
  severity: 'error',
  why: 'No lead is ever sent the same content twice, so a second step with it could never send.',
  mend: 'Write a second mail, or move what follows behind the branch.',
  example: {
    wrong: '- mail: 02-calculator … - mail: 02-calculator',
    right: '- mail: 02-calculator … - mail: 03-reminder',
  },
  check: ({ file, document, placeOf }) => {
    const stepOf = new Map<string, string>();
    return outlineOf(document).flatMap(({ instruction, path }) => {
      if (instruction.do !== 'mail') return [];
      const { mail, variant } = instruction;
      // The variants of a step are one mail: no lead gets two of them.
      const step = variant === undefined ? path : path.slice(0, -2);
      const first = stepOf.get(mail) ?? step.join('.');
      stepOf.set(mail, first);
      if (first === step.join('.')) return [];
      return [
        {
          file,
          ...placeOf([...step, 'mail']),
          message: `"${mail}" stands in two steps; write a second mail, or move what follows behind the branch.`,
        },
      ];
    });
  },
};
