import { findingAt, type Rule } from '../finding.ts';
import { liquidIn, type Source } from '../template.ts';

/** Rounds beyond which a mail costs too much to make for every lead. */
const mostRounds = 200;

export const liquidLoop: Rule = {
  id: 'liquid-loop',
  severity: 'error',
  why: 'A mail is made anew for each lead: a long loop holds up all of them, and ends unfinished.',
  mend: 'Write out what is repeated; a lead has single values, and nothing to go through.',
  example: { wrong: '{% for i in (1..100000) %}·{% endfor %}', right: '· · · (written out)' },
  check: ({ mails }) => mails.flatMap(({ sources }) => sources.flatMap(source => tooLong(source))),
};

/** Loops that go round too often, also by standing in each other. */
function tooLong(source: Source): ReturnType<Rule['check']> {
  const open: number[] = [];
  return liquidIn(source).flatMap(({ token, index }) => {
    if (/^\{%-?\s*end(for|tablerow)\b/.test(token)) {
      open.pop();
      return [];
    }
    const [, , from, to] =
      /^\{%-?\s*(for|tablerow)\s+\w+\s+in\s+(?:\(\s*([^.\s]+)\s*\.\.\s*([^)\s]+)\s*\))?/.exec(
        token,
      ) ?? [];
    if (!/^\{%-?\s*(for|tablerow)\b/.test(token)) return [];
    const rounds = to === undefined ? 10 : Math.abs(Number(to) - Number(from)) + 1;
    open.push(rounds);
    const all = open.reduce((product, each) => product * each, 1);
    if (all <= mostRounds) return [];
    const often = Number.isFinite(all) ? `${all} times` : 'as often as a field says';
    return [
      findingAt(
        source,
        index,
        `this loop goes round ${often}; more than ${mostRounds} cost too much.`,
      ),
    ];
  });
}
