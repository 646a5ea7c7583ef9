import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRow } from '../../../domain/lead/parse-row.ts';
import { mergeRows } from '../../../domain/lead/row.ts';
import { columns } from './columns.ts';

describe('a row', () => {
  const known = columns([
    'Email',
    'Name',
    'Industry',
    'Employees',
    'Country',
    'Opt out',
    'Recent conversion',
    'Recent conversion date',
  ]);
  const parse = (...cells: string[]) => {
    const result = parseRow(cells, known);
    if ('reason' in result) throw new Error(result.reason);
    return result;
  };

  it('becomes a lead', () => {
    const { row, notes } = parse(
      'Ada@Example.com',
      'Ada King Lovelace',
      'FOOD_AND_BEVERAGE',
      '1,200',
      'Germany',
      'true',
      'Demo request',
      '2026-02-27 14:30',
    );
    expect(row).toMatchObject({
      address: 'ada@example.com',
      fields: {
        firstName: 'Ada',
        lastName: 'King Lovelace',
        industry: 'food and beverage',
        employees: 1200,
        country: 'DE',
      },
      optedOut: true,
      conversions: [{ name: 'Demo request', at: Date.parse('2026-02-27T14:30:00Z') }],
    });
    expect(notes).toEqual([]);
  });

  it.each([
    ['1,200', 1200],
    ['1.200', 1200],
    ['201-500', 201],
    ['10K+', 10_000],
    ['2.5k', 2500],
    ['50', 50],
    ['1 000 000', 1_000_000],
  ])('reads %s employees as %i', (text, count) => {
    expect(parse('a@b.example', '', '', text).row.fields.employees).toBe(count);
  });

  it.each([
    ['DE', 'DE'],
    ['Deutschland', 'DE'],
    ['USA', 'US'],
    ['United Kingdom', 'GB'],
    ['Österreich', 'AT'],
    ['Pays-Bas', 'NL'],
  ])('reads the country %s as %s', (text, code) => {
    expect(parse('a@b.example', '', '', '', text).row.fields.country).toBe(code);
  });

  it.each([
    ['2026-02-27', '2026-02-27T00:00:00Z'],
    ['27.2.2026', '2026-02-27T00:00:00Z'],
    ['2/27/2026', '2026-02-27T00:00:00Z'],
    ['2026-02-27T10:00:00+02:00', '2026-02-27T08:00:00Z'],
  ])('reads the date %s', (text, iso) => {
    expect(parse('a@b.example', '', '', '', '', '', 'Demo', text).row.conversions[0]?.at).toBe(
      Date.parse(iso),
    );
  });

  it('notes a cell that makes no sense, and keeps the row', () => {
    const { row, notes } = parse(
      'a@b.example',
      '',
      '',
      'many',
      'Atlantis',
      'perhaps',
      'Demo',
      'soon',
    );
    expect(row.fields).toMatchObject({ employees: null, country: null });
    expect(notes).toHaveLength(4);
    expect(notes[0]).toBe('employees "many" was not understood');
  });

  it.each([
    [['', 'Ada'], 'blank'],
    [['ada\u0007@example.com'], 'control character'],
    [['a@b.example', 'x'.repeat(400)], 'more than 300'],
    [['a@b.example', '', '', '', '', '', '', '', 'too many'], 'has 9 cells'],
  ])('%j is rejected with its reason', (cells, why) => {
    expect(parseRow(cells, known)).toMatchObject({
      reason: expect.stringContaining(why) as string,
    });
  });

  it('never fails, whatever stands in its cells', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 60 }), { maxLength: 10 }),
        cells => {
          const result = parseRow(cells, known);
          if ('row' in result) expect(result.row.address).toContain('@');
          else expect(result.reason.length).toBeGreaterThan(3);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('of the same person adds to the one before, and blanks take nothing away', () => {
    const first = parse('a@b.example', 'Ada Lovelace', 'retail', '', 'DE').row;
    const second = parse('a@b.example', '', 'logistics', '70', '').row;
    expect(mergeRows(first, second).fields).toMatchObject({
      firstName: 'Ada',
      industry: 'logistics',
      employees: 70,
      country: 'DE',
    });
  });
});
