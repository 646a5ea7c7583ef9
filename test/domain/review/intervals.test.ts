import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  leastDifference,
  shareOf,
  strictQuantile,
  wilson,
} from '../../../domain/review/intervals.ts';

describe('the interval of a share', () => {
  it.each([
    // Newcombe, Statistics in Medicine 17 (1998) 857–872, table I, method 3.
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
    // The same at the other end.
    [20, 20, 0.8389, 1],
  ])('of %i of %i is that which is published: %f to %f', (count, of, low, high) => {
    const interval = wilson(count, of);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it('holds the rate, stays between 0 and 1, and is narrower for more cases', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.double({ min: 0, max: 1 }),
        (of, rate) => {
          const count = Math.floor(rate * of);
          if (Number.isNaN(count)) return;
          const { low, high } = wilson(count, of);
          expect(low).toBeGreaterThanOrEqual(0);
          expect(low).toBeLessThanOrEqual(count / of);
          expect(high).toBeGreaterThanOrEqual(count / of);
          expect(high).toBeLessThanOrEqual(1);
          const more = wilson(count * 4, of * 4);
          expect(more.high - more.low).toBeLessThan(high - low);
          const other = wilson(of - count, of);
          expect(other.low).toBeCloseTo(1 - high, 12);
        },
      ),
    );
  });

  it('is not told of nothing, and refuses what is no share', () => {
    expect(shareOf(0, 0)).toEqual({ count: 0, of: 0, rate: null, low: null, high: null });
    expect(() => wilson(3, 2)).toThrow('3 of 2 is no share.');
    expect(() => wilson(0, 0)).toThrow(RangeError);
  });
});

describe('by how much one share is higher than another at least', () => {
  it.each([
    // Newcombe, Statistics in Medicine 17 (1998) 873–890, table II, method 10.
    [56, 70, 48, 80, 0.0524],
    [9, 10, 3, 10, 0.1705],
    [5, 56, 0, 29, -0.0381],
    [0, 10, 0, 20, -0.1611],
    [10, 10, 0, 10, 0.6075],
  ])('of %i of %i and %i of %i is that which is published: %f', (a, ofA, b, ofB, least) => {
    expect(leastDifference(shareOf(a, ofA), shareOf(b, ofB))).toBeCloseTo(least, 4);
  });

  it('is not told beside nothing', () => {
    expect(leastDifference(shareOf(3, 4), shareOf(0, 0))).toBeNull();
    expect(leastDifference(shareOf(0, 0), shareOf(3, 4))).toBeNull();
  });
});

describe('the quantile for many comparisons', () => {
  it.each([
    [1, 1.959964],
    [5, 2.575829],
    [10, 2.807034],
    [50, 3.290527],
  ])('of %i is that of the normal table', (comparisons, quantile) => {
    expect(strictQuantile(comparisons)).toBeCloseTo(quantile, 5);
  });
});
