import type { Step } from '../schema.ts';
import type { Rule } from './finding.ts';

export const unreachableStep: Rule = {
  id: 'unreachable-step',
  severity: 'error',
  why: 'Nothing after an exit ever happens.',
  check: ({ file, document, placeOf }) =>
    afterExits(document.steps, ['steps']).map(path => ({
      file,
      ...placeOf(path),
      message: 'no lead ever comes to this step, because the step before it is an exit.',
    })),
};

/** The paths of steps that stand after an exit. */
function afterExits(steps: readonly Step[], parent: readonly PropertyKey[]): PropertyKey[][] {
  return steps.flatMap((step, index) => {
    const path = [...parent, index];
    if ('exit' in step) return index < steps.length - 1 ? [[...parent, index + 1]] : [];
    if (!('if' in step)) return [];
    return [
      ...afterExits(step.then, [...path, 'then']),
      ...afterExits(step.else ?? [], [...path, 'else']),
    ];
  });
}
