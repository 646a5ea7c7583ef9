import { suggestion } from '../../document/nearest.ts';
import type { Rule } from './finding.ts';

export const missingMail: Rule = {
  id: 'missing-mail',
  severity: 'error',
  why: 'A step can only send a mail that has a template.',
  check: ({ file, mails, files, placeOfStep }) =>
    mails
      .filter(({ name }) => !files.includes(`${name}.mjml`))
      .map(({ name, step }) => ({
        file,
        ...placeOfStep(step),
        message: `there is no ${name}.mjml beside the sequence.${suggestion(
          name,
          files.map(other => other.replace(/\.mjml$/, '')),
        )}`,
      })),
};
