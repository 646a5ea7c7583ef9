import { beginning, placeAt } from '../../document/place.ts';
import type { Rule } from './finding.ts';

/** A link to a page on which leads say that they want less of us. */
const ownLink = /<a\b[^>]*\{\{-?\s*(links\.(?:unsubscribe|stay))\b[^>]*>/g;

export const countedLink: Rule = {
  id: 'counted-link',
  severity: 'error',
  why: 'A click that only says how much somebody wants to hear must give no points.',
  check: ({ mails }) =>
    mails.flatMap(({ file, source, html }) =>
      [...(html ?? '').matchAll(ownLink)]
        .filter(([link]) => !/\sclicktracking\s*=\s*"?off\b/.test(link))
        .map(([, variable = '']) => {
          const index = source.indexOf(variable);
          return {
            file,
            // It may stand in what the mail includes.
            ...(index < 0 ? beginning : placeAt(source, index)),
            message: `a click on {{ ${variable} }} would be counted; write <a href="{{ ${variable} }}" clicktracking="off">, in an mj-text.`,
          };
        }),
    ),
};
