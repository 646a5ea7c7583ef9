import type { Problem } from '../document/problem.ts';
import { coversText, numbersOf } from '../lead/match.ts';
import { grades } from './grade.ts';
import type { AgreementDocument } from './schema.ts';

/** Says what is wrong at a place of the document. */
type Tell = (path: readonly PropertyKey[], message: string) => Problem;
type Rule = (agreement: AgreementDocument, tell: Tell) => Problem[];

/** What parts of an agreement say about each other so that a lead could never meet one of them. */
export function contradictions(agreement: AgreementDocument, tell: Tell): Problem[] {
  return [ranges, hiddenMatches, countries, hiddenEvents, reach, cuts, matrix].flatMap(rule =>
    rule(agreement, tell),
  );
}

/** Every pattern of fit, with what it gives and where it stands. */
function matchesOf({ fit }: AgreementDocument) {
  return fit.criteria.map(({ field, gives }) => ({
    field,
    patterns: gives.flatMap(({ points, patterns }) =>
      patterns.map((pattern, index) => ({
        pattern,
        points,
        path: ['fit', field, 'gives', String(points), index],
      })),
    ),
  }));
}

/** Ranges of numbers neither overlap nor leave out what lies between two of them. */
const ranges: Rule = (agreement, tell) => {
  const patterns = matchesOf(agreement).find(({ field }) => field === 'employees')?.patterns ?? [];
  const read = patterns.map(each => ({ ...each, numbers: numbersOf(each.pattern) }));
  const problems = read.flatMap(({ pattern, path, numbers }) =>
    numbers === null
      ? [tell(path, `"${pattern}" is no number of employees: write a number or a range such as 50-199 or > 2000.`)]
      : numbers.low > numbers.high
        ? [tell(path, `"${pattern}" begins after it ends, so that no company is in it.`)]
        : [],
  );
  const known = read
    .flatMap(({ numbers, ...rest }) => (numbers === null ? [] : [{ ...rest, ...numbers }]))
    .filter(({ low, high }) => low <= high)
    .toSorted((a, b) => a.low - b.low);
  for (const [index, next] of known.entries()) {
    const before = known[index - 1];
    if (before === undefined) continue;
    if (next.low <= before.high)
      problems.push(
        tell(
          next.path,
          `"${next.pattern}" overlaps "${before.pattern}": ${next.low} employees are in both; let one end where the other begins.`,
        ),
      );
    else if (next.low > before.high + 1)
      problems.push(
        tell(
          next.path,
          `between "${before.pattern}" and "${next.pattern}" nothing is said of ${span(before.high + 1, next.low - 1)} employees; close the gap, or say that they give 0.`,
        ),
      );
  }
  return problems;
};

const span = (from: number, to: number) => (from === to ? String(from) : `${from} to ${to}`);

/** A text that gives less is never looked at where one that gives more fits already. */
const hiddenMatches: Rule = (agreement, tell) =>
  matchesOf(agreement)
    .filter(({ field }) => field !== 'employees')
    .flatMap(({ patterns }) =>
      patterns.flatMap(({ pattern, points, path }, index) => {
        const before = patterns.slice(0, index).find(other => coversText(other.pattern, pattern));
        if (before === undefined) return [];
        const gives = before.points === points ? 'also gives' : 'gives';
        return [
          tell(
            path,
            `"${pattern}" is never met: "${before.pattern}" ${gives} ${before.points} to whatever it fits, and comes first.`,
          ),
        ];
      }),
    );

/** Leads' countries are codes. */
const countries: Rule = (agreement, tell) =>
  (matchesOf(agreement).find(({ field }) => field === 'country')?.patterns ?? [])
    .filter(({ pattern }) => !pattern.includes('*') && !/^[a-z]{2}$/i.test(pattern))
    .map(({ pattern, path }) =>
      tell(path, `"${pattern}" is no country's two-letter code, such as "DE", so no lead has it.`),
    );

/** The first description that fits an event names it. */
const hiddenEvents: Rule = ({ events }, tell) => {
  const descriptions = Object.entries(events);
  return descriptions.flatMap(([name, { kind, like }], index) => {
    const before = descriptions
      .slice(0, index)
      .filter(([, other]) => other.kind === kind)
      .find(([, other]) => like.every(pattern => other.like.some(wide => coversText(wide, pattern))));
    return before === undefined
      ? []
      : [
          tell(
            ['events', name],
            `"${name}" is never met: whatever it describes is "${before[0]}" already, which stands before it; put it first.`,
          ),
        ];
  });
};

/** Every band of fit and engagement can be reached. */
const reach: Rule = ({ fit, engagement, grade }, tell) => {
  const weights = fit.criteria.reduce((sum, { weight }) => sum + weight, 0);
  const mostFit =
    fit.criteria.reduce(
      (sum, { weight, gives }) => sum + weight * Math.max(fit.missing, ...gives.map(({ points }) => points)),
      0,
    ) / weights;
  const mostEngagement = Object.values(engagement).reduce((sum, { cap, points }) => {
    const gives = Object.values(points).some(each => each > 0);
    return sum + (gives ? (cap ?? Infinity) : 0);
  }, 0);
  return (['high', 'middle', 'low'] as const).flatMap(name => [
    ...(mostFit < grade.cuts[name]
      ? [tell(['grade', 'cuts', name], `no lead can have so much fit: all criteria together give at most ${Math.floor(mostFit)}, and this cut is ${grade.cuts[name]}.`)]
      : []),
    ...(mostEngagement < grade.cuts[name]
      ? [tell(['grade', 'cuts', name], `no lead can have so much engagement: the caps of all groups together are ${mostEngagement}, and this cut is ${grade.cuts[name]}.`)]
      : []),
  ]);
};

/** A band can be left again, and no band is skipped on the way down. */
const cuts: Rule = ({ grade: { cuts: { high, middle, low }, hysteresis } }, tell) => {
  const least = Math.min(high - middle, middle - low, low);
  return hysteresis < least
    ? []
    : [
        tell(
          ['grade', 'hysteresis'],
          `a band is left ${hysteresis} below its cut, and that is beyond the next: cuts are as near as ${least}; make it smaller than that.`,
        ),
      ];
};

/** More of either never makes a worse grade. */
const matrix: Rule = ({ grade: { matrix: rows } }, tell) =>
  grades.flatMap((fit, row) =>
    [0, 1, 2, 3].flatMap(column => {
      const here = grades.indexOf(rows[row]?.[column] ?? 'D');
      const problems: Problem[] = [];
      const path = ['grade', 'matrix', fit, column];
      const right = rows[row]?.[column + 1];
      if (right !== undefined && grades.indexOf(right) < here)
        problems.push(
          tell(path, `with fit ${fit}, more engagement makes a worse grade: column ${column + 1} is ${grades[here] ?? ''} and column ${column + 2} is ${right}.`),
        );
      const below = rows[row + 1]?.[column];
      if (below !== undefined && grades.indexOf(below) < here)
        problems.push(
          tell(path, `with engagement ${column + 1}, better fit makes a worse grade: ${fit} is ${grades[here] ?? ''} and ${grades[row + 1] ?? ''} is ${below}.`),
        );
      return problems;
    }),
  );
