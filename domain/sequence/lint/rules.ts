import { branchAtOnce } from './flow/branch-at-once.ts';
import { branchBeforeMail } from './flow/branch-before-mail.ts';
import { branchOnOtherWay } from './flow/branch-on-other-way.ts';
import { constantBranch } from './flow/constant-branch.ts';
import { endsWithWait } from './flow/ends-with-wait.ts';
import { fasterThanCap } from './flow/faster-than-cap.ts';
import { largeHoldOut } from './flow/large-hold-out.ts';
import { lateFirstMail } from './flow/late-first-mail.ts';
import { leaveWhenConstant } from './flow/leave-when-constant.ts';
import { leaveWhenUnsent } from './flow/leave-when-unsent.ts';
import { longWait } from './flow/long-wait.ts';
import { looseCap } from './flow/loose-cap.ts';
import { mailsTooClose } from './flow/mails-too-close.ts';
import { manyMails } from './flow/many-mails.ts';
import { missingMail } from './flow/missing-mail.ts';
import { moveLoop } from './flow/move-loop.ts';
import { moveToItself } from './flow/move-to-itself.ts';
import { narrowWindow } from './flow/narrow-window.ts';
import { owner } from './flow/owner.ts';
import { repeatedMail } from './flow/repeated-mail.ts';
import { repeatedTask } from './flow/repeated-task.ts';
import { sameSubject } from './flow/same-subject.ts';
import { sameVariant } from './flow/same-variant.ts';
import { smallShare } from './flow/small-share.ts';
import { taskRole } from './flow/task-role.ts';
import { unknownMove } from './flow/unknown-move.ts';
import { unreachableStep } from './flow/unreachable-step.ts';
import { untilOutsideWindow } from './flow/until-outside-window.ts';
import { unusedMail } from './flow/unused-mail.ts';
import { vagueGoal } from './flow/vague-goal.ts';
import { withinTooLong } from './flow/within-too-long.ts';
import { activeContent } from './mail/active-content.ts';
import { altFileName } from './mail/alt-file-name.ts';
import { altText } from './mail/alt-text.ts';
import { contrast } from './mail/contrast.ts';
import { countedLink } from './mail/counted-link.ts';
import { darkBackground } from './mail/dark-background.ts';
import { darkMode } from './mail/dark-mode.ts';
import { gluedField } from './mail/glued-field.ts';
import { headings } from './mail/headings.ts';
import { hiddenLeaving } from './mail/hidden-leaving.ts';
import { hiddenText } from './mail/hidden-text.ts';
import { imageFormat } from './mail/image-format.ts';
import { imageOnly } from './mail/image-only.ts';
import { imageSize } from './mail/image-size.ts';
import { imageSource } from './mail/image-source.ts';
import { include } from './mail/include.ts';
import { insecureLink } from './mail/insecure-link.ts';
import { language } from './mail/language.ts';
import { linkTarget } from './mail/link-target.ts';
import { linkText } from './mail/link-text.ts';
import { liquidAttribute } from './mail/liquid-attribute.ts';
import { liquidLoop } from './mail/liquid-loop.ts';
import { liquid } from './mail/liquid.ts';
import { longMail } from './mail/long-mail.ts';
import { lostToken } from './mail/lost-token.ts';
import { manyLinks } from './mail/many-links.ts';
import { missingDefault } from './mail/missing-default.ts';
import { mjmlComplaint } from './mail/mjml-complaint.ts';
import { nearSize } from './mail/near-size.ts';
import { noHeading } from './mail/no-heading.ts';
import { nothingToFollow } from './mail/nothing-to-follow.ts';
import { personalHost } from './mail/personal-host.ts';
import { personalLink } from './mail/personal-link.ts';
import { placeholder } from './mail/placeholder.ts';
import { plainText } from './mail/plain-text.ts';
import { postalAddress } from './mail/postal-address.ts';
import { preheaderLength } from './mail/preheader-length.ts';
import { preheaderRepeats } from './mail/preheader-repeats.ts';
import { preview } from './mail/preview.ts';
import { privateLink } from './mail/private-link.ts';
import { rawFilter } from './mail/raw-filter.ts';
import { readingEase } from './mail/reading-ease.ts';
import { relativeDayRule } from './mail/relative-day.ts';
import { scriptLink } from './mail/script-link.ts';
import { shortLink } from './mail/short-link.ts';
import { size } from './mail/size.ts';
import { smallText } from './mail/small-text.ts';
import { styleSize } from './mail/style-size.ts';
import { subjectFakes } from './mail/subject-fakes.ts';
import { subjectLength } from './mail/subject-length.ts';
import { subjectSaysNothing } from './mail/subject-says-nothing.ts';
import { subjectShouts } from './mail/subject-shouts.ts';
import { trackingPixel } from './mail/tracking-pixel.ts';
import { unclosedLiquid } from './mail/unclosed-liquid.ts';
import { unclosedTag } from './mail/unclosed-tag.ts';
import { unknownFilter } from './mail/unknown-filter.ts';
import { unknownVariable } from './mail/unknown-variable.ts';
import { unsubscribeLink } from './mail/unsubscribe-link.ts';
import { variableLink } from './mail/variable-link.ts';
import { webFont } from './mail/web-font.ts';
import { wideTable } from './mail/wide-table.ts';
import { wide } from './mail/wide.ts';
import { windowPromise } from './mail/window-promise.ts';
import type { Finding, LintedSequence, Rule, Severity } from './finding.ts';

