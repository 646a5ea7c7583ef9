import { findingOf, type Rule } from '../finding.ts';
import { bytesOf, clippedAt } from './size.ts';

/** What links become when they are counted, and fields when they are filled in, comes on top. */
const nearly = 80 * 1024;

export const nearSize: Rule = {
  id: 'near-size',
  severity: 'warning',
  why: 'Links grow when they are counted, and fields when they are filled in: Gmail clips at 102 KB.',
  mend: 'Shorten it to 80 KB.',
  example: { wrong: '(a compiled mail of 90 KB)', right: '(one of at most 80 KB)' },
  check: ({ mails }) =>
    mails
      .filter(mail => bytesOf(mail) > nearly && bytesOf(mail) <= clippedAt)
      .map(mail =>
        findingOf(
          mail,
          `the compiled mail has ${Math.round(bytesOf(mail) / 1024)} KB, and grows when it is sent; keep it under 80 KB.`,
        ),
      ),
};
