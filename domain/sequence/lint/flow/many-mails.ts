import { findingInStep, type Rule } from '../finding.ts';
import { arrivals } from '../flow.ts';

const most = 20;

export const manyMails: Rule = {
  id: 'many-mails',
  severity: 'hint',
  why: 'Who did nothing after twenty mails does nothing after the next; the others get tired of you.',
  mend: 'End it, and let another track begin after a rest.',
  example: { wrong: '(a way with 24 mails)', right: '(one with 6)' },
  check: sequence => {
    const arriving = arrivals(sequence.plan);
    const step = sequence.plan.findIndex(
      (instruction, index) => instruction.do === 'mail' && arriving[index]?.most === most,
    );
    return step < 0
      ? []
      : [
          findingInStep(
            sequence,
            step,
            'mail',
            `this is mail ${most + 1} on one way; more than ${most} are a burden.`,
          ),
        ];
  },
};
