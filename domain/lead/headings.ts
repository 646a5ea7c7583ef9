import { suggestion } from '../document/nearest.ts';

/** What a column can be. */
export const columnKinds = [
  'email',
  'first_name',
  'last_name',
  'full_name',
  'company',
  'title',
  'industry',
  'employees',
  'country',
  'region',
  'zone',
  'account_status',
  'opted_out',
  'consent_basis',
  'consent_date',
  'recent_conversion',
  'recent_conversion_date',
  'first_conversion',
  'first_conversion_date',
] as const;
export type ColumnKind = (typeof columnKinds)[number];

/** Headings of HubSpot's and Salesforce's exports, and of lists that people keep; without case, spaces and signs. */
const headings: Readonly<Record<ColumnKind, string>> = {
  email: 'email emailaddress email1 workemail businessemail contactemail mail primaryemail',
  first_name: 'firstname givenname forename vorname',
  last_name: 'lastname surname familyname nachname',
  full_name: 'name fullname contactname contact leadname',
  company:
    'company companyname companyaccount account accountname organization organisation associatedcompany primarycompany firma',
  title: 'title jobtitle position role jobposition',
  industry: 'industry sector branch',
  employees:
    'employees noofemployees numberofemployees employeecount companysize headcount numemployees',
  country: 'country countryregion mailingcountry billingcountry countrycode land',
  region: 'state region stateregion province mailingstate billingstate stateprovince',
  zone: 'timezone tz',
  account_status: 'lifecyclestage accounttype companytype customertype',
  opted_out:
    'emailoptout optout optedout hasoptedoutofemail unsubscribedfromallemail unsubscribed donotemail',
  consent_basis: 'legalbasis legalbasisforprocessingcontactsdata consentbasis consent',
  consent_date: 'consentdate consentat optindate',
  recent_conversion: 'recentconversion lastconversion recentconversionevent',
  recent_conversion_date: 'recentconversiondate lastconversiondate',
  first_conversion: 'firstconversion firstconversionevent',
  first_conversion_date: 'firstconversiondate',
};

const byHeading = new Map(
  Object.entries(headings).flatMap(([kind, names]) =>
    names.split(' ').map(name => [name, kind as ColumnKind]),
  ),
);

/** Which column is what; null for columns that nothing is read from. */
export interface Columns {
  kinds: (ColumnKind | null)[];
  /** Headings that nothing is read from. */
  unused: string[];
}

/**
 * Understands a header row.
 * @param map what the user says of headings, each `Heading=field`; it wins over what is known
 * @returns the columns, or what is wrong with the header or the map, in sentences
 */
export function readHeadings(
  header: readonly string[],
  map: readonly string[],
): { columns: Columns } | { problems: string[] } {
  const problems: string[] = [];
  const mapped = new Map<string, ColumnKind>();
  for (const entry of map) {
    const split = entry.lastIndexOf('=');
    const heading = entry.slice(0, split).trim();
    const kind = entry.slice(split + 1).trim();
    const index = header.findIndex(name => squeeze(name) === squeeze(heading));
    if (split < 1) problems.push(`"${entry}" is not of the form "Heading=field".`);
    else if (index < 0)
      problems.push(`The file has no column "${heading}".${suggestion(heading, header)}`);
    else if (!(columnKinds as readonly string[]).includes(kind))
      problems.push(
        `"${kind}" is no field.${suggestion(kind, columnKinds)} Fields: ${columnKinds.join(', ')}.`,
      );
    else if ([...mapped.values()].includes(kind as ColumnKind))
      problems.push(`Two columns cannot both be ${kind}; leave one of them out.`);
    else if (mapped.has(squeeze(heading)))
      problems.push(`The column "${heading}" is given two meanings; leave one of them out.`);
    else mapped.set(squeeze(heading), kind as ColumnKind);
  }
  const taken = new Set<ColumnKind>(mapped.values());
  const kinds = header.map(name => {
    const own = mapped.get(squeeze(name));
    if (own !== undefined) return own;
    const kind = byHeading.get(squeeze(name)) ?? null;
    // The first of two columns that could be the same wins.
    if (kind === null || taken.has(kind)) return null;
    taken.add(kind);
    return kind;
  });
  if (!kinds.includes('email') && problems.length === 0)
    problems.push(
      `No column holds addresses. The headings are: ${header.join(', ')}. Say which one, such as --map "${header[0] ?? 'Heading'}=email".`,
    );
  if (problems.length > 0) return { problems };
  return { columns: { kinds, unused: header.filter((_, index) => kinds[index] === null) } };
}

function squeeze(heading: string): string {
  return heading.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}
