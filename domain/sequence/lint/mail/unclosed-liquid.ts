import type { Rule } from '../finding.ts';
import { complaints, isUnclosed } from './liquid.ts';

export const unclosedLiquid: Rule = {
  id: 'unclosed-liquid',
  severity: 'error',
  why: 'Everything after Liquid that has no end belongs to it, and the mail cannot be made.',
  mend: 'Close {{ with }}, {% with %}, and {% if %} with {% endif %}.',
  example: {
    wrong: '{% if lead.company %}at {{ lead.company }}',
    right: '{% if lead.company %}at {{ lead.company }}{% endif %}',
  },
  check: sequence => complaints(sequence, ({ message }) => isUnclosed(message)),
};
