import { suggestion } from '../../document/nearest.ts';
import type { Rule } from './finding.ts';

export const unknownVariable: Rule = {
  id: 'unknown-variable',
  severity: 'error',
  why: 'A variable that no lead has would leave every mail unsent.',
  check: ({ file, mails, knownVariables, lineOf }) =>
    mails.flatMap(mail =>
      mail.variables
        .filter(({ name }) => !knownVariables.includes(name))
        .map(({ name, line, in: part }) => ({
          file: part === 'mjml' ? mail.file : file,
          line: part === 'mjml' ? line : lineOf(mail.step, part),
          message: `no lead has "${name}".${suggestion(name, knownVariables)}`,
        })),
    ),
};
