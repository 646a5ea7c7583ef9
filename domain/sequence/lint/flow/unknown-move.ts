import { suggestion } from '../../../document/nearest.ts';
import { findingInStep, type Rule } from '../finding.ts';

export const unknownMove: Rule = {
  id: 'unknown-move',
  severity: 'error',
  why: 'A lead that is moved to a sequence that does not exist gets nothing more.',
  mend: 'Name a folder of templates/sequences/.',
  example: { wrong: '- move: stay-in-tuch', right: '- move: stay-in-touch' },
  check: sequence => {
    const names = [...sequence.moves.keys()];
    return sequence.plan.flatMap((instruction, step) =>
      instruction.do !== 'move' || sequence.moves.has(instruction.sequence)
        ? []
        : [
            findingInStep(
              sequence,
              step,
              'move',
              `there is no sequence "${instruction.sequence}".${suggestion(instruction.sequence, names)}`,
            ),
          ],
    );
  },
};
