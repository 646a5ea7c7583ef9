import { readColumns, type Columns, type HeadingBook } from '../document/columns.ts';

/** What a column can be. */
export type ColumnKind =
  | 'email'
  | 'first_name'
  | 'last_name'
  | 'full_name'
  | 'company'
  | 'title'
  | 'industry'
  | 'employees'
  | 'country'
  | 'region'
  | 'zone'
  | 'account_status'
  | 'opted_out'
  | 'consent_basis'
  | 'consent_date'
  | 'recent_conversion'
  | 'recent_conversion_date'
  | 'first_conversion'
  | 'first_conversion_date';

/** The headings under which every system's files hold a person's address. */
export const addressHeadings =
  'email emailaddress email1 workemail businessemail contactemail mail primaryemail leademail ' +
  'personemail personemailwork personemailhome personemailother emailwork emailhome emailother ' +
  'contactemailaddress';

/**
 * Headings of the exports of HubSpot, Salesforce (leads, contacts, accounts, campaign members) and Pipedrive (people,
 * leads, organizations), and of lists that people keep.
 */
const book: HeadingBook<ColumnKind> = {
  headings: {
    email: addressHeadings,
    first_name: 'firstname givenname forename vorname personfirstname contactfirstname',
    last_name: 'lastname surname familyname nachname personlastname contactlastname',
    full_name:
      'name fullname contactname contact leadname personname leadcontactperson dealcontactperson leadfullname',
    company:
      'company companyname companyaccount account accountname organization organisation associatedcompany primarycompany firma ' +
      'organizationname personorganization leadorganization dealorganization parentaccount',
    title: 'title jobtitle position role jobposition personjobtitle persontitle contacttitle',
    industry: 'industry sector branch organizationindustry accountindustry',
    employees:
      'employees noofemployees numberofemployees employeecount companysize headcount numemployees organizationnumberofemployees organizationemployeecount',
    country:
      'country countryregion mailingcountry billingcountry countrycode land mailingcountryterritory billingcountryterritory ' +
      'countryterritory mailingcountrycode billingcountrycode personcountryofpostaladdress organizationcountryofaddress',
    region:
      'state region stateregion province mailingstate billingstate stateprovince mailingstateprovince billingstateprovince ' +
      'personstatecountyofpostaladdress organizationstatecountyofaddress',
    zone: 'timezone tz',
    account_status:
      'lifecyclestage accounttype companytype customertype organizationlabel organizationlabels',
    opted_out:
      'emailoptout optout optedout hasoptedoutofemail unsubscribedfromallemail unsubscribed donotemail personmarketingstatus marketingstatus',
    consent_basis: 'legalbasis legalbasisforprocessingcontactsdata consentbasis consent',
    consent_date: 'consentdate consentat optindate',
    recent_conversion: 'recentconversion lastconversion recentconversionevent',
    recent_conversion_date: 'recentconversiondate lastconversiondate',
    first_conversion: 'firstconversion firstconversionevent',
    first_conversion_date: 'firstconversiondate',
  },
  needed: [{ kinds: ['email'], called: 'addresses' }],
};

/**
 * Understands the header row of a file of leads.
 * @param map what the user says of headings, each `Heading=field`; it wins over what is known
 * @returns the columns, or what is wrong with the header or the map, in sentences
 */
export function readHeadings(
  header: readonly string[],
  map: readonly string[],
): { columns: Columns<ColumnKind> } | { problems: string[] } {
  return readColumns(header, map, book);
}
