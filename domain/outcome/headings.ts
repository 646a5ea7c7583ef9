import { readColumns, type Columns, type HeadingBook } from '../document/columns.ts';
import { addressHeadings } from '../lead/headings.ts';

/** What a column of a file of outcomes can be. */
export type OutcomeColumn =
  'email' | 'outcome' | 'at' | 'won_at' | 'lost_at' | 'amount' | 'currency' | 'reason' | 'id';

/** Headings of the exports of leads and deals of Salesforce, HubSpot and Pipedrive. */
const book: HeadingBook<OutcomeColumn> = {
  headings: {
    email: `${addressHeadings} contactpersonemail dealcontactpersonemail associatedcontactemail primarycontactemail`,
    // A status says what is decided, also where a stage says how far a deal had come.
    outcome:
      'outcome result dealstatus status leadstatus disposition stage dealstage opportunitystage lifecyclestage',
    at: 'date at outcomedate decidedat dealclosedon dealdealclosedon closedon closedate closedat converteddate disqualifieddate',
    won_at: 'wontime dealwontime wondate wonat',
    lost_at: 'losttime deallosttime lostdate lostat',
    amount: 'amount value dealvalue dealamount opportunityamount revenue',
    currency:
      'currency currencycode currencyisocode dealcurrencyofvalue dealcurrency amountcurrency opportunitycurrency',
    reason:
      'reason lostreason deallostreason lossreason closedlostreason rejectionreason disqualificationreason unqualifiedreason',
    id: 'outcomeid externalid dealid dealdealid opportunityid recordid id leadid',
  },
  needed: [
    { kinds: ['email'], called: 'addresses' },
    { kinds: ['outcome'], called: 'outcomes' },
    { kinds: ['at', 'won_at', 'lost_at'], called: 'dates' },
  ],
};

/**
 * Understands the header row of a file of outcomes.
 * @param map what the user says of headings, each `Heading=field`; it wins over what is known
 */
export function readOutcomeHeadings(
  header: readonly string[],
  map: readonly string[],
): { columns: Columns<OutcomeColumn> } | { problems: string[] } {
  return readColumns(header, map, book);
}
