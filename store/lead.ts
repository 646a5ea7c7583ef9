import type { ImportId, LeadId, MergeId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { companyDomain, type Address } from '../domain/lead/address.ts';
import type { LeadRow } from '../domain/lead/row.ts';
import { json, newId, OvertakenError, sql, type Session } from './database.ts';
import { fillSurvivor, keepFields } from './merged-fields.ts';

/** What a row did to its lead. */
export type RowEffect = 'new' | 'updated' | 'unchanged';

export interface UpsertedLead {
  id: LeadId;
  address: Address;
  effect: RowEffect;
  /** Whether everything before this change had been seen by a turn, so that a nudge is due. */
  caughtUp: boolean;
}

/**
 * Makes or updates leads, one for each address (or alias). A blank never overwrites; a row that
 * says nothing new changes nothing; one of an address that was merged fills blanks of the survivor alone. Rows must
 * have different addresses. It is for a transaction, and holds its leads until that is over.
 * @throws OvertakenError when one was merged meanwhile; the transaction then begins again
 * @param source the id of the source that new leads came from, all of them or each
 */
export async function upsertLeads(
  session: Session,
  rows: readonly LeadRow[],
  source: string | ((row: LeadRow) => string),
  at: Instant,
): Promise<UpsertedLead[]> {
  if (rows.length === 0) return [];
  await upsertAccounts(session, rows);
  const given = rows.map(row => ({
    ...row.fields,
    address: row.address,
    source: typeof source === 'string' ? source : source(row),
    id: newId<LeadId>(),
    domain: companyDomain(row.address),
    basis: row.consent?.basis ?? null,
    consentAt: row.consent?.at ?? null,
  }));
  const upserted = await session.$queryRaw<Upserted[]>(sql`
    WITH given AS MATERIALIZED (
      SELECT g.*, coalesce(known.id, m.merged_id, alias.lead_id) AS lead, account.id AS account,
        CASE WHEN known.id IS NULL THEN m.id END AS merge, m.survivor_id AS survivor
      FROM jsonb_to_recordset(${json(given)}::jsonb) AS g(
        id uuid, address text, source uuid, domain text, "firstName" text, "lastName" text, company text, title text,
        industry text, employees int, country text, region text, zone text, basis text, "consentAt" bigint)
      LEFT JOIN lead known ON known.address = g.address
      LEFT JOIN lead_alias alias ON alias.address = g.address
      LEFT JOIN merge m ON m.id = alias.merge_id
      LEFT JOIN account ON account.domain = g.domain),
    locked AS MATERIALIZED (
      SELECT id, merge_id FROM lead
      WHERE id IN (SELECT lead FROM given UNION ALL SELECT survivor FROM given) ORDER BY id FOR NO KEY UPDATE),
    made AS (
      INSERT INTO lead (id, address, account_id, source_id, first_name, last_name, company, title, industry,
        employees, country, region, zone, consent_basis, consent_at, revised_at, created_at)
      SELECT id, address, account, source, "firstName", "lastName", company, title, industry,
        employees, country, region, zone, basis, moment("consentAt"), moment(${at}::bigint), moment(${at}::bigint)
      FROM given WHERE lead IS NULL ORDER BY address
      ON CONFLICT (address) DO NOTHING
      RETURNING id),
    changed AS (
      UPDATE lead SET
        first_name = coalesce(g."firstName", first_name), last_name = coalesce(g."lastName", last_name),
        company = coalesce(g.company, lead.company), title = coalesce(g.title, lead.title),
        industry = coalesce(g.industry, lead.industry), employees = coalesce(g.employees, lead.employees),
        country = coalesce(g.country, lead.country), region = coalesce(g.region, lead.region),
        zone = coalesce(g.zone, lead.zone), account_id = coalesce(account_id, g.account),
        consent_basis = coalesce(g.basis, consent_basis), consent_at = coalesce(moment(g."consentAt"), consent_at),
        revision = revision + 1, revised_at = moment(${at}::bigint)
      FROM given g JOIN locked ON locked.id = g.lead
      WHERE lead.id = g.lead AND (
        (first_name, last_name, lead.company, lead.title, lead.industry, lead.employees, lead.country,
          lead.region, lead.zone, account_id, consent_basis, consent_at)
        IS DISTINCT FROM
        (coalesce(g."firstName", first_name), coalesce(g."lastName", last_name), coalesce(g.company, lead.company),
          coalesce(g.title, lead.title), coalesce(g.industry, lead.industry), coalesce(g.employees, lead.employees),
          coalesce(g.country, lead.country), coalesce(g.region, lead.region), coalesce(g.zone, lead.zone),
          coalesce(account_id, g.account), coalesce(g.basis, consent_basis), coalesce(moment(g."consentAt"), consent_at)))
      RETURNING lead.id, lead.revision - 1 = lead.seen_revision AS caught_up)
    SELECT coalesce(g.lead, g.id) AS id, g.address,
      CASE WHEN made.id IS NOT NULL THEN 'new' WHEN changed.id IS NOT NULL THEN 'updated'
        WHEN g.lead IS NULL THEN 'raced' ELSE 'unchanged' END AS effect,
      coalesce(changed.caught_up, true) AS "caughtUp", g.merge, locked.merge_id AS "mergedBy",
      EXISTS (SELECT FROM merge WHERE survivor_id = g.lead AND undone_at IS NULL) AS survives
    FROM given g LEFT JOIN made ON made.id = g.id LEFT JOIN changed ON changed.id = g.lead
    LEFT JOIN locked ON locked.id = g.lead
    ORDER BY g.id`);
  const leads: UpsertedLead[] = [];
  const raced = new Set<Address>();
  for (const { merge, mergedBy, survives, effect, ...lead } of upserted) {
    if (merge !== mergedBy) throw new OvertakenError('A lead was merged, or that was undone.');
    // Somebody else made the lead between looking and inserting: now it is there to be updated.
    if (effect === 'raced') raced.add(lead.address);
    else if (merge !== null) leads.push({ ...lead, ...(await fillSurvivor(session, merge, at)) });
    else {
      leads.push({ ...lead, effect });
      const row = survives && rows.find(({ address }) => address === lead.address);
      if (row) await keepFields(session, lead.id, row);
    }
  }
  const again = rows.filter(({ address }) => raced.has(address));
  return [...leads, ...(await upsertLeads(session, again, source, at))];
}

interface Upserted extends Omit<UpsertedLead, 'effect'> {
  effect: RowEffect | 'raced';
  /** The merge that the address came by; then the row is the merged lead's. */
  merge: MergeId | null;
  /** The merge by which the row's lead is another's, as it is by now. */
  mergedBy: MergeId | null;
  /** Whether other leads were merged into it. */
  survives: boolean;
}

async function upsertAccounts(session: Session, rows: readonly LeadRow[]): Promise<void> {
  const accounts = new Map<
    string,
    { id: string; domain: string; name: string | null; status: string | null }
  >();
  for (const { address, fields, accountStatus } of rows) {
    const domain = companyDomain(address);
    if (domain === null) continue;
    const known = accounts.get(domain);
    accounts.set(domain, {
      id: known?.id ?? newId(),
      domain,
      name: known?.name ?? fields.company,
      status: accountStatus ?? known?.status ?? null,
    });
  }
  const given = [...accounts.values()].toSorted((a, b) => (a.domain < b.domain ? -1 : 1));
  if (given.length === 0) return;
  await session.$executeRaw(sql`
    INSERT INTO account (id, domain, name, status)
    SELECT id, domain, name, status FROM jsonb_to_recordset(${json(given)}::jsonb)
      AS g(id uuid, domain text, name text, status text)
    ORDER BY domain
    ON CONFLICT (domain) DO UPDATE SET
      name = coalesce(account.name, excluded.name), status = coalesce(excluded.status, account.status)
    WHERE account.name IS NULL OR excluded.status IS DISTINCT FROM account.status AND excluded.status IS NOT NULL`);
}

/**
 * The source with a key, made when it is new by whoever asks first. A cost given now replaces the one
 * before. To ask for one that is there locks nothing, because every post that introduces leads asks.
 */
export async function openSource(
  session: Session,
  key: string,
  cost: { minor: bigint; currency: string } | null,
  at: Instant,
): Promise<string> {
  const known = await session.source.findUnique({ where: { key }, select: { id: true } });
  if (known !== null && cost === null) return known.id;
  const data = cost === null ? {} : { costMinor: cost.minor, currency: cost.currency };
  const { id } = await session.source.upsert({
    where: { key },
    // Prisma looks and then inserts, in two statements, unless there is something to update.
    update: { key, ...data },
    create: { id: newId(), key, createdAt: new Date(at), ...data },
  });
  return id;
}

/** The import of this content for this source: a new one, or the one that was begun before. */
export async function openImport(
  session: Session,
  hash: string,
  sourceId: string,
  at: Instant,
): Promise<ImportId> {
  const { id } = await session.import.upsert({
    where: { hash },
    // As above: one statement, so that the same file brought in twice at once is one import.
    update: { hash },
    create: { id: newId(), hash, sourceId, createdAt: new Date(at) },
  });
  return id as ImportId;
}

/** Lets nobody else add to an import until this transaction is over. */
export async function lockImport(session: Session, importId: ImportId): Promise<void> {
  await session.$queryRaw(sql`SELECT id FROM import WHERE id = ${importId}::uuid FOR UPDATE`);
}

/** Adds leads to what an import still has to take in. The import's row must be locked. */
export async function addImportRows(
  session: Session,
  importId: ImportId,
  leads: readonly LeadId[],
): Promise<void> {
  if (leads.length === 0) return;
  await session.$executeRaw(sql`
    INSERT INTO import_row (import_id, seq, lead_id)
    SELECT ${importId}::uuid,
      (SELECT coalesce(max(seq), 0) FROM import_row WHERE import_id = ${importId}::uuid) + n, lead
    FROM unnest(${[...leads]}::uuid[]) WITH ORDINALITY AS rows(lead, n)
    ON CONFLICT (import_id, lead_id) DO UPDATE SET seq = excluded.seq`);
  await session.import.update({ where: { id: importId }, data: { finishedAt: null } });
}

/** The next rows of an import after `seq`, in order. */
export async function importPage(
  session: Session,
  importId: ImportId,
  after: number,
  size: number,
): Promise<{ seq: number; leadId: LeadId }[]> {
  const rows = await session.importRow.findMany({
    where: { importId, seq: { gt: after } },
    orderBy: { seq: 'asc' },
    take: size,
    select: { seq: true, leadId: true },
  });
  return rows.map(({ seq, leadId }) => ({ seq, leadId: leadId as LeadId }));
}

export async function finishImport(
  session: Session,
  importId: ImportId,
  at: Instant,
): Promise<void> {
  await session.import.updateMany({ where: { id: importId }, data: { finishedAt: new Date(at) } });
}

/** A lead by its address or one of its aliases. */
export async function leadByAddress(session: Session, address: Address): Promise<LeadId | null> {
  return (await leadsByAddress(session, [address])).get(address) ?? null;
}

/** Leads by their addresses or aliases; addresses of nobody are left out. */
export async function leadsByAddress(
  session: Session,
  addresses: readonly Address[],
): Promise<Map<Address, LeadId>> {
  const rows = await session.$queryRaw<{ address: Address; id: LeadId }[]>(sql`
    SELECT address, id FROM lead WHERE address = ANY(${[...addresses]}::text[])
    UNION ALL
    SELECT address, lead_id FROM lead_alias WHERE address = ANY(${[...addresses]}::text[])`);
  return new Map(rows.map(({ address, id }) => [address, id]));
}

/** Where a lead's mail goes, or went before it was merged; null once the person was erased. */
export async function leadAddress(session: Session, id: LeadId): Promise<string | null> {
  const [row] = await session.$queryRaw<{ address: string | null }[]>(sql`
    SELECT coalesce(l.address, y.address) AS address
    FROM lead l LEFT JOIN lead_alias y ON y.merge_id = l.merge_id AND y.main
    WHERE l.id = ${id}::uuid`);
  return row?.address ?? null;
}

/** The lead that a lead is now: its survivor once it was merged, else itself. */
export async function survivorOf(session: Session, id: LeadId): Promise<LeadId> {
  const merge = await session.merge.findFirst({
    where: { mergedId: id, undoneAt: null },
    select: { survivorId: true },
  });
  return (merge?.survivorId ?? id) as LeadId;
}
