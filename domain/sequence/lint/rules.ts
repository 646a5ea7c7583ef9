import { altText } from './alt-text.ts';
import { branchBeforeMail } from './branch-before-mail.ts';
import { countedLink } from './counted-link.ts';
import type { Finding, LintedSequence, Rule } from './finding.ts';
import { include } from './include.ts';
import { linkTarget } from './link-target.ts';
import { liquid } from './liquid.ts';
import { lostToken } from './lost-token.ts';
import { missingDefault } from './missing-default.ts';
import { missingMail } from './missing-mail.ts';
import { mjmlComplaint } from './mjml-complaint.ts';
import { owner } from './owner.ts';
import { postalAddress } from './postal-address.ts';
import { repeatedMail } from './repeated-mail.ts';
import { repeatedTask } from './repeated-task.ts';
import { size } from './size.ts';
import { taskRole } from './task-role.ts';
import { unclosedTag } from './unclosed-tag.ts';
import { unknownVariable } from './unknown-variable.ts';
import { unreachableStep } from './unreachable-step.ts';
import { unsubscribeLink } from './unsubscribe-link.ts';

export const rules: readonly Rule[] = [
  missingMail,
  repeatedMail,
  repeatedTask,
  taskRole,
  branchBeforeMail,
  unreachableStep,
  owner,
  unclosedTag,
  include,
  mjmlComplaint,
  liquid,
  lostToken,
  unknownVariable,
  missingDefault,
  linkTarget,
  countedLink,
  altText,
  unsubscribeLink,
  postalAddress,
  size,
];

export interface RuledFinding extends Finding {
  rule: string;
  severity: Rule['severity'];
}

/** Everything that the rules find, by file and line. */
export function lint(sequence: LintedSequence): RuledFinding[] {
  return rules
    .flatMap(({ id, severity, check }) =>
      check(sequence).map(finding => ({ ...finding, rule: id, severity })),
    )
    .toSorted((a, b) =>
      a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1,
    );
}
