import { findingIn, type LintedMail, type LintedSequence, type Rule } from '../finding.ts';

export const liquid: Rule = {
  id: 'liquid',
  severity: 'error',
  why: 'A mail whose Liquid cannot be read cannot be made for anybody.',
  mend: 'Write it as https://shopify.github.io/liquid/ shows; only if, unless, case, assign and the like are there.',
  example: {
    wrong: '{% include "footer" %}',
    right: '<mj-include path="../../brand/footer.mjml" />',
  },
  check: sequence =>
    complaints(sequence, ({ message }) => !isUnclosed(message) && filterOf(message) === null),
};

type Complaint = LintedMail['liquid'][number];

/** What Liquid complains of in each mail. */
export function complaints(
  sequence: LintedSequence,
  which: (complaint: Complaint) => boolean,
): ReturnType<Rule['check']> {
  return sequence.mails.flatMap(mail =>
    mail.liquid.filter(which).map(problem => findingIn(sequence, mail, problem, problem.message)),
  );
}

/** Whether an output or a tag has no end. */
export function isUnclosed(message: string): boolean {
  return /not closed/.test(message);
}

/** The filter that a complaint is about. */
export function filterOf(message: string): string | null {
  return /^undefined filter: ([^\s.]+)/.exec(message)?.[1] ?? null;
}
