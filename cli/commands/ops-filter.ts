import { Option } from 'commander';
import type { LeadId } from '../../domain/ids.ts';
import { normalizeAddress } from '../../domain/lead/address.ts';
import type { Database } from '../../store/database.ts';
import { leadByAddress } from '../../store/lead.ts';

/** It was not said, or not understood, whom it is for. */
export class FilterError extends Error {
  override readonly name = 'FilterError';
}

export function howManyOption(): Option {
  return new Option('--dry-run', 'say how many it would be, and change nothing');
}

/** @throws FilterError when neither a filter nor `--all` was given, or both were */
export function mustSayWho<Name extends string>(
  all: boolean,
  options: Partial<Readonly<Record<Name, unknown>>>,
  filters: readonly Name[],
): void {
  const isNamed = filters.some(name => options[name] !== undefined);
  const flags = filters.map(name => `--${name}`);
  if (!all && !isNamed) throw new FilterError(`Say who: ${flags.join(', ')}, or --all.`);
  if (all && isNamed)
    throw new FilterError(
      `--all is every lead; leave it out to choose by ${flags.slice(0, -1).join(', ')} or ${flags.at(-1)}.`,
    );
}

/** @throws FilterError when the address is none, or nobody's */
export async function leadNamed(database: Database, text: string): Promise<LeadId> {
  const address = normalizeAddress(text);
  if ('reason' in address) throw new FilterError(`"${text}" is no address: ${address.reason}.`);
  const id = await leadByAddress(database, address.address);
  if (id === null) throw new FilterError(`No lead has the address ${address.address}.`);
  return id;
}
