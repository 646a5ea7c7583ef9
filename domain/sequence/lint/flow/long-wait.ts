import { day } from '../../../instant.ts';
import { findingInStep, type Rule } from '../finding.ts';
import { timeText } from '../time-text.ts';

const longestMs = 90 * day;

export const longWait: Rule = {
  id: 'long-wait',
  severity: 'hint',
  why: 'In a quarter of a year people change, and so does what the next mail says.',
  mend: 'End here, and let another track take the lead up again.',
  example: { wrong: '- wait: 180 days', right: '- wait: 60 days' },
  check: sequence =>
    sequence.plan.flatMap((instruction, step) =>
      instruction.do === 'wait' &&
      instruction.wait.kind === 'for' &&
      instruction.wait.ms > longestMs
        ? [
            findingInStep(
              sequence,
              step,
              'wait',
              `${timeText(instruction.wait.ms)} are long; who waits there has forgotten what came before.`,
            ),
          ]
        : [],
    ),
};
