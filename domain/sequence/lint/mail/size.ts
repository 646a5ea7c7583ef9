import { findingOf, type LintedMail, type Rule } from '../finding.ts';

/** Gmail clips what is longer, and the unsubscribe link with it. */
export const clippedAt = 102 * 1024;

export const size: Rule = {
  id: 'size',
  severity: 'error',
  why: 'Gmail clips a mail over 102 KB, and its unsubscribe link with it.',
  mend: 'Shorten it, or make two mails of it; text pasted from a word processor brings styles along.',
  example: { wrong: '(a compiled mail of 110 KB)', right: '(one of at most 80 KB)' },
  check: ({ mails }) =>
    mails
      .filter(mail => bytesOf(mail) > clippedAt)
      .map(mail =>
        findingOf(
          mail,
          `the compiled mail has ${Math.round(bytesOf(mail) / 1024)} KB; keep it under 102 KB.`,
        ),
      ),
};

/** The size of a mail's HTML, in bytes of UTF-8. */
export function bytesOf({ html }: LintedMail): number {
  return html === null ? 0 : new TextEncoder().encode(html).length;
}
