import { suggestion } from '../../../document/nearest.ts';
import { findingInStep, type Rule } from '../finding.ts';

export const missingMail: Rule = {
  id: 'missing-mail',
  severity: 'error',
  why: 'A step can only send a mail that has a template.',
  mend: 'Write the file, or name one that is there.',
  example: {
    wrong: '- mail: 02-calculater',
    right: '- mail: 02-calculator (and 02-calculator.mjml)',
  },
  check: sequence =>
    sequence.mails
      .filter(({ name }) => !sequence.files.includes(`${name}.mjml`))
      .map(({ name, step }) => {
        const others = sequence.files.map(other => other.replace(/\.mjml$/, ''));
        const message = `there is no ${name}.mjml beside the sequence.${suggestion(name, others)}`;
        return findingInStep(sequence, step, 'mail', message);
      }),
};
