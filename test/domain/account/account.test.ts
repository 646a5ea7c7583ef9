import { describe, expect, it } from 'vitest';
import { mergeAccounts, readAccount, type NamedPerson } from '../../../domain/account/account.ts';
import { readAccountHeadings, type AccountColumn } from '../../../domain/account/headings.ts';
import { accountStatusOf } from '../../../domain/account/status.ts';
import type { PersonId } from '../../../domain/ids.ts';
import { readCompanyDomain } from '../../../domain/lead/address.ts';

const person = (key: string, name: string, team = 'sales'): NamedPerson => ({
  id: `id of ${key}` as PersonId,
  key,
  name,
  address: `${key}@northwind.example`,
  team,
});
const people = [
  person('lena', 'Lena Vogt'),
  person('emil', 'Emil Sattler'),
  person('emil-2', 'Emil Sattler'),
  person('nora', 'Nora Lindqvist', 'marketing'),
];
const read = (values: Partial<Record<AccountColumn, string>>) =>
  readAccount(new Map(Object.entries(values) as [AccountColumn, string][]), people);

describe('a company’s domain', () => {
  it.each([
    ['example.com', 'example.com'],
    [' Example.COM. ', 'example.com'],
    ['www.example.com', 'example.com'],
    ['https://www.example.com/about?us=1#team', 'example.com'],
    ['http://user@shop.example.com:8080/', 'shop.example.com'],
    ['sales@example.com', 'example.com'],
    ['@example.com', 'example.com'],
    ['www.com', 'www.com'],
    ['bücher.example', 'xn--bcher-kva.example'],
  ])('%j is %s', (text, domain) => {
    expect(readCompanyDomain(text)).toEqual({ domain });
  });

  it.each(['', 'example', 'exa mple.com', '10.0.0.17', 'a..example', 'https://', 'n/a', '[::1]'])(
    '%j is none',
    text => {
      expect(readCompanyDomain(text)).toEqual({
        reason: `"${text}" is no domain; write it like example.com`,
      });
    },
  );

  it('is not that of a provider of mail', () => {
    expect(readCompanyDomain('https://www.gmail.com/')).toEqual({
      reason: 'at gmail.com anybody may have an address, so it tells no company',
    });
  });
});

describe('headings of a file of accounts', () => {
  it.each([
    [
      'Salesforce',
      ['Account Owner', 'Account Name', 'Type', 'Website', 'Billing City'],
      ['owner', 'name', 'status', 'domain', null],
    ],
    [
      'HubSpot',
      ['Record ID', 'Company name', 'Company owner', 'Company Domain Name', 'Lifecycle Stage'],
      [null, 'name', 'owner', 'domain', 'status'],
    ],
    [
      'Pipedrive',
      ['Organization - Name', 'Organization - Label', 'Organization - Owner', 'Website'],
      ['name', 'status', 'owner', 'domain'],
    ],
    ['people', ['Domain', 'Company', 'Owner', 'Status'], ['domain', 'name', 'owner', 'status']],
  ])('as %s has them are understood', (_, header, kinds) => {
    expect(readAccountHeadings(header, [])).toMatchObject({ columns: { kinds } });
  });

  it('without a domain say which there are, and how to name one', () => {
    expect(readAccountHeadings(['Web', 'Status'], [])).toEqual({
      problems: [
        'No column holds domains. The headings are: Web, Status. Say which one, such as --map "Web=domain".',
      ],
    });
    expect(readAccountHeadings(['Web'], ['Web=domian'])).toMatchObject({
      problems: [expect.stringContaining('Did you mean "domain"?')],
    });
  });
});

describe('a status', () => {
  it.each([
    ['Customer - Direct', 'customer'],
    ['Evangelist', 'customer'],
    ['open_opportunity', 'open opportunity'],
    ['Opportunity', 'open opportunity'],
    ['COMPETITOR', 'competitor'],
    ['None', 'none'],
    ['Prospect', 'silent'],
    ['Channel Partner / Reseller', 'silent'],
    ['friend', null],
  ])('%s is %s', (word, status) => {
    expect(accountStatusOf(word)).toBe(status);
  });
});

describe('a row of an account', () => {
  it('says what it says; a blank says nothing, and "none" takes away', () => {
    expect(read({ domain: 'a.example' })).toEqual({
      row: { domain: 'a.example', name: null, status: null, owner: null },
      notes: [],
    });
    expect(read({ domain: 'a.example', name: 'A', status: 'none', owner: 'None' })).toMatchObject({
      row: { name: 'A', status: 'none', owner: 'none' },
    });
  });

  it.each(['lena', 'LENA', 'lena@northwind.example', 'Lena Vogt'])('owned by %j', owner => {
    expect(read({ domain: 'a.example', owner })).toMatchObject({ row: { owner: 'id of lena' } });
  });

  it('with a type that CRMs have for other companies takes nothing away, and says so', () => {
    expect(read({ domain: 'a.example', status: 'Prospect' })).toMatchObject({
      row: { status: null },
      notes: ['the status "Prospect" says nothing here; what the account was it stays'],
    });
  });

  it.each([
    [{}, 'says no domain'],
    [{ domain: 'example' }, '"example" is no domain; write it like example.com'],
    [{ status: 'custumer' }, '"custumer" is no status of an account. Did you mean "customer"?'],
    [
      { status: 'friendly' },
      '"friendly" is no status of an account. Known: customer, open opportunity, competitor, none.',
    ],
    [{ owner: 'lenna' }, 'the owner "lenna" is nobody who is here. Did you mean "lena"?'],
    [
      { owner: 'lena@northwnd.example' },
      'the owner "lena@northwnd.example" is nobody who is here. Did you mean "lena@northwind.example"?',
    ],
    [{ owner: 'emil sattler' }, 'the owner "emil sattler" is emil or emil-2; write the key of one'],
    [{ owner: 'nora' }, 'the owner "nora" is of marketing; accounts are owned by sales'],
  ])('%j cannot be used, and says why', (values, reason) => {
    const domain = Object.keys(values).length === 0 ? {} : { domain: 'a.example' };
    expect(read({ ...domain, ...values })).toEqual({ reason });
  });

  it('of the same account is one with the others: the later says more', () => {
    const row = (values: Parameters<typeof read>[0]) => {
      const result = read({ domain: 'a.example', ...values });
      return 'row' in result ? result.row : expect.fail();
    };
    expect(
      mergeAccounts([
        row({ name: 'A', status: 'customer' }),
        row({ domain: 'b.example' }),
        row({ status: 'none', owner: 'lena' }),
      ]),
    ).toEqual([
      { domain: 'a.example', name: 'A', status: 'none', owner: 'id of lena' },
      { domain: 'b.example', name: null, status: null, owner: null },
    ]);
  });
});
