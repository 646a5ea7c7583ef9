import type { Rule } from '../finding.ts';
import { sharesOf, stepsOf } from '../steps.ts';

/** In less nobody sees a difference before the sequence is old. */
const least = 0.05;

export const smallShare: Rule = {
  id: 'small-share',
  severity: 'warning',
  why: 'A variant that hardly anybody gets never has figures to compare.',
  mend: 'Give it a larger weight, or leave it out.',
  example: {
    wrong: 'variants: { a: { weight: 100 }, b: { weight: 1, … } }',
    right: 'variants: { a: { weight: 1 }, b: { weight: 1, … } }',
  },
  check: ({ document, file, placeOf }) =>
    stepsOf(document)
      .flatMap(sharesOf)
      .filter(({ share }) => share < least)
      .map(({ name, share, path }) => ({
        file,
        ...placeOf(path),
        message: `"${name}" is for ${(share * 100).toFixed(1)} % of the leads; give it ${least * 100} % at least, or leave it out.`,
      })),
};
