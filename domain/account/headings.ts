import { readColumns, type Columns, type HeadingBook } from '../document/columns.ts';

/** What a column of a file of accounts can be. */
export type AccountColumn = 'domain' | 'name' | 'owner' | 'status';

/** Headings of the exports of accounts, companies and organizations of Salesforce, HubSpot and Pipedrive. */
const book: HeadingBook<AccountColumn> = {
  headings: {
    // A domain says it without doubt; a website may be a page of somebody else's.
    domain:
      'domain companydomain companydomainname accountdomain organizationdomain emaildomain website websiteurl ' +
      'companywebsite accountwebsite organizationwebsite webaddress homepage url',
    name: 'accountname companyname organizationname organisationname company account organization organisation firma name',
    owner:
      'accountowner accountowneremail accountowneralias companyowner companyowneremail organizationowner owner owneremail ' +
      'salesrep rep',
    status:
      'accountstatus companystatus status accounttype companytype customertype type lifecyclestage organizationlabel ' +
      'organizationlabels label labels',
  },
  needed: [{ kinds: ['domain'], called: 'domains' }],
};

/**
 * Understands the header row of a file of accounts.
 * @param map what the user says of headings, each `Heading=field`; it wins over what is known
 */
export function readAccountHeadings(
  header: readonly string[],
  map: readonly string[],
): { columns: Columns<AccountColumn> } | { problems: string[] } {
  return readColumns(header, map, book);
}
