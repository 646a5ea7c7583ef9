import type { CriterionField } from './fields.ts';
import { coversText, numbersOf, type Numbers } from './match.ts';

/** Whether every value of a field that one of `inner` matches is matched by one of `outer` too. */
export function coversField(
  field: CriterionField,
  outer: readonly string[],
  inner: readonly string[],
): boolean {
  if (field !== 'employees') return coversTexts(outer, inner);
  const wide = joined(outer);
  return joined(inner).every(one =>
    wide.some(({ low, high }) => low <= one.low && one.high <= high),
  );
}

/** The same for texts. A pattern that only several together cover is not found to be covered. */
export function coversTexts(outer: readonly string[], inner: readonly string[]): boolean {
  return inner.every(pattern => outer.some(wide => coversText(wide, pattern)));
}

/** The numbers that patterns name, as the fewest stretches, lowest first. */
function joined(patterns: readonly string[]): Numbers[] {
  const stretches = patterns
    .flatMap(pattern => numbersOf(pattern) ?? [])
    .filter(({ low, high }) => low <= high)
    .toSorted((a, b) => a.low - b.low);
  const whole: Numbers[] = [];
  for (const { low, high } of stretches) {
    const last = whole.at(-1);
    if (last !== undefined && low <= last.high + 1) last.high = Math.max(last.high, high);
    else whole.push({ low, high });
  }
  return whole;
}
