import { findingAt, type Finding, type Rule } from '../finding.ts';
import { withoutComments, withoutLiquidTags, type Source } from '../template.ts';

/** Tags of MJML, and of HTML where they stand in `mj-text` and the like; those without content close themselves. */
const tag = /<(\/?)(mj[a-z-]*)\b[^<>]*?(\/?)>/g;

/** A tag that another begins in. */
const withoutEnd = /<(mj[a-z-]*)\b[^<>]*(?=<\/?mj)/;

export const unclosedTag: Rule = {
  id: 'unclosed-tag',
  severity: 'error',
  why: 'What stands in a tag that is not closed is lost, or turns up somewhere else.',
  mend: 'Close every tag, in the reverse order in which they were opened.',
  example: { wrong: '<mj-text>Hello</mj-column>', right: '<mj-text>Hello</mj-text></mj-column>' },
  check: ({ mails }) =>
    mails.flatMap(({ sources }) => sources.flatMap(source => firstUnclosed(source) ?? [])),
};

function firstUnclosed(source: Source): Finding | null {
  const text = withoutLiquidTags(withoutComments(source.text));
  const endless = withoutEnd.exec(text);
  if (endless !== null)
    return findingAt(source, endless.index, `<${endless[1] ?? ''} has no ">" at its end.`);
  const open: { name: string; index: number }[] = [];
  for (const { 1: slash, 2: name, 3: end, index } of text.matchAll(tag)) {
    if (name === undefined || end === '/') continue;
    if (slash === '') {
      open.push({ name, index });
      continue;
    }
    const last = open.pop();
    if (last?.name === name) continue;
    return last === undefined
      ? findingAt(source, index, `</${name}> closes nothing.`)
      : findingAt(source, last.index, `<${last.name}> is not closed before </${name}>.`);
  }
  const last = open.at(-1);
  return last === undefined
    ? null
    : findingAt(source, last.index, `<${last.name}> is never closed.`);
}
