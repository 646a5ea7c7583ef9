import fc from 'fast-check';
import { expect, it } from 'vitest';
import { variantOf } from '../../../domain/sequence/variants.ts';

const paths = [
  { variant: 'a', weight: 1 },
  { variant: 'b', weight: 2 },
  { variant: 'hold_out', weight: 1 },
];

const people = (count: number) =>
  Array.from({ length: count }, (_, n) => n.toString(16).padStart(16, '0'));

it('a variant falls to its share of the people, and always to the same', () => {
  const counts = new Map<string, number>();
  for (const person of people(20_000)) {
    const name = variantOf(paths, person, 's', 'm')?.variant ?? '';
    expect(variantOf(paths, person, 's', 'm')?.variant).toBe(name);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  // Six standard deviations of a fair draw are 370.
  expect(Math.abs((counts.get('a') ?? 0) - 5_000)).toBeLessThan(370);
  expect(Math.abs((counts.get('b') ?? 0) - 10_000)).toBeLessThan(430);
  expect(Math.abs((counts.get('hold_out') ?? 0) - 5_000)).toBeLessThan(370);
});

it('what falls to somebody in one split says nothing of another', () => {
  const twoWays = [
    { variant: 'a', weight: 1 },
    { variant: 'b', weight: 1 },
  ];
  const both = people(20_000).filter(
    person =>
      variantOf(twoWays, person, 's', 'm')?.variant === 'a' &&
      variantOf(twoWays, person, 's', 'n')?.variant === 'a',
  );
  expect(Math.abs(both.length - 5_000)).toBeLessThan(370);
});

it('there is always one, whatever the weights', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.001, max: 1_000, noNaN: true }), { minLength: 1, maxLength: 8 }),
      fc.string(),
      (weights, person) => {
        const ways = weights.map((weight, n) => ({ weight, n }));
        expect(ways).toContain(variantOf(ways, person, 's', 'm'));
      },
    ),
  );
});
