import { createHash } from 'node:crypto';
import type { LeadId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Address } from '../domain/lead/address.ts';
import { sql, type Session } from './database.ts';

/** Whether a lead, in a statement in which it is called `l`, is never mailed: any address of the person is suppressed. */
export const isNeverMailed = sql`(l.address IS NULL
  OR EXISTS (SELECT FROM suppression WHERE address_hash = encode(sha256(l.address::bytea), 'hex'))
  OR EXISTS (
    SELECT FROM lead_alias y JOIN suppression z ON z.address_hash = encode(sha256(y.address::bytea), 'hex')
    WHERE y.lead_id = l.id))`;

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
    WITH given AS MATERIALIZED (
      SELECT address, encode(sha256(address::bytea), 'hex') AS hash, coalesce(known.id, alias.lead_id) AS lead
      FROM (SELECT DISTINCT unnest(${[...addresses]}::text[]) AS address) AS g
      LEFT JOIN lead known USING (address) LEFT JOIN lead_alias alias USING (address)),
    locked AS MATERIALIZED (
      SELECT id FROM lead WHERE id IN (SELECT lead FROM given) AND seen_revision > 0
      ORDER BY id FOR NO KEY UPDATE),
    suppressed AS (
      INSERT INTO suppression (address_hash, scope, reason, at)
      SELECT hash, 'all', 'opted out', moment(${at}::bigint) FROM given
      WHERE (SELECT count(*) FROM locked) >= 0 ORDER BY hash
      ON CONFLICT DO NOTHING RETURNING address_hash),
    raised AS (
      UPDATE lead SET revision = revision + 1, revised_at = moment(${at}::bigint)
      FROM locked WHERE lead.id = locked.id
        AND locked.id IN (SELECT given.lead FROM given JOIN suppressed ON address_hash = hash)
      RETURNING lead.id, lead.revision - 1 = lead.seen_revision AS caught_up)
    SELECT (SELECT count(*)::int FROM suppressed) AS suppressed,
      (SELECT array_agg(id) FROM raised WHERE caught_up) AS leads`);
  return { suppressed: row?.suppressed ?? 0, toNudge: row?.leads ?? [] };
}

export async function isSuppressed(session: Session, address: Address): Promise<boolean> {
  const row = await session.suppression.findFirst({ where: { addressHash: addressHash(address) } });
  return row !== null;
}

/** Whether nothing may be sent to an address: it is suppressed, or another address of the same person is. */
export async function neverMailedAt(session: Session, address: Address): Promise<boolean> {
  const [row] = await session.$queryRaw<{ never: boolean }[]>(sql`
    SELECT EXISTS (SELECT FROM suppression WHERE address_hash = ${addressHash(address)})
      OR EXISTS (
        SELECT FROM lead l
        WHERE l.id IN (
          SELECT id FROM lead WHERE address = ${address}
          UNION ALL SELECT lead_id FROM lead_alias WHERE address = ${address})
        AND ${isNeverMailed}) AS never`);
  return row?.never === true;
}
