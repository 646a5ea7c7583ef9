import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Columns } from '../../../domain/document/columns.ts';
import { readHeadings, type ColumnKind } from '../../../domain/lead/headings.ts';
import { parseRow } from '../../../domain/lead/parse-row.ts';
import { mergeRows } from '../../../domain/lead/row.ts';

function columns(header: string[], map: string[] = []): Columns<ColumnKind> {
  const result = readHeadings(header, map);
  if ('problems' in result) throw new Error(result.problems.join());
  return result.columns;
}

describe('headings', () => {
  it('of a HubSpot export are understood', () => {
    const header = [
      'Record ID',
      'First Name',
      'Last Name',
      'Email',
      'Job Title',
      'Company name',
      'Number of Employees',
      'Country/Region',
      'Lifecycle Stage',
      'Unsubscribed from all email',
      'Recent Conversion',
      'Recent Conversion Date',
    ];
    expect(columns(header)).toMatchObject({
      kinds: [
        null,
        'first_name',
        'last_name',
        'email',
        'title',
        'company',
        'employees',
        'country',
        'account_status',
        'opted_out',
        'recent_conversion',
        'recent_conversion_date',
      ],
      unused: ['Record ID'],
    });
  });

  it('of a Salesforce export are understood', () => {
    const header = [
      'First Name',
      'Last Name',
      'Title',
      'Company / Account',
      'Email',
      'No. of Employees',
      'Industry',
      'Country',
      'State/Province',
      'Email Opt Out',
      'Lead Source',
    ];
    expect(columns(header, ['Company / Account=company']).kinds).toEqual([
      'first_name',
      'last_name',
      'title',
      'company',
      'email',
      'employees',
      'industry',
      'country',
      'region',
      'opted_out',
      null,
    ]);
  });

  it('of Salesforce’s reports on contacts, accounts and campaigns are understood, and what is of no use is named', () => {
    const { kinds, unused } = columns([
      'Campaign Name',
      'Member Status',
      'First Name',
      'Last Name',
      'Title',
      'Account Name',
      'Email',
      'Mailing Country',
      'Billing Country',
      'Billing State/Province',
      'Employees',
      'Annual Revenue',
      'Lead Source',
      'Lead Status',
      'Email Opt Out',
    ]);
    expect(kinds).toEqual([
      null,
      null,
      'first_name',
      'last_name',
      'title',
      'company',
      'email',
      'country',
      'country',
      'region',
      'employees',
      null,
      null,
      null,
      'opted_out',
    ]);
    expect(unused).toEqual([
      'Campaign Name',
      'Member Status',
      'Annual Revenue',
      'Lead Source',
      'Lead Status',
    ]);
  });

  it('of a Pipedrive export of people are understood; the address at work is preferred to others', () => {
    const known = columns([
      'Person - Name',
      'Person - Email - Other',
      'Person - Email - Work',
      'Person - Email - Home',
      'Person - Organization',
      'Person - Job title',
      'Person - Marketing status',
      'Organization - Name',
      'Organization - Country of Address',
      'Organization - Address',
      'Organization - Labels',
      'Deal - Status',
    ]);
    expect(known.unused).toEqual(['Organization - Address', 'Deal - Status']);
    const read = (...cells: string[]) => parseRow(cells, known);
    expect(
      read(
        'Ada King',
        'o@x.example',
        'w@x.example',
        'h@x.example',
        '',
        'COO',
        'Unsubscribed',
        'Engines',
        'Germany',
        'Berlin',
        'Customer',
        'Open',
      ),
    ).toMatchObject({
      row: {
        address: 'w@x.example',
        fields: { firstName: 'Ada', lastName: 'King', company: 'Engines', country: 'DE' },
        optedOut: true,
        accountStatus: 'customer',
      },
    });
    expect(read('Ada King', 'o@x.example', ' ', 'h@x.example', '', '', 'Subscribed')).toMatchObject(
      {
        row: { address: 'h@x.example', optedOut: false },
        notes: [],
      },
    );
  });

  it('of any other system are understood with a map alone', () => {
    expect(
      columns(['Kontakt-Mail', 'Wer', 'Was'], ['Kontakt-Mail=email', 'Wer=full_name', 'was=title'])
        .kinds,
    ).toEqual(['email', 'full_name', 'title']);
  });

  it.each([
    [['Name', 'Phone'], [], 'No column holds addresses'],
    [['Email'], ['Titel=title'], 'no column "Titel"'],
    [['Email', 'Title'], ['Titel=title'], 'Did you mean "Title"?'],
    [['Email'], ['Email=emial'], 'Did you mean "email"?'],
    [['Email'], ['Email'], 'not of the form'],
  ])('%j with %j are refused', (header, map, why) => {
    const result = readHeadings(header, map);
    expect('problems' in result && result.problems.join('\n')).toContain(why);
  });
});

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
