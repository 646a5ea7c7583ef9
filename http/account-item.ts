import { z } from 'zod';
import {
  noneWord,
  readAccount,
  type NamedPerson,
  type ReadAccount,
} from '../domain/account/account.ts';
import type { AccountColumn } from '../domain/account/headings.ts';
import { accountStatuses } from '../domain/account/status.ts';
import { readValues } from '../domain/document/columns.ts';

/** A text as a file's cell holds one; null and blank say nothing. */
const text = z.string().max(300, 'it must have at most 300 characters');

/** An account as it is posted. */
export const accountItemSchema = z.strictObject({
  domain: text.meta({
    description: "the company's domain; the address of its website is understood",
  }),
  name: text.nullish(),
  status: z
    .enum([...accountStatuses, noneWord])
    .nullish()
    .meta({ description: 'what the company is to you; none takes away what was known' }),
  owner: text.nullish().meta({
    description: 'somebody of sales, by key or address; none takes the owner away',
  }),
});
type AccountItem = z.output<typeof accountItemSchema>;

/** What a posted account says, by the rules of a file's row. */
export function readAccountItem(item: AccountItem, people: readonly NamedPerson[]): ReadAccount {
  const names = ['domain', 'name', 'owner', 'status'] as const;
  const values = readValues<AccountColumn>(names.map(name => [name, item[name] ?? ''] as const));
  return values instanceof Map ? readAccount(values, people) : values;
}
