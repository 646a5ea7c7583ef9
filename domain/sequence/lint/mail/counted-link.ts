import { findingAt, type Rule } from '../finding.ts';
import { linksOf } from '../links.ts';

export const countedLink: Rule = {
  id: 'counted-link',
  severity: 'error',
  why: 'A click that only says how much somebody wants to hear must give no points.',
  mend: 'Write the link as an <a> with clicktracking="off", in an mj-text.',
  example: {
    wrong: '<a href="{{ links.stay }}">Say yes or no</a>',
    right: '<a href="{{ links.stay }}" clicktracking="off">Say yes or no</a>',
  },
  fix: 'adds clicktracking="off" to the <a>',
  check: ({ mails }) =>
    mails.flatMap(mail =>
      linksOf(mail).flatMap(({ element, target, at }) => {
        const [, variable] = /\{\{-?\s*(links\.(?:unsubscribe|stay))\b/.exec(target) ?? [];
        if (variable === undefined || element.attributes.get('clicktracking')?.value === 'off')
          return [];
        const message = `a click on {{ ${variable} }} would be counted; write <a href="{{ ${variable} }}" clicktracking="off">, in an mj-text.`;
        const found = findingAt(element.source, at, message);
        if (element.name !== 'a' || element.attributes.has('clicktracking')) return [found];
        const start = element.start + '<a'.length;
        const edit = { file: element.source.file, start, end: start, text: ' clicktracking="off"' };
        return [{ ...found, edits: [edit] }];
      }),
    ),
};