/** Rules about what a sequence does with a lead. */
export const flowRules: readonly Rule[] = [
  missingMail,
  unusedMail,
  repeatedMail,
  repeatedTask,
  taskRole,
  branchBeforeMail,
  branchOnOtherWay,
  branchAtOnce,
  withinTooLong,
  constantBranch,
  unreachableStep,
  mailsTooClose,
  fasterThanCap,
  lateFirstMail,
  longWait,
  endsWithWait,
  untilOutsideWindow,
  narrowWindow,
  owner,
  vagueGoal,
  manyMails,
  sameSubject,
  sameVariant,
  smallShare,
  largeHoldOut,
  unknownMove,
  moveToItself,
  moveLoop,
  leaveWhenUnsent,
  leaveWhenConstant,
  looseCap,
];

/** Rules about what a mail is like. */
export const mailRules: readonly Rule[] = [
  unclosedTag,
  include,
  mjmlComplaint,
  liquid,
  unclosedLiquid,
  unknownFilter,
  liquidLoop,
  rawFilter,
  lostToken,
  liquidAttribute,
  unknownVariable,
  missingDefault,
  gluedField,
  placeholder,
  preview,
  preheaderLength,
  preheaderRepeats,
  subjectLength,
  subjectShouts,
  subjectSaysNothing,
  subjectFakes,
  windowPromise,
  relativeDayRule,
  linkTarget,
  scriptLink,
  variableLink,
  personalHost,
  personalLink,
  insecureLink,
  privateLink,
  shortLink,
  linkText,
  manyLinks,
  nothingToFollow,
  unsubscribeLink,
  countedLink,
  hiddenLeaving,
  postalAddress,
  altText,
  altFileName,
  imageSource,
  imageFormat,
  imageSize,
  imageOnly,
  trackingPixel,
  plainText,
  hiddenText,
  activeContent,
  webFont,
  language,
  headings,
  smallText,
  contrast,
  darkMode,
  darkBackground,
  wide,
  wideTable,
  size,
  nearSize,
  styleSize,
  readingEase,
  longMail,
  noHeading,
];

export const rules: readonly Rule[] = [...flowRules, ...mailRules];

export interface RuledFinding extends Finding {
  rule: string;
  severity: Severity;
}

/** Everything that the rules find, each once, by file and line. */
export function lint(sequence: LintedSequence): RuledFinding[] {
  const findings = rules.flatMap(({ id, severity, check }) =>
    check(sequence).map(finding => ({ ...finding, rule: id, severity })),
  );
  // What mails share is read with each of them.
  const once = new Map(findings.map(finding => [keyOf(finding), finding] as const));
  return [...once.values()].toSorted((a, b) =>
    a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1,
  );
}

function keyOf({ file, line, column, rule, message }: RuledFinding): string {
  return [file, line, column, rule, message].join('\n');
}
