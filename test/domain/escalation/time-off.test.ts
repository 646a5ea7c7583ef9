import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withTimeOff, type TimeOff } from '../../../domain/escalation/time-off.ts';
import { instant } from '../../../domain/instant.ts';

const off = (from: number, until: number): TimeOff => ({
  from: instant(from),
  until: instant(until),
});

describe('a time off among those that are known', () => {
  it.each([
    ['stands alone', off(10, 20), [off(1, 5), off(30, 40)], off(10, 20), []],
    ['ends sooner when it is said again', off(12, 15), [off(10, 20)], off(10, 15), [off(10, 20)]],
    ['ends later when it is said again', off(10, 30), [off(10, 20)], off(10, 30), [off(10, 20)]],
    ['does not cut short what was planned', off(5, 12), [off(10, 20)], off(5, 20), [off(10, 20)]],
    ['is one with what it touches', off(5, 10), [off(10, 20)], off(5, 20), [off(10, 20)]],
    [
      'takes in all that lies within',
      off(5, 30),
      [off(1, 6), off(10, 12), off(28, 40)],
      off(1, 40),
      [off(1, 6), off(10, 12), off(28, 40)],
    ],
  ])('%s', (_, given, known, time, replaces) => {
    expect(withTimeOff(given, known)).toEqual({ time, replaces });
  });

  it('never overlaps another, and begins when it was said or before', () => {
    const some = fc.tuple(fc.nat(100), fc.integer({ min: 1, max: 30 }));
    fc.assert(
      fc.property(fc.array(some, { minLength: 1, maxLength: 12 }), times => {
        let known: TimeOff[] = [];
        for (const [from, length] of times) {
          const { time, replaces } = withTimeOff(off(from, from + length), known);
          expect(time.from).toBeLessThanOrEqual(from);
          expect(time.until).toBeGreaterThanOrEqual(from + length);
          known = [...known.filter(each => !replaces.includes(each)), time];
          for (const a of known)
            for (const b of known)
              expect(a === b || a.until <= b.from || b.until <= a.from).toBe(true);
        }
      }),
    );
  });
});
