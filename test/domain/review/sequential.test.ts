import { describe, expect, it } from 'vitest';
import { sampleRatio } from '../../../domain/review/sample-ratio.ts';
import { shareOf } from '../../../domain/review/intervals.ts';
import {
  alpha,
  differenceOf,
  isReady,
  leadsNeeded,
  levelOf,
} from '../../../domain/review/sequential.ts';
import { Random } from '../../../domain/random.ts';

const looks = { every: 50, upTo: 5_000 };
const z95 = 1.959963984540054;

interface Called {
  /** A winner at any look, by the sequential test and by one that is meant for a single look. */
  sequential: number;
  naive: number;
  /** The true difference outside the interval at any look. */
  missed: number;
}

/** Plays many tests of two variants, each looked at all the time; shares of the runs. */
function play(rates: readonly [number, number], weight: number, runs: number): Called {
  const chance = new Random(20_261_201);
  const called = { sequential: 0, naive: 0, missed: 0 };
  for (let run = 0; run < runs; run++) {
    const [one, other] = [
      { count: 0, of: 0 },
      { count: 0, of: 0 },
    ];
    const found = { sequential: false, naive: false, missed: false };
    for (let leads = 1; leads <= looks.upTo; leads++) {
      const isOne = chance.chance(weight);
      const arm = isOne ? one : other;
      arm.of += 1;
      if (chance.chance(rates[isOne ? 0 : 1])) arm.count += 1;
      if (leads % looks.every !== 0 || one.of === 0 || other.of === 0) continue;
      const [a, b] = [shareOf(one.count, one.of), shareOf(other.count, other.of)];
      const difference = differenceOf(a, b);
      if (difference === null || !isReady(a, b)) continue;
      const { low, high } = difference;
      const truth = rates[0] - rates[1];
      found.sequential ||= low > 0 || high < 0;
      found.missed ||= low > truth || high < truth;
      const all = (a.count + b.count) / leads;
      const error = Math.sqrt(all * (1 - all) * (1 / a.of + 1 / b.of));
      found.naive ||= Math.abs(difference.difference) > z95 * error;
    }
    for (const name of ['sequential', 'naive', 'missed'] as const)
      called[name] += found[name] ? 1 / runs : 0;
  }
  return called;
}

describe('the sequential test, looked at after every 50 leads up to 5,000', () => {
  it.each([
    { rate: 0.02, weight: 0.5 },
    { rate: 0.1, weight: 0.5 },
    { rate: 0.1, weight: 0.9 },
    { rate: 0.4, weight: 0.5 },
  ])('calls a winner where there is none in 5 % of the runs at most: $rate, $weight', each => {
    const { sequential, naive, missed } = play([each.rate, each.rate], each.weight, 300);
    expect(sequential).toBeLessThanOrEqual(alpha);
    expect(missed).toBeLessThanOrEqual(alpha);
    // A test that is meant for one look would have.
    expect(naive).toBeGreaterThan(2.5 * alpha);
  });

  it.each([
    { rates: [0.1, 0.15] as const, weight: 0.5 },
    { rates: [0.03, 0.06] as const, weight: 0.5 },
    { rates: [0.4, 0.3] as const, weight: 0.8 },
  ])('finds a real difference in most runs, and covers it: $rates', ({ rates, weight }) => {
    const { sequential, missed } = play(rates, weight, 200);
    expect(sequential).toBeGreaterThan(0.9);
    expect(missed).toBeLessThanOrEqual(alpha);
  });
});

