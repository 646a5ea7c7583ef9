import { findingInStep, type Rule } from '../finding.ts';
import { arrivals } from '../flow.ts';
import { timeText } from '../time-text.ts';

export const withinTooLong: Rule = {
  id: 'within-too-long',
  severity: 'warning',
  why: 'The branch is asked when the wait is over: it does not wait for the rest of "within".',
  mend: 'Wait at least as long as "within" says, or leave it out.',
  example: {
    wrong: '- wait: 2 days - if: clicked in 02-film within 5 days',
    right: '- wait: 5 days - if: clicked in 02-film within 5 days',
  },
  check: sequence => {
    const arriving = arrivals(sequence.plan);
    return sequence.plan.flatMap((instruction, step) => {
      if (instruction.do !== 'branch' || instruction.if.kind !== 'clicked') return [];
      const { mail, withinMs } = instruction.if;
      const since = arriving[step]?.mails.get(mail);
      return withinMs !== null && since !== undefined && since.most > 0 && withinMs > since.most
        ? [
            findingInStep(
              sequence,
              step,
              'if',
              `"within ${timeText(withinMs)}" is longer than the ${timeText(since.most)} that have passed since "${mail}".`,
            ),
          ]
        : [];
    });
  },
};
