import { holdOut } from '../../variants.ts';
import type { Rule } from '../finding.ts';
import { sharesOf, stepsOf } from '../steps.ts';

export const largeHoldOut: Rule = {
  id: 'large-hold-out',
  severity: 'warning',
  why: 'Who is held out gets nothing: more than half of them is more loss than it takes to learn.',
  mend: 'Hold out a tenth or a fifth.',
  example: {
    wrong: 'hold_out: { weight: 9 }, a: { weight: 1 }',
    right: 'hold_out: { weight: 1 }, a: { weight: 9 }',
  },
  check: ({ document, file, placeOf }) =>
    stepsOf(document)
      .flatMap(sharesOf)
      .filter(({ name, share }) => name === holdOut && share > 0.5)
      .map(({ share, path }) => ({
        file,
        ...placeOf(path),
        message: `${Math.round(share * 100)} % of the leads are held out and get nothing; hold out half at most.`,
      })),
};
