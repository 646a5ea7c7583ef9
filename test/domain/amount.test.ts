import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMoney } from '../../domain/amount.ts';
import { currencies } from '../../intake/currencies.ts';

describe('an amount', () => {
  it.each([
    ['1200', 120_000],
    ['1,200', 120_000],
    ['1.200', 120_000],
    ['1200.5', 120_050],
    ['1200,50', 120_050],
    ['1,200.50', 120_050],
    ['1.200,50 €', 120_050],
    ['1 234 567', 123_456_700],
    ["1'200.05", 120_005],
    ['1.234.567', 123_456_700],
    ['0.005', 1],
    ['12000.125', 1_200_013],
    ['0', 0],
    ['€12', 1_200],
  ])('%s is read', (text, minor) => {
    expect(parseMoney(text, 'EUR', currencies)).toEqual({ minor, currency: 'EUR' });
  });

  it('is in what it says itself, in that currency’s minor unit', () => {
    expect(parseMoney('JPY 12,000', 'EUR', currencies)).toEqual({
      minor: 12_000,
      currency: 'JPY',
    });
    expect(parseMoney('£3', null, currencies)).toEqual({ minor: 300, currency: 'GBP' });
    expect(parseMoney('5.00 usd', null, currencies)).toEqual({ minor: 500, currency: 'USD' });
  });

  it.each([
    '',
    '-5',
    'a lot',
    '1e9',
    '12 XXX?',
    '1,2.3.4,5x',
    '9'.repeat(19),
    'Infinity',
    '12 QQQ',
  ])('"%s" is none', text => {
    expect(parseMoney(text, 'EUR', currencies)).toBeNull();
  });

  it('in no currency is none', () => {
    expect(parseMoney('12', null, currencies)).toBeNull();
  });

  it('is read back as it was written, in English and in German', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 13 }), fc.boolean(), (minor, german) => {
        const text = new Intl.NumberFormat(german ? 'de' : 'en', {
          minimumFractionDigits: 2,
        }).format(
          `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}` as `${number}`,
        );
        expect(parseMoney(text, 'EUR', currencies)?.minor).toBe(minor);
      }),
    );
  });
});
