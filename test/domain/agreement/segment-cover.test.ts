import fc from 'fast-check';
import { expect, it } from 'vitest';
import { grades } from '../../../domain/agreement/grade.ts';
import { covers } from '../../../domain/agreement/segment-cover.ts';
import { segmentsOf } from '../../../domain/agreement/segment-of.ts';
import type { SegmentCondition } from '../../../domain/agreement/segments.ts';
import { day } from '../../../domain/instant.ts';
import { monday, someEvents, someFields, theAgreement, theFacts } from '../facts.ts';

const agreement = theAgreement();

it('a segment is said to hide another only when no lead could ever tell', () => {
  const someOf = <T>(...values: T[]) =>
    fc.option(fc.subarray(values, { minLength: 1 }), { nil: undefined });
  const condition: fc.Arbitrary<SegmentCondition> = fc
    .record({
      title: someOf('*', 'plant*', '* manager', 'cook', '*n*'),
      employees: someOf('0-50', '51-200', '> 100', '<= 10', '7', '*'),
      country: someOf('DE', 'NL', '*'),
      source: someOf('fair', 'fair*', '*'),
      grade: someOf('C' as const, 'D' as const),
      rejected_for: someOf('not now', 'unreachable'),
      engaged: fc.option(
        fc.record({
          event: fc.subarray(['page', 'pricing page', 'click', 'guide', 'download'], {
            minLength: 1,
          }),
          at_least: fc.integer({ min: 1, max: 3 }),
          within: fc.constantFrom(30 * day, 60 * day),
        }),
        { nil: undefined },
      ),
    })
    .map(parts =>
      Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined)),
    );
  let hid = 0;
  fc.assert(
    fc.property(
      condition,
      condition,
      someFields,
      someEvents,
      fc.constantFrom(...grades.slice(2)),
      fc.subarray(['not now', 'unreachable']),
      fc.constantFrom('fair', 'fair 2026'),
      (outer, inner, fields, events, grade, rejections, source) => {
        fc.pre(covers(outer, inner, agreement));
        const segments = [outer, inner].map((when, n) => ({
          name: String(n),
          when,
          nurture: { C: 'c', D: 'd' },
        }));
        const facts = theFacts({ fields, source }, { events, rejections });
        const names = segmentsOf(facts, grade, { ...agreement, segments }, monday).map(
          ({ name }) => name,
        );
        if (names.includes('1')) {
          hid += 1;
          expect(names).toContain('0');
        }
      },
    ),
    { numRuns: 2_000, maxSkipsPerRun: 1_000 },
  );
  expect(hid).toBeGreaterThan(20);
});
