import { placeAt } from '../../../document/place.ts';
import type { Rule } from '../finding.ts';

/** Tags of MJML, and of HTML where they stand in `mj-text` and the like; those without content close themselves. */
const tag = /<!--[\s\S]*?-->|<(\/?)(mj[a-z-]*)\b[^>]*?(\/?)>/g;

export const unclosedTag: Rule = {
  id: 'unclosed-tag',
  severity: 'error',
  why: 'What stands in a tag that is not closed is lost, or turns up somewhere else.',
  mend: 'Close every tag, in the reverse order in which they were opened.',
  example: { wrong: '<mj-text>Hello</mj-column>', right: '<mj-text>Hello</mj-text></mj-column>' },
  check: ({ mails }) =>
    mails.flatMap(({ file, source }) => {
      const open: { name: string; index: number }[] = [];
      for (const { 1: slash, 2: name, 3: end, index } of source.matchAll(tag)) {
        if (name === undefined || end === '/') continue;
        if (slash === '') {
          open.push({ name, index });
          continue;
        }
        const last = open.pop();
        if (last?.name === name) continue;
        const message =
          last === undefined
            ? `</${name}> closes nothing.`
            : `<${last.name}> is not closed before </${name}>.`;
        return [{ file, ...placeAt(source, last?.index ?? index), message }];
      }
      const last = open.at(-1);
      return last === undefined
        ? []
        : [{ file, ...placeAt(source, last.index), message: `<${last.name}> is never closed.` }];
    }),
};
