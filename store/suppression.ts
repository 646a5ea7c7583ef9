import { createHash } from 'node:crypto';
import type { LeadId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Address } from '../domain/lead/address.ts';
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

/**
 * Never mails these addresses again. Those of them that are leads have something unseen then, so that nobody waits for
 * their next mail to find out.
 */
export async function optOut(
  session: Session,
  addresses: readonly Address[],
  at: Instant,
): Promise<{ suppressed: number; toNudge: LeadId[] }> {
  if (addresses.length === 0) return { suppressed: 0, toNudge: [] };
  const [row] = await session.$queryRaw<{ suppressed: number; leads: LeadId[] | null }[]>(sql`
    WITH given AS (
      SELECT DISTINCT address, encode(sha256(address::bytea), 'hex') AS hash
      FROM unnest(${[...addresses]}::text[]) AS address),
    locked AS MATERIALIZED (
      SELECT id, address FROM lead WHERE address IN (SELECT address FROM given) AND seen_revision > 0
      ORDER BY id FOR NO KEY UPDATE),
    suppressed AS (
      INSERT INTO suppression (address_hash, scope, reason, at)
      SELECT hash, 'all', 'opted out', moment(${at}::bigint) FROM given
      WHERE (SELECT count(*) FROM locked) >= 0 ORDER BY hash
      ON CONFLICT DO NOTHING RETURNING address_hash),
    raised AS (
      UPDATE lead SET revision = revision + 1, revised_at = moment(${at}::bigint)
      FROM locked JOIN given USING (address) JOIN suppressed ON address_hash = hash
      WHERE lead.id = locked.id
      RETURNING lead.id, lead.revision - 1 = lead.seen_revision AS caught_up)
    SELECT (SELECT count(*)::int FROM suppressed) AS suppressed,
      (SELECT array_agg(id) FROM raised WHERE caught_up) AS leads`);
  return { suppressed: row?.suppressed ?? 0, toNudge: row?.leads ?? [] };
}

export async function isSuppressed(session: Session, address: Address): Promise<boolean> {
  const row = await session.suppression.findFirst({ where: { addressHash: addressHash(address) } });
  return row !== null;
}
