import { createHash } from 'node:crypto';
import type { Address } from '../domain/lead/address.ts';
import type { Instant } from '../domain/instant.ts';
import { sql, type Session } from './database.ts';

/** Suppressions outlive leads, so they hold no address, only what tells one again. */
export function addressHash(address: Address): string {
  return createHash('sha256').update(address).digest('hex');
}

/**
 * Never mails these addresses again.
 * @returns how many were not suppressed before
 */
export async function suppress(
  session: Session,
  addresses: readonly Address[],
  reason: string,
  at: Instant,
): Promise<number> {
  const hashes = [...new Set(addresses.map(addressHash))].toSorted();
  return session.$executeRaw(sql`
    INSERT INTO suppression (address_hash, scope, reason, at)
    SELECT hash, 'all', ${reason}, moment(${at}::bigint) FROM unnest(${hashes}::text[]) AS hash
    ON CONFLICT DO NOTHING`);
}

export async function isSuppressed(session: Session, address: Address): Promise<boolean> {
  const row = await session.suppression.findFirst({ where: { addressHash: addressHash(address) } });
  return row !== null;
}
