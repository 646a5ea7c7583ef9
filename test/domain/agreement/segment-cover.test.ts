import fc from 'fast-check';
import { expect, it } from 'vitest';
import { covers } from '../../../domain/agreement/segment-cover.ts';
import { segmentsOf } from '../../../domain/agreement/segment-of.ts';
import type { SegmentCondition } from '../../../domain/agreement/segments.ts';
import { day } from '../../../domain/instant.ts';
import { monday, someEvents, someFields, theAgreement, theFacts } from '../facts.ts';

const agreement = theAgreement();

const some = <Word>(...words: Word[]) => fc.subarray(words, { minLength: 1 });
const events = ['page', 'pricing page', 'click', 'guide', 'download'];
/** Conditions that ask for everything; few leads would meet one. */
const everything = fc.record({
  title: some('*', 'plant*', '* manager', 'cook', '*n*'),
  employees: some('0-50', '51-200', '> 100', '<= 10', '7', '*'),
  country: some('DE', 'NL', '*'),
  source: some('fair', 'fair*', '*'),
  grade: some('C' as const, 'D' as const),
  rejected_for: some('not now', 'unreachable'),
  engaged: fc.record({
    event: some(...events),
    at_least: fc.integer({ min: 1, max: 3 }),
    within: fc.constantFrom(30 * day, 60 * day),
  }),
});
const parts = [
  'title',
  'employees',
  'country',
  'source',
  'grade',
  'rejected_for',
  'engaged',
] as const satisfies (keyof SegmentCondition)[];

const only = (
  whole: SegmentCondition,
  names: readonly (typeof parts)[number][],
): SegmentCondition => Object.fromEntries(names.map(name => [name, whole[name]]));

/** Two conditions of which the second asks for as much as the first, or more. */
const pairs = fc
  .tuple(everything, everything, fc.subarray([...parts], { minLength: 1, maxLength: 2 }))
  .map(([outer, inner, names]) => [only(outer, names.slice(-1)), only(inner, names)] as const)
  .filter(([outer, inner]) => covers(outer, inner, agreement));

it('a segment is said to hide another only when no lead could ever tell', () => {
  let hid = 0;
  fc.assert(
    fc.property(
      pairs,
      someFields,
      someEvents,
      fc.constantFrom('C' as const, 'D' as const),
      fc.subarray(['not now', 'unreachable']),
      fc.constantFrom('fair', 'fair 2026'),
      (conditions, fields, events, grade, rejections, source) => {
        const nurture = { C: 'c', D: 'd' };
        const segments = conditions.map((when, n) => ({ name: String(n), when, nurture }));
        const facts = theFacts({ fields, source }, { events, rejections });
        const fit = segmentsOf(facts, grade, { ...agreement, segments }, monday);
        const names = fit.map(({ name }) => name);
        if (!names.includes('1')) return;
        hid += 1;
        expect(names).toContain('0');
      },
    ),
    { numRuns: 2_000 },
  );
  expect(hid).toBeGreaterThan(200);
});
