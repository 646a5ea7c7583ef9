import { findingIn, type Rule } from '../finding.ts';

export const missingDefault: Rule = {
  id: 'missing-default',
  severity: 'warning',
  why: 'A lead whose field is blank, or who is with no rep, waits, blocked, until somebody fills it in.',
  mend: 'Say what stands there instead, or ask first with {% if %}.',
  example: { wrong: '{{ lead.first_name }}', right: '{{ lead.first_name | default: "there" }}' },
  check: sequence =>
    sequence.mails.flatMap(mail =>
      mail.variables
        .filter(({ name, hasDefault }) => /^(lead|rep)\./.test(name) && !hasDefault)
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
