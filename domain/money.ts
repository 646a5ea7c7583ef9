import { z } from 'zod';

/** An amount in whole minor units of a currency, such as cents. */
export interface Money {
  minor: number;
  /** ISO 4217, such as `EUR`. */
  currency: string;
}

/** Currencies of ISO 4217 that have no minor unit, and those of three decimals; all others have two. */
const withoutDecimals = /^(BIF|CLP|DJF|GNF|ISK|JPY|KMF|KRW|PYG|RWF|UGX|UYI|VND|VUV|XAF|XOF|XPF)$/;
const withThreeDecimals = /^(BHD|IQD|JOD|KWD|LYD|OMR|TND)$/;

/** How many digits of a currency stand behind the point. */
export function decimalsOf(currency: string): number {
  if (withoutDecimals.test(currency)) return 0;
  return withThreeDecimals.test(currency) ? 3 : 2;
}

/** `250000 EUR` or `1,250.50 USD`. */
export const moneySchema = z.string().transform((text, context): Money => {
  const [, whole, decimals = '', currency = ''] =
    /^(\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.(\d+))? ([A-Z]{3})$/.exec(text.trim()) ?? [];
  const places = decimalsOf(currency);
  if (whole !== undefined && decimals.length <= places)
    return {
      minor: Number(`${whole.replaceAll(',', '')}${decimals.padEnd(places, '0')}`),
      currency,
    };
  context.addIssue({
    code: 'custom',
    message: 'money is written like "250,000 EUR", with the three letters of its currency',
  });
  return z.NEVER;
});
