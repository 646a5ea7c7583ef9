import { day } from '../../../instant.ts';
import { findingInStep, type Rule } from '../finding.ts';
import { arrivals } from '../flow.ts';
import { timeText } from '../time-text.ts';

/** After this long nobody remembers having asked. */
const longestMs = 30 * day;

export const lateFirstMail: Rule = {
  id: 'late-first-mail',
  severity: 'warning',
  why: 'Who hears nothing for a month has forgotten who you are, and marks the first mail as spam.',
  mend: 'Let the first mail go sooner, or begin the sequence later.',
  example: {
    wrong: '- wait: 60 days - mail: 01-welcome',
    right: '- wait: 7 days - mail: 01-welcome',
  },
  check: sequence => {
    const arriving = arrivals(sequence.plan);
    const first = sequence.plan.findIndex(
      (instruction, step) => instruction.do === 'mail' && arriving[step]?.most === 0,
    );
    const least = arriving[first]?.began.least ?? 0;
    return least <= longestMs
      ? []
      : [
          findingInStep(
            sequence,
            first,
            'mail',
            `the first mail goes out after ${timeText(least)}; nobody remembers having asked by then.`,
          ),
        ];
  },
};
