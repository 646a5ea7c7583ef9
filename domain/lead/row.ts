import type { AccountStatus } from '../account/status.ts';
import type { Instant } from '../instant.ts';
import type { Address } from './address.ts';
import type { LeadFields } from './fields.ts';

/** What a row of a file, or a call of the API, says of one lead. Null says nothing. */
export interface LeadRow {
  address: Address;
  fields: LeadFields;
  /** What the company is to us. */
  accountStatus: AccountStatus | null;
  /** Whether the person asked not to be mailed. */
  optedOut: boolean;
  consent: { basis: string; at: Instant | null } | null;
  /** Forms, downloads and webinars that the other system knows of. */
  conversions: { name: string; at: Instant }[];
}

/** Two rows of one person: what the second says wins, what it leaves blank stays. */
export function mergeRows(first: LeadRow, second: LeadRow): LeadRow {
  const said = Object.entries(second.fields).filter(([, value]) => value !== null);
  return {
    address: first.address,
    fields: { ...first.fields, ...Object.fromEntries(said) },
    accountStatus: second.accountStatus ?? first.accountStatus,
    optedOut: first.optedOut || second.optedOut,
    consent: second.consent ?? first.consent,
    conversions: [...first.conversions, ...second.conversions],
  };
}

/** Rows of the same person become one, in the order in which people are first named. */
export function mergeByAddress(rows: readonly LeadRow[]): LeadRow[] {
  const merged = new Map<Address, LeadRow>();
  for (const row of rows) {
    const before = merged.get(row.address);
    merged.set(row.address, before === undefined ? row : mergeRows(before, row));
  }
  return [...merged.values()];
}
