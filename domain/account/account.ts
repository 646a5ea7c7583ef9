import { suggestion } from '../document/nearest.ts';
import type { PersonId } from '../ids.ts';
import { readCompanyDomain } from '../lead/address.ts';
import type { AccountColumn } from './headings.ts';
import { accountStatuses, accountStatusOf, type AccountStatus } from './status.ts';

/** The word that takes away what is known; a blank says nothing. */
export const noneWord = 'none';

/** What a row of a file, or a call of the API, says of one account. Null says nothing; `none` takes away. */
export interface AccountRow {
  /** As addresses have it. */
  domain: string;
  name: string | null;
  status: AccountStatus | typeof noneWord | null;
  owner: PersonId | typeof noneWord | null;
}

/** Somebody who is there, and may be named as an owner. */
export interface NamedPerson {
  id: PersonId;
  key: string;
  name: string;
  address: string;
  team: string;
}

/** A row that was understood, with what in it says nothing; or why it cannot be used. */
export type ReadAccount = { row: AccountRow; notes: string[] } | { reason: string };

/**
 * Reads what a row says, by the names of its cells.
 * @param people everybody who is there
 */
export function readAccount(
  values: ReadonlyMap<AccountColumn, string>,
  people: readonly NamedPerson[],
): ReadAccount {
  const text = values.get('domain');
  if (text === undefined) return { reason: 'says no domain' };
  const domain = readCompanyDomain(text);
  if ('reason' in domain) return domain;
  const word = values.get('status');
  const status = word === undefined ? null : accountStatusOf(word);
  if (word !== undefined && status === null)
    return {
      reason: `"${word}" is no status of an account.${suggestion(word, [...accountStatuses, noneWord])}`,
    };
  const named = values.get('owner');
  const owner = named === undefined ? { owner: null } : ownerOf(named, people);
  if ('reason' in owner) return owner;
  const row: AccountRow = {
    domain: domain.domain,
    name: values.get('name') ?? null,
    status: status === 'silent' ? null : status,
    owner: owner.owner,
  };
  const silence = `the status "${word ?? ''}" says nothing here; what the account was it stays`;
  return { row, notes: status === 'silent' ? [silence] : [] };
}

/** Whom a text names: by key, by address, or by a name that one person alone has. */
function ownerOf(
  text: string,
  people: readonly NamedPerson[],
): { owner: PersonId | typeof noneWord } | { reason: string } {
  const word = text.toLowerCase();
  if (word === noneWord) return { owner: noneWord };
  const isNamed = (person: NamedPerson) => person.key === word || person.address === word;
  const exact = people.filter(isNamed);
  const found = exact.length > 0 ? exact : people.filter(({ name }) => name.toLowerCase() === word);
  const [person, another] = found;
  if (person === undefined) {
    const known = people.filter(({ team }) => team === 'sales');
    // Addresses too, because a mistyped one is near no key.
    const near = word.includes('@') ? known.map(({ address }) => address) : known.map(keyOf);
    return { reason: `the owner "${text}" is nobody who is here.${suggestion(word, near)}` };
  }
  if (another !== undefined)
    return {
      reason: `the owner "${text}" is ${found.map(keyOf).join(' or ')}; write the key of one`,
    };
  if (person.team !== 'sales')
    return { reason: `the owner "${text}" is of ${person.team}; accounts are owned by sales` };
  return { owner: person.id };
}

function keyOf({ key }: NamedPerson): string {
  return key;
}

/** Rows of the same account become one, in the order in which accounts are first named: the later says more. */
export function mergeAccounts(rows: readonly AccountRow[]): AccountRow[] {
  const merged = new Map<string, AccountRow>();
  for (const row of rows) {
    const before = merged.get(row.domain);
    merged.set(row.domain, {
      domain: row.domain,
      name: row.name ?? before?.name ?? null,
      status: row.status ?? before?.status ?? null,
      owner: row.owner ?? before?.owner ?? null,
    });
  }
  return [...merged.values()];
}
