import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noFields } from '../../../domain/lead/fields.ts';
import { firstMatch, matches, meets } from '../../../domain/lead/match.ts';
import { plainlyMatches } from '../agreement/plain-score.ts';

describe('a pattern', () => {
  it('means what its regular expression would, asked alone or as one of many', () => {
    const of = (...letters: string[]) =>
      fc.string({ unit: fc.constantFrom(...letters), maxLength: 6 });
    const text = fc.oneof(of('a', 'b', '*'), of('a', 'A', ' ', '\t', '.', '*'));
    const pattern = fc.oneof(text, fc.constantFrom('3-5', '> 4', '<= 4', '< 5', '>=5', '4', '*'));
    const value = fc.oneof(text, fc.nat(7), fc.constant(null));
    const patterns = fc.array(pattern, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(value, patterns, (given, all) => {
        const meant = all.map(each => plainlyMatches(given, each));
        expect(all.map(each => matches(given, each))).toEqual(meant);
        const first = firstMatch(all.map((each, gives) => ({ patterns: [each], gives })));
        expect(first(given) ?? -1).toBe(meant.indexOf(true));
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    ['VP Operations', 'vp *', true],
    ['MVP', 'vp *', false],
    ['Plant  Manager', 'plant manager', true],
    ['Account Manager', '* manager', true],
    ['C++ (lead)', 'c++ (lead)', true],
    ['anything', '*', true],
    ['ab', 'ab*b', false],
    ['abb', 'ab*b', true],
    ['', '*', true],
    [null, '*', false],
    [199, '50-199', true],
    [200, '50-199', false],
    [2001, '> 2000', true],
    [2000, '> 2000', false],
    [10, '<= 10', true],
    [7, '7', true],
    [0, '*', true],
  ])('%j matches %s: %s', (value, pattern, expected) => {
    expect(matches(value, pattern)).toBe(expected);
  });

  it('conditions need every field', () => {
    const fields = { ...noFields, country: 'DE', industry: 'Logistics' };
    expect(meets(fields, { country: ['AT', 'DE'], industry: ['logistics'] })).toBe(true);
    expect(meets(fields, { country: ['AT', 'DE'], employees: ['> 10'] })).toBe(false);
    expect(meets(fields, {})).toBe(true);
  });
});
