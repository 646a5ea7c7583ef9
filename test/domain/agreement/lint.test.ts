import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readAgreement } from '../../../domain/agreement/agreement.ts';
import { DocumentError } from '../../../domain/document/problem.ts';

const shipped = readFileSync('agreement/agreement.yaml', 'utf8');

type Changes = [from: string | RegExp, to: string][];

/** What reading the shipped agreement with some of its text changed says is wrong, and the line it names. */
function problems(...changes: Changes): { line: string; message: string }[] {
  const text = changes.reduce((before, [from, to]) => {
    const after = before.replace(from, to);
    expect(after, `"${String(from)}" is not in the text`).not.toBe(before);
    return after;
  }, shipped);
  try {
    readAgreement('agreement.yaml', text, ['problem-education', 'referral', 'stay-in-touch']);
    return [];
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    const lines = text.split('\n');
    return error.problems.map(({ line, message }) => ({ line: lines[line - 1] ?? '', message }));
  }
}

/** What some of them need beside. */
const also: Readonly<Record<string, Changes>> = {
  'no lead can have so much fit': [['high: 75', 'high: 90']],
};

describe('an agreement is refused, by the line and the mend, when', () => {
  it.each<[what: string, from: string | RegExp, to: string, line: string, says: string]>([
    ['weights add to nothing', 'weight: 15', 'weight: 0', 'weight: 0', 'expected number to be >0'],
    [
      'ranges overlap',
      '60: 50-199',
      '60: 50-250',
      '200-2000',
      '"200-2000" overlaps "50-250": 200 employees are in both',
    ],
    ['a range is missing', '60: 50-199', '60: 50-149', '50-149', 'nothing is said of 150 to 199 employees'],
    ['one number is missing', '60: 50-199', '60: 50-198', '50-198', 'nothing is said of 199 employees'],
    ['a range is turned round', '60: 50-199', '60: 199-50', '199-50', '"199-50" begins after it ends'],
    ['a size is no number', '60: 50-199', '60: medium', 'medium', '"medium" is no number of employees'],
    [
      'a title hides another',
      '"* manager"',
      '"vp sales"',
      'vp sales',
      '"vp sales" is never met: "vp *" gives 100 to whatever it fits, and comes first',
    ],
    ['a country is no code', '[DE, AT, CH]', '[DE, Austria]', 'Austria', '"Austria" is no country'],
    [
      'a description hides another',
      'pricing page: {',
      'any page: { page: "*" }\n  pricing page: {',
      'pricing page:',
      '"pricing page" is never met: whatever it describes is "any page" already',
    ],
    [
      'no lead can have so much fit',
      /100: \[manufacturing, logistics\], 50/,
      '20',
      'high: 90',
      'no lead can have so much fit: all criteria together give at most 80, and this cut is 90',
    ],
    ['cuts are out of order', 'middle: 50', 'middle: 80', 'middle: 80', 'high above middle above low'],
    ['a band is never left', 'hysteresis: 5', 'hysteresis: 25', 'hysteresis: 25', 'beyond the next'],
    ['the matrix has a hole', 'A: [A, A, B, C]', 'A: [A, A, B]', 'A: [A, A, B]', 'a row needs four grades'],
    ['a row is missing', /\n {4}D: \[C, D, D, D\]/, '', 'matrix:', '"grade.matrix.D" is missing'],
    [
      'more engagement makes a worse grade',
      'B: [A, B, C, C]',
      'B: [A, C, B, C]',
      'B: [A, C, B, C]',
      'with fit B, more engagement makes a worse grade: column 2 is C and column 3 is B',
    ],
    [
      'better fit makes a worse grade',
      'D: [C, D, D, D]',
      'D: [A, D, D, D]',
      'C: [B, C, C, D]',
      'with engagement 1, better fit makes a worse grade: C is B and D is A',
    ],
    ['a reason has no track', 'not now: { track: stay-in-touch, asks: date, lead_in: 14 days }', 'not now: {}', 'not now:', 'what follows'],
    [
      'a reason names another track',
      'not now: { track: stay-in-touch, asks: date, lead_in: 14 days }',
      'not now: { track: stay-in-tuch, asks: date }',
      'stay-in-tuch',
      'Did you mean "stay-in-touch"?',
    ],
    [
      'targets have no team', 'marketing: { leads: 150', 'leads: 150\n    marketing: { leads: 150', 'leads: 150', 'Known: marketing, sales',
    ],
    [
      'a quarter is none', '2026-Q4', '2026-Q5', '2026-Q5', 'a quarter is written like "2026-Q4"',
    ],
    [
      'a capacity is zero', 'capacity_per_rep: 10 a week', 'capacity_per_rep: 0 a week', '0 a week', 'a capacity is written like "10 a week"',
    ],
    [
      'money has no currency', 'pipeline: "400,000 EUR"', 'pipeline: 400000', 'pipeline: 400000', 'must be a text',
    ],
  ])('%s', (what, from, to, line, says) => {
    const found = problems([from, to], ...(also[what] ?? []));
    const told = found.find(({ message }) => message.includes(says));
    expect(told?.line, JSON.stringify(found)).toContain(line);
  });
});

it('the shipped agreement, which says all it can, contradicts itself nowhere', () => {
  expect(() => readAgreement('agreement.yaml', shipped, ['problem-education', 'referral', 'stay-in-touch'])).not.toThrow();
});
