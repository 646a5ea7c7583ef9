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
      const since = arriving[step]?.lastMail?.least;
      if (instruction.do !== 'mail' || since === undefined || since >= day) return [];
      const how = since === 0 ? 'at once' : `${timeText(since)}`;
      const message = `"${instruction.mail}" may follow ${how} after the mail before it; wait some days.`;
      return [findingInStep(sequence, step, 'mail', message)];
    });
  },
};
