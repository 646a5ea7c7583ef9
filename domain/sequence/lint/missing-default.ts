import { findingIn, type Rule } from './finding.ts';

export const missingDefault: Rule = {
  id: 'missing-default',
  severity: 'warning',
  why: 'A lead whose field is blank waits, blocked, until somebody fills it in.',
  check: sequence =>
    sequence.mails.flatMap(mail =>
      mail.variables
        .filter(({ name, hasDefault }) => name.startsWith('lead.') && !hasDefault)
        .map(variable =>
          findingIn(
            sequence,
            mail,
            variable,
            `"${variable.name}" may be blank; write {{ ${variable.name} | default: "…" }}.`,
          ),
        ),
    ),
};
