import { isInAttributes } from '../attributes.ts';
import { findingAt, type Rule } from '../finding.ts';

export const headings: Rule = {
  id: 'headings',
  severity: 'warning',
  why: 'Who has a mail read out goes from heading to heading; there is one first, and none is left out.',
  mend: 'One <h1> at most, then <h2>, then <h3>.',
  example: { wrong: '<h1>One</h1> … <h1>Two</h1>', right: '<h1>One</h1> … <h2>Two</h2>' },
  check: ({ mails }) =>
    mails.flatMap(({ elements }) => {
      const found = elements.filter(
        element => /^h[1-6]$/.test(element.name) && !isInAttributes(element),
      );
      return found.flatMap((element, index) => {
        const level = Number(element.name[1]);
        const before = found.slice(0, index).map(({ name }) => Number(name[1]));
        const last = before.at(-1);
        const message =
          level === 1 && before.includes(1)
            ? 'this is a second <h1>; make it an <h2>.'
            : last !== undefined && level > last + 1
              ? `<h${level}> follows <h${last}>; make it an <h${last + 1}>.`
              : null;
        return message === null ? [] : [findingAt(element.source, element.start, message)];
      });
    }),
};
