import type { LeadId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { companyDomain } from '../domain/lead/address.ts';
import type { LeadRow } from '../domain/lead/row.ts';
import { json, sql, type Session } from './database.ts';

/** What a change of accounts did. */
export interface AccountsChanged {
  /** Domains of accounts that are something else to us now. */
  domains: ReadonlySet<string>;
  /** Leads of theirs that had nothing unseen before, and so have not been nudged yet. */
  toNudge: LeadId[];
}

/**
 * Says what companies that are known already are to us: customer, open opportunity or competitor. All of their leads
 * have something unseen then, because it ends nurture for each of them.
 */
export async function setAccountStatuses(
  session: Session,
  rows: readonly LeadRow[],
  at: Instant,
): Promise<AccountsChanged> {
  const statuses = new Map<string, string>();
  for (const { address, accountStatus } of rows) {
    const domain = companyDomain(address);
    if (domain !== null && accountStatus !== null) statuses.set(domain, accountStatus);
  }
  if (statuses.size === 0) return { domains: new Set(), toNudge: [] };
  const given = [...statuses].map(([domain, status]) => ({ domain, status }));
  const [row] = await session.$queryRaw<{ domains: string[] | null; leads: LeadId[] | null }[]>(sql`
    WITH given AS (SELECT * FROM jsonb_to_recordset(${json(given)}::jsonb) AS g(domain text, status text)),
    held AS MATERIALIZED (
      SELECT a.id, g.status FROM account a JOIN given g USING (domain)
      WHERE a.status IS DISTINCT FROM g.status ORDER BY a.domain FOR NO KEY UPDATE OF a),
    changed AS (
      UPDATE account SET status = held.status FROM held WHERE account.id = held.id
      RETURNING account.id, account.domain),
    locked AS MATERIALIZED (
      SELECT l.id FROM lead l WHERE l.account_id IN (SELECT id FROM held) AND l.seen_revision > 0 AND l.merge_id IS NULL
      ORDER BY l.id FOR NO KEY UPDATE),
    raised AS (
      UPDATE lead SET revision = revision + 1, revised_at = moment(${at}::bigint)
      FROM locked WHERE lead.id = locked.id
      RETURNING lead.id, lead.revision - 1 = lead.seen_revision AS caught_up)
    SELECT (SELECT array_agg(domain) FROM changed) AS domains,
      (SELECT array_agg(id) FROM raised WHERE caught_up) AS leads`);
  return { domains: new Set(row?.domains ?? []), toNudge: row?.leads ?? [] };
}
