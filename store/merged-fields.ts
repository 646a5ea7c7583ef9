import { Prisma } from '../prisma/generated/client.ts';
import type { LeadId, MergeId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { LeadRow } from '../domain/lead/row.ts';
import { json, sql, type Session } from './database.ts';

/** What is known of a person, and so goes over where the survivor has a blank; by the names of their columns. */
const columns = [
  ...[
    'first_name',
    'last_name',
    'company',
    'title',
    'industry',
    'employees',
    'country',
    'region',
    'zone',
  ],
  ...['account_id', 'consent_basis', 'consent_at', 'disqualified'],
];
const list = Prisma.raw(columns.join(', '));

/** Columns with what they hold. */
type Filled = Record<string, unknown>;

/**
 * Which columns of the lead that a lead is merged into are blank and would be filled, with what. A consent is one thing.
 * @returns nothing where no blank is filled
 */
export async function blanksToFill(session: Session, into: LeadId, from: LeadId): Promise<Filled> {
  const [row] = await session.$queryRaw<{ filled: Filled | null }[]>(sql`
    SELECT jsonb_object_agg(name, had->name) AS filled
    FROM (SELECT to_jsonb(l) FROM lead l WHERE id = ${into}::uuid) AS i(blank),
      (SELECT to_jsonb(l) FROM lead l WHERE id = ${from}::uuid) AS f(had),
      unnest(${columns}::text[]) AS name
    WHERE blank->name = 'null' AND had->name <> 'null'
      AND (name <> 'consent_at' OR blank->'consent_basis' = 'null')`);
  return row?.filled ?? {};
}

/**
 * Fills what is blank at the lead that another was merged into, and at the one that this was merged into, and notes
 * with what. The leads must be locked.
 * @returns the lead that has everything, and whether anything of it changed
 */
export async function fill(
  session: Session,
  merge: MergeId,
): Promise<{ survivor: LeadId; changed: boolean }> {
  const { intoId, mergedId } = await session.merge.findUniqueOrThrow({ where: { id: merge } });
  const filled = await blanksToFill(session, intoId as LeadId, mergedId as LeadId);
  const changed = Object.keys(filled).length > 0;
  if (changed)
    await session.$executeRaw(sql`
      WITH noted AS (
        UPDATE merge SET filled = filled || ${json(filled)}::jsonb WHERE id = ${merge}::uuid)
      UPDATE lead SET (${list}) = (SELECT ${list} FROM jsonb_populate_record(lead, ${json(filled)}::jsonb))
      WHERE id = ${intoId}::uuid`);
  const next = await session.merge.findFirst({ where: { mergedId: intoId, undoneAt: null } });
  return next === null
    ? { survivor: intoId as LeadId, changed }
    : fill(session, next.id as MergeId);
}

/**
 * What a row does to the survivor that names an address of a lead that was merged, once it was written to that lead:
 * it fills blanks. So rows of both addresses, told again and again, do not overwrite each other.
 */
export async function fillSurvivor(
  session: Session,
  merge: MergeId,
  at: Instant,
): Promise<{ id: LeadId; effect: 'updated' | 'unchanged'; caughtUp: boolean }> {
  const { survivor: id, changed } = await fill(session, merge);
  const [row] = await session.$queryRaw<{ caughtUp: boolean }[]>(sql`
    WITH seen AS (
      UPDATE lead SET seen_revision = revision
      WHERE id = (SELECT merged_id FROM merge WHERE id = ${merge}::uuid)),
    raised AS (
      UPDATE lead SET revision = revision + 1, revised_at = moment(${at}::bigint)
      WHERE id = ${id}::uuid AND ${changed}::boolean
      RETURNING revision - 1 = seen_revision AS caught_up)
    SELECT caught_up AS "caughtUp" FROM raised`);
  return { id, effect: changed ? 'updated' : 'unchanged', caughtUp: row?.caughtUp ?? true };
}

/** A survivor's own row says these itself: they stay with it when a merge is undone. */
export async function keepFields(
  session: Session,
  lead: LeadId,
  { fields, consent }: LeadRow,
): Promise<void> {
  const said = Object.entries(fields)
    .filter(([, value]) => value !== null)
    .map(([name]) => name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`));
  const own = consent === null ? said : [...said, 'consent_basis', 'consent_at'];
  await session.$executeRaw(sql`
    UPDATE merge SET filled = filled - ${own}::text[]
    WHERE survivor_id = ${lead}::uuid AND into_id = ${lead}::uuid AND undone_at IS NULL
      AND filled ?| ${own}::text[]`);
}

/** Blanks what a merge had filled and nobody has changed since, wherever it went. The leads must be locked. */
export async function empty(session: Session, merge: MergeId): Promise<void> {
  const { intoId, filled } = await session.merge.findUniqueOrThrow({ where: { id: merge } });
  let gone = filled as Filled;
  for (let lead = intoId; Object.keys(gone).length > 0;) {
    await session.$executeRaw(sql`
      UPDATE lead SET (${list}) = (
        SELECT ${list} FROM jsonb_populate_record(lead, (
          SELECT coalesce(jsonb_object_agg(key, NULL::text), '{}') FROM jsonb_each(${json(gone)}::jsonb)
          WHERE to_jsonb(lead)->key = value
            AND (key NOT LIKE 'consent%' OR to_jsonb(lead)->'consent_at' =
              coalesce(${json(gone)}::jsonb->'consent_at', 'null')))))
      WHERE id = ${lead}::uuid`);
    const next = await session.merge.findFirst({ where: { mergedId: lead, undoneAt: null } });
    if (next === null) return;
    const further = next.filled as Filled;
    gone = Object.fromEntries(
      Object.entries(gone).filter(([name, value]) => name in further && further[name] === value),
    );
    await session.$executeRaw(sql`
      UPDATE merge SET filled = filled - ${Object.keys(gone)}::text[] WHERE id = ${next.id}::uuid`);
    lead = next.intoId;
  }
}
