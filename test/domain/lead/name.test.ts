import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noFields } from '../../../domain/lead/fields.ts';
import { leadInALine, leadName } from '../../../domain/lead/name.ts';

const of = (firstName: string | null, lastName: string | null, company: string | null = null) =>
  leadInALine({ ...noFields, firstName, lastName, company });

describe('the name of a lead in one line', () => {
  it('is what is known of it', () => {
    expect(of('Ada', 'Lovelace', 'Analytical Engines')).toBe('Ada Lovelace, Analytical Engines');
    expect(of(null, 'Lovelace')).toBe('Lovelace');
    expect(of(null, null, 'Analytical Engines')).toBe('Analytical Engines');
    expect(of(null, ' ')).toBeNull();
    expect(leadName({ firstName: null, lastName: null })).toBeNull();
  });

  it('keeps names of every language as they are, and turns nothing around', () => {
    expect(of('עדה', 'לאבלייס')).toBe('עדה לאבלייס');
    expect(of('エイダ', 'O’Brien-Müller')).toBe('エイダ O’Brien-Müller');
    expect(of('Ada\u202egnp.exe', '\u2067x\u2069')).toBe('Adagnp.exe x');
  });

  it('is one line that fits a subject, whatever somebody wrote', () => {
    const nasty = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.constantFrom('a\r\nBcc: x@y.example', '\u2028', '\u0085', '😀'.repeat(200), '\u202e'),
    );
    fc.assert(
      fc.property(nasty, nasty, nasty, (first, last, company) => {
        const told = of(first, last, company) ?? '';
        expect(told).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
        expect(told.length).toBeLessThanOrEqual(80 + 2 + 80);
      }),
    );
  });
});
