import { describe, expect, it } from 'vitest';
import { readHeadings } from '../../../domain/lead/headings.ts';
import { parseRow } from '../../../domain/lead/parse-row.ts';
import { columns } from './columns.ts';

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
