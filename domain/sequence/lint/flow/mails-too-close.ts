import { day } from '../../../instant.ts';
import { findingInStep, type Rule } from '../finding.ts';
import { arrivals } from '../flow.ts';
import { timeText } from '../time-text.ts';

export const mailsTooClose: Rule = {
  id: 'mails-too-close',
  severity: 'warning',
  why: 'Two mails within a day are one too many: the second is what people unsubscribe from.',
  mend: 'Put a wait of some days between them.',
  example: {
    wrong: '- mail: 01-welcome - mail: 02-film',
    right: '- mail: 01-welcome - wait: 4 days - mail: 02-film',
  },
  check: sequence => {
    const arriving = arrivals(sequence.plan);
    return sequence.plan.flatMap((instruction, step) => {
      const since = arriving[step]?.lastMail;
      if (instruction.do !== 'mail' || since === undefined || since === null || since.least >= day)
        return [];
      const { least, most } = since;
      const how =
        most === 0 ? 'at once after' : least === 0 ? 'within a day of' : `${timeText(least)} after`;
      const message = `"${instruction.mail}" may follow ${how} the mail before it; wait some days.`;
      return [findingInStep(sequence, step, 'mail', message)];
    });
  },
};
