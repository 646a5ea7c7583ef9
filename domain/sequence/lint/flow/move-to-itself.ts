import { findingInStep, type Rule } from '../finding.ts';

export const moveToItself: Rule = {
  id: 'move-to-itself',
  severity: 'error',
  why: 'No lead gets a sequence twice: who is moved to where it is, is at the end.',
  mend: 'Name another sequence, or take the step out.',
  example: { wrong: '- move: c-nurture (in c-nurture)', right: '- move: d-long-cycle' },
  check: sequence =>
    sequence.plan.flatMap((instruction, step) =>
      instruction.do === 'move' && instruction.sequence === sequence.name
        ? [
            findingInStep(
              sequence,
              step,
              'move',
              'this moves leads to where they are; name another sequence.',
            ),
          ]
        : [],
    ),
};
