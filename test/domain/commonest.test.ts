import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Commonest } from '../../domain/commonest.ts';

function counted(values: readonly string[], capacity: number): Commonest {
  const commonest = new Commonest(capacity);
  for (const value of values) commonest.add(value);
  return commonest;
}

it('counts exactly while there are few different values, letter case and spaces aside', () => {
  const commonest = counted(['Banking', 'retail', 'BANKING ', 'food  trade', 'Food trade'], 3);
  expect(commonest.isExact).toBe(true);
  expect(commonest.top(2)).toEqual([
    { value: 'Banking', count: 2 },
    { value: 'food  trade', count: 2 },
  ]);
  expect(commonest.top(9)).toHaveLength(3);
});

it('among any number of values finds every one that is common enough, and never counts too high', () => {
  const capacity = 5;
  const values = fc.array(fc.integer({ min: 0, max: 30 }).map(String), { maxLength: 200 });
  fc.assert(
    fc.property(values, all => {
      const found = counted(all, capacity);
      expect(found.top(100).length).toBeLessThanOrEqual(capacity);
      for (const value of new Set(all)) {
        const truth = all.filter(each => each === value).length;
        const count = found.top(100).find(each => each.value === value)?.count ?? 0;
        expect(count).toBeLessThanOrEqual(truth);
        expect(count).toBeGreaterThanOrEqual(truth - all.length / (capacity + 1));
        if (found.isExact) expect(count).toBe(truth);
      }
    }),
  );
});
