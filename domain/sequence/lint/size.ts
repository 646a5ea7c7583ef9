import { beginning } from '../../document/place.ts';
import type { Rule } from './finding.ts';

/** Gmail clips what is longer, and the unsubscribe link with it. */
const clippedAt = 102 * 1024;

export const size: Rule = {
  id: 'size',
  severity: 'error',
  why: 'Gmail clips a mail over 102 KB, and its unsubscribe link with it.',
  check: ({ mails }) =>
    mails.flatMap(({ file, html }) => {
      const bytes = html === null ? 0 : new TextEncoder().encode(html).length;
      return bytes <= clippedAt
        ? []
        : [
            {
              file,
              ...beginning,
              message: `the compiled mail has ${Math.round(bytes / 1024)} KB; keep it under 102 KB.`,
            },
          ];
    }),
};
