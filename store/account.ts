import type { AccountRow, NamedPerson } from '../domain/account/account.ts';
import type { LeadId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { companyDomain } from '../domain/lead/address.ts';
import type { LeadRow } from '../domain/lead/row.ts';
import { json, newId, sql, type Session } from './database.ts';

/** What a row did to its account. */
export type AccountEffect = 'new' | 'updated' | 'unchanged';

/** What a change of accounts did. */
interface AccountsChanged {
  /** Domains of accounts of which something else is known now. */
  domains: ReadonlySet<string>;
  /** How many leads have something unseen, because their account is something else to us, or with somebody else. */
  touched: number;
  /** Those among them that had nothing unseen before, and so have not been nudged yet. */
  toNudge: LeadId[];
}

/** What rows did to accounts. */
export interface AccountsSaved extends Omit<AccountsChanged, 'domains'> {
  effects: ReadonlyMap<string, AccountEffect>;
}

/**
 * Makes or changes accounts by their domains. What a row does not say stays, and the same rows again change nothing.
 * Leads of an account whose status or owner changed have something unseen then. Rows must have different domains.
 */
export async function saveAccounts(
  session: Session,
  rows: readonly AccountRow[],
  at: Instant,
): Promise<AccountsSaved> {
  if (rows.length === 0) return { effects: new Map(), touched: 0, toNudge: [] };
  const given = rows.map(({ domain, name }) => ({ id: newId(), domain, name }));
  const made = await session.$queryRaw<{ domain: string }[]>(sql`
    INSERT INTO account (id, domain, name)
    SELECT id, domain, name FROM jsonb_to_recordset(${json(given)}::jsonb) AS g(id uuid, domain text, name text)
    ORDER BY domain
    ON CONFLICT (domain) DO NOTHING
    RETURNING domain`);
  const { domains, ...leads } = await changeAccounts(session, rows, at);
  const isNew = new Set(made.map(({ domain }) => domain));
  const effects = rows.map(({ domain }): [string, AccountEffect] => [
    domain,
    isNew.has(domain) ? 'new' : domains.has(domain) ? 'updated' : 'unchanged',
  ]);
  return { effects: new Map(effects), ...leads };
}

/**
 * Says what companies that are known already are to us, as rows of leads tell it. All of their leads have something
 * unseen then, because it ends nurture for each of them.
 */
export async function setAccountStatuses(
  session: Session,
  rows: readonly LeadRow[],
  at: Instant,
): Promise<AccountsChanged> {
  const said = new Map<string, AccountRow>();
  for (const { address, accountStatus: status } of rows) {
    const domain = companyDomain(address);
    if (domain !== null && status !== null)
      said.set(domain, { domain, name: null, status, owner: null });
  }
  return changeAccounts(session, [...said.values()], at);
}

/** Changes accounts that are there, and raises the revision of the leads that it concerns. */
async function changeAccounts(
  session: Session,
  rows: readonly AccountRow[],
  at: Instant,
): Promise<AccountsChanged> {
  if (rows.length === 0) return { domains: new Set(), touched: 0, toNudge: [] };
  const unless = <T>(value: T | 'none' | null) => (value === 'none' ? null : value);
  const given = rows.map(({ domain, name, status, owner }) => ({
    domain,
    name,
    status: unless(status),
    saysStatus: status !== null,
    owner: unless(owner),
    saysOwner: owner !== null,
  }));
  const [row] = await session.$queryRaw<
    { domains: string[] | null; touched: number; leads: LeadId[] | null }[]
  >(sql`
    WITH given AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${json(given)}::jsonb) AS g(
        domain text, name text, status text, "saysStatus" boolean, owner uuid, "saysOwner" boolean)),
    held AS MATERIALIZED (
      SELECT a.id, coalesce(g.name, a.name) AS name,
        CASE WHEN g."saysStatus" THEN g.status ELSE a.status END AS status,
        CASE WHEN g."saysOwner" THEN g.owner ELSE a.owner_id END AS owner,
        g."saysStatus" AND g.status IS DISTINCT FROM a.status
          OR g."saysOwner" AND g.owner IS DISTINCT FROM a.owner_id AS concerns_leads
      FROM account a JOIN given g USING (domain)
      WHERE g.name IS NOT NULL AND g.name IS DISTINCT FROM a.name
        OR g."saysStatus" AND g.status IS DISTINCT FROM a.status
        OR g."saysOwner" AND g.owner IS DISTINCT FROM a.owner_id
      ORDER BY a.domain FOR NO KEY UPDATE OF a),
    changed AS (
      UPDATE account SET name = held.name, status = held.status, owner_id = held.owner
      FROM held WHERE account.id = held.id
      RETURNING account.domain),
    locked AS MATERIALIZED (
      SELECT l.id FROM lead l
      WHERE l.account_id IN (SELECT id FROM held WHERE concerns_leads) AND l.seen_revision > 0
        AND l.merge_id IS NULL
      ORDER BY l.id FOR NO KEY UPDATE),
    raised AS (
      UPDATE lead SET revision = revision + 1, revised_at = moment(${at}::bigint)
      FROM locked WHERE lead.id = locked.id
      RETURNING lead.id, lead.revision - 1 = lead.seen_revision AS caught_up)
    SELECT (SELECT array_agg(domain) FROM changed) AS domains,
      (SELECT count(*)::int FROM raised) AS touched,
      (SELECT array_agg(id) FROM raised WHERE caught_up) AS leads`);
  return {
    domains: new Set(row?.domains ?? []),
    touched: row?.touched ?? 0,
    toNudge: row?.leads ?? [],
  };
}

/** Everybody who is there, as owners of accounts are named; with `past`, everybody who ever was. */
export async function namedPeople(
  session: Session,
  whom: 'present' | 'past' = 'present',
): Promise<NamedPerson[]> {
  return session.$queryRaw<NamedPerson[]>(sql`
    SELECT id, key, name, address, team FROM person WHERE active OR ${whom === 'past'} ORDER BY key`);
}
