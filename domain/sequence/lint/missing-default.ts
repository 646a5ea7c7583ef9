import type { Rule } from './finding.ts';

export const missingDefault: Rule = {
  id: 'missing-default',
  severity: 'warning',
  why: 'A lead whose field is blank waits, blocked, until somebody fills it in.',
  check: ({ file, mails, lineOf }) =>
    mails.flatMap(mail =>
      mail.variables
        .filter(({ name, hasDefault }) => name.startsWith('lead.') && !hasDefault)
        .map(({ name, line, in: part }) => ({
          file: part === 'mjml' ? mail.file : file,
          line: part === 'mjml' ? line : lineOf(mail.step, part),
          message: `"${name}" may be blank; write {{ ${name} | default: "…" }}.`,
        })),
    ),
};