describe('a difference', () => {
  it('is that of the formula, and its interval excludes 0 exactly where p is below α', () => {
    const [one, other] = [shareOf(60, 500), shareOf(40, 500)];
    // n = 250, r = 5, pooled rate 0.1: s = √(0.09 · 2 / 500), and the other error is smaller.
    const error = Math.sqrt((0.09 * 2) / 500);
    const lambda = Math.exp((0.04 / error) ** 2 * (5 / 12)) / Math.sqrt(6);
    const reach = error * Math.sqrt((12 / 5) * (Math.log(20) + Math.log(6) / 2));
    const found = differenceOf(one, other);
    expect(found?.difference).toBeCloseTo(0.04, 12);
    expect(found?.p).toBeCloseTo(1 / lambda, 12);
    expect(found?.low).toBeCloseTo(0.04 - reach, 12);
    expect(found?.high).toBeCloseTo(0.04 + reach, 12);
    for (let count = 40; count < 140; count++) {
      const { low = 0, p = 1 } = differenceOf(shareOf(count, 500), other) ?? {};
      expect(low > 0).toBe(p < alpha);
    }
  });

  it('is mirrored when the two are, and nobody knows it of nothing', () => {
    const [one, other] = [shareOf(9, 40), shareOf(5, 70)];
    const [there, back] = [differenceOf(one, other), differenceOf(other, one)];
    expect(there?.low).toBeCloseTo(-(back?.high ?? 0), 12);
    expect(there?.p).toBe(back?.p);
    expect(differenceOf(one, shareOf(0, 0))).toBeNull();
    expect(leadsNeeded(one, shareOf(0, 0))).toBeNull();
    expect(differenceOf(shareOf(0, 9), shareOf(0, 9))).toMatchObject({ low: -1, high: 1, p: 1 });
  });

  it('of few is never called, however large', () => {
    expect(isReady(shareOf(12, 12), shareOf(0, 100))).toBe(false);
    expect(isReady(shareOf(20, 50), shareOf(0, 100))).toBe(true);
    expect(isReady(shareOf(50, 50), shareOf(50, 50))).toBe(false);
  });

  it('is found at about as many leads as were said to be needed, and each of several comparisons has its part', () => {
    const at = (times: number) =>
      [shareOf(12 * times, 100 * times), shareOf(8 * times, 100 * times)] as const;
    const needed = leadsNeeded(...at(1)) ?? 0;
    const times = Math.ceil((200 + needed) / 200);
    expect(differenceOf(...at(times))?.low).toBeGreaterThan(0);
    expect(differenceOf(...at(times - 1))?.low).toBeLessThanOrEqual(0);
    expect(leadsNeeded(...at(times))).toBe(0);
    expect(leadsNeeded(shareOf(1, 10), shareOf(1, 10))).toBeNull();
    expect(leadsNeeded(shareOf(1_000, 10_000), shareOf(1_001, 10_000))).toBeNull();
    expect(levelOf(3)).toBeCloseTo(alpha / 3);
    expect(leadsNeeded(...at(1), levelOf(3))).toBeGreaterThan(needed);
  });
});

describe('the sample ratio', () => {
  // Values of the chi-square distribution: 3.841 and 10.828 with one degree of freedom, 5.991 with two, 7.815 with three.
  it.each([
    [[531, 469], [1, 1], 0.05],
    [[552, 448], [1, 1], 0.001],
    [[540, 440, 520], [1, 1, 1], 0.0037],
    [[120, 80, 100, 100], [1, 1, 1, 1], 0.046],
  ])('of %j by the weights %j', (exposed, weights, p) => {
    const ways = exposed.map((count, n) => ({ exposed: count, weight: weights[n] ?? 0 }));
    expect(sampleRatio(ways).p).toBeCloseTo(p, 3);
  });

  it('is off where chance would hardly lead, by the weights and not by halves', () => {
    const of = (...ways: [number, number][]) =>
      sampleRatio(ways.map(([exposed, weight]) => ({ exposed, weight })));
    expect(of([900, 9], [100, 1])).toMatchObject({ isOff: false, expected: [900, 100], p: 1 });
    expect(of([820, 9], [180, 1]).isOff).toBe(true);
    expect(of([50_000, 1], [0, 1])).toMatchObject({ isOff: true, p: 0 });
    expect(of([0, 1], [0, 1])).toMatchObject({ isOff: false, p: 1 });
  });
});
