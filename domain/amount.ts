import { decimalsOf, type Money } from './money.ts';

/** The codes of ISO 4217 that there are. */
export type Currencies = ReadonlySet<string>;

/** Signs that stand for one currency alone; a dollar is many. */
const signs: Readonly<Record<string, string>> = { '€': 'EUR', '£': 'GBP' };

/** The code of a currency as people write it (`eur`), or null. */
export function currencyCode(text: string, currencies: Currencies): string | null {
  const code = text.trim().toUpperCase();
  return currencies.has(code) ? code : null;
}

/**
 * Reads an amount as people and exports write it: `1200`, `1,200.50`, `1.200,50 €`, `EUR 1 200`.
 * @param currency what it is in, unless it says so itself
 * @returns null for what is no amount, is below 0, or is in no currency
 */
export function parseMoney(
  text: string,
  currency: string | null,
  currencies: Currencies,
): Money | null {
  const [word] = /[A-Za-z]{3}/.exec(text) ?? [];
  const [sign] = /[€£]/.exec(text) ?? [];
  const own = word === undefined ? signs[sign ?? ''] : currencyCode(word, currencies);
  const code = own ?? (word === undefined ? currency : null);
  const number = text.replace(word ?? '', '').replace(/[€£$\s\u00a0'’]/g, '');
  if (code === null || !/^\d[\d.,]*$/.test(number) || number.length > 20) return null;
  const point = decimalPointOf(number);
  const whole = (point === null ? number : number.slice(0, point)).replace(/[.,]/g, '');
  const fraction = point === null ? '' : number.slice(point + 1);
  const digits = decimalsOf(code);
  const kept = fraction.padEnd(digits + 1, '0');
  const roundsUp = Number(kept[digits]) >= 5;
  const minor = Number(`${whole}${kept.slice(0, digits)}`) + (roundsUp ? 1 : 0);
  return Number.isSafeInteger(minor) ? { minor, currency: code } : null;
}

/** Where the decimal point of a number stands: a sign that stands once, unless it parts thousands; of two kinds the last. */
function decimalPointOf(number: string): number | null {
  const last = Math.max(number.lastIndexOf('.'), number.lastIndexOf(','));
  if (last < 0) return null;
  const sign = number[last] ?? '';
  const isRepeated = number.indexOf(sign) !== last;
  const hasOther = number.includes(sign === '.' ? ',' : '.');
  const isThousands = /^[1-9]\d{0,2}[.,]\d{3}$/.test(number) && !hasOther;
  return isRepeated || isThousands ? null : last;
}
