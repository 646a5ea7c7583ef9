import { instant } from '../domain/instant.ts';
import { companyDomain } from '../domain/lead/address.ts';
import { saveAccounts } from '../store/account.ts';
import { accountsNear, accountSheet } from '../store/account-sheet.ts';
import { accountTies } from '../store/account-ties.ts';
import { crowdAddress, crowdNow, crowdSize } from './crowd.ts';
import type { Work } from './hot-work.ts';

const at = instant(Date.parse(crowdNow));
const domainOf = (n: number) => companyDomain(crowdAddress(n, crowdSize)) ?? '';

/** Accounts that become something else to us. */
function accountsOfAFile() {
  return Array.from({ length: 500 }, (_, n) => ({
    domain: domainOf(1 + n * 37),
    name: null,
    status: n % 2 === 0 ? ('competitor' as const) : ('none' as const),
    owner: null,
  }));
}

/** What is done with accounts often, or while others wait. */
export const accountWork: Readonly<Record<string, Work>> = {
  'who has to do with a lead already': {
    does: async (database, { nurtured, escalated }) => {
      await accountTies(database, nurtured, at);
      await accountTies(database, escalated, at);
    },
    rows: 40,
    pages: 150,
  },
  'an account with its leads': {
    does: async database => {
      await accountSheet(database, domainOf(77_777), at);
      await accountsNear(database, 'company-1.exmple');
    },
    rows: 60,
    pages: 200,
  },
  'taking in a batch of a file of accounts': {
    does: database => saveAccounts(database, accountsOfAFile(), at),
    // Each with its five leads.
    rows: 500 * 20,
    pages: 500 * 200,
  },
};
