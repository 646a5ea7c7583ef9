import { describe, expect, it } from 'vitest';
import { noFields } from '../../../domain/lead/fields.ts';
import { matches, meets } from '../../../domain/lead/match.ts';

describe('a pattern', () => {
  it.each([
    ['VP Operations', 'vp *', true],
    ['MVP', 'vp *', false],
    ['Plant  Manager', 'plant manager', true],
    ['Account Manager', '* manager', true],
    ['C++ (lead)', 'c++ (lead)', true],
    ['anything', '*', true],
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
