/** What keeps the leads of a company out of nurture. */
export const accountStatuses = ['customer', 'open opportunity', 'competitor'] as const;
export type AccountStatus = (typeof accountStatuses)[number];

/** What CRMs call it; without case, spaces and signs. */
const words: Readonly<Record<AccountStatus | 'none' | 'silent', string>> = {
  customer: 'customer evangelist',
  'open opportunity': 'openopportunity opportunity',
  competitor: 'competitor',
  none: 'none',
  // Types, lifecycles and labels of Salesforce, HubSpot and Pipedrive as they are delivered, of companies that are
  // none of these. They name what is not known yet, and so take nothing away that somebody knew.
  silent:
    'prospect subscriber lead marketingqualifiedlead salesqualifiedlead mql sql partner channelpartner reseller ' +
    'channelpartnerreseller installationpartner technologypartner investor press integrator analyst vendor supplier ' +
    'hotlead warmlead coldlead other',
};

const byWord = new Map(
  Object.entries(words).flatMap(([status, names]) =>
    names.split(' ').map(name => [name, status as AccountStatus | 'none' | 'silent']),
  ),
);

/**
 * What a word says of a company: what it is to us; `none` of it; or nothing (`silent`), as a CRM's other types do.
 * Salesforce's types say more than one word: `Customer - Direct`.
 * @returns null for a word that nobody uses
 */
export function accountStatusOf(text: string): AccountStatus | 'none' | 'silent' | null {
  const word = text
    .toLowerCase()
    .replace(/ - .*/, '')
    .replace(/[^\p{L}\p{N}]+/gu, '');
  return byWord.get(word) ?? null;
}
