import { suggestion } from '../../../document/nearest.ts';
import type { Rule } from '../finding.ts';

export const owner: Rule = {
  id: 'owner',
  severity: 'error',
  why: 'Somebody must answer for a sequence, and be found when sales has a question.',
  mend: 'Name the key of somebody in agreement/people.yaml who still works there.',
  example: { wrong: 'owner: norra', right: 'owner: nora' },
  check: ({ file, document, people, placeOf }) =>
    people === null || people.includes(document.owner)
      ? []
      : [
          {
            file,
            ...placeOf(['owner']),
            message: `nobody in agreement/people.yaml has the key "${document.owner}".${suggestion(document.owner, people)}`,
          },
        ],
};
