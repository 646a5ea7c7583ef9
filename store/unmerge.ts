import type { EnrollmentId, EscalationId, LeadId, MergeId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Address } from '../domain/lead/address.ts';
import { sql, type Database, type Session } from './database.ts';
import type { Moved } from './merge.ts';
import { empty } from './merged-fields.ts';
import { takeSlots } from './merged-slots.ts';

/** How an address came to be another lead's. */
export interface MergeOfAddress {
  merge: MergeId;
  at: Instant;
  /** Where the lead had its mail that was merged; null once the person was erased. */
  address: Address | null;
}

/** Why a merge is not undone. */
export type UndoRefusal = 'unknown' | 'undone already';

/** What undoing a merge does. */
export interface UndoPlan {
  merge: MergeId;
  restored: LeadId;
  /** The lead that had everything. */
  survivor: LeadId;
  /** What goes back, also what came in meanwhile by an address of the restored lead. */
  moved: Moved;
}

/** What undoing a merge did. */
export interface Undone extends UndoPlan {
  /** What the merge had ended and goes on, because nothing else has begun since; its workflow is to be started again. */
  goesOn: {
    leadId: LeadId;
    enrollmentId: EnrollmentId | null;
    escalationId: EscalationId | null;
  }[];
}

/** The merge that an address came by; null where none did, or it was undone. */
export async function mergeOfAddress(
  session: Session,
  address: Address,
): Promise<MergeOfAddress | null> {
  const [row] = await session.$queryRaw<MergeOfAddress[]>(sql`
    SELECT m.id AS merge, ms(m.at)::float8 AS at,
      (SELECT address FROM lead_alias WHERE merge_id = m.id AND main) AS address
    FROM lead_alias a JOIN merge m ON m.id = a.merge_id
    WHERE a.address = ${address} AND m.undone_at IS NULL`);
  return row ?? null;
}

/** What undoing a merge would do now. Changes nothing. */
export async function planUndo(
  session: Session,
  merge: MergeId,
): Promise<UndoPlan | { refused: UndoRefusal }> {
  const tree = await treeOf(session, merge);
  return 'refused' in tree ? tree : planOf(session, tree);
}

/**
 * Makes one lead two again, all or nothing: each has what it had, and what came in since by its own addresses; what
 * was told of the survivor itself stays with it. What the merge ended goes on unless its lead is in something else.
 * Suppressions stay, each with its address. Workflows are to be told to look as after a merge.
 */
export async function undoMerge(
  database: Database,
  merge: MergeId,
  at: Instant,
): Promise<Undone | { refused: UndoRefusal }> {
  return database.transaction(async session => {
    const tree = await lockTree(session, merge);
    if ('refused' in tree) return tree;
    const { restored, survivor, leads } = tree;
    const plan = await planOf(session, tree);
    await empty(session, merge);
    await session.$executeRaw(sql`
      WITH u AS (UPDATE merge SET undone_at = moment(${at}::bigint) WHERE id = ${merge}::uuid)
      UPDATE merge SET survivor_id = ${restored}::uuid WHERE id = ANY(${tree.below}::uuid[])`);
    await session.$executeRaw(sql`
      WITH gone AS (
        DELETE FROM lead_alias WHERE merge_id = ${merge}::uuid AND main RETURNING address)
      UPDATE lead SET merge_id = NULL, address = (SELECT address FROM gone), turn = turn + 1,
        revision = revision + 1, revised_at = moment(${at}::bigint)
      WHERE id = ${restored}::uuid`);
    await moveBack(session, tree);
    await takeSlots(session, leads);
    const goesOn = await goOn(session, merge, leads, at);
    await session.$executeRaw(sql`
      UPDATE lead SET revision = revision + 1, revised_at = moment(${at}::bigint), turn = turn + 1,
        armed = armed OR (m.disarmed AND m.into_id = lead.id AND NOT EXISTS (
          SELECT FROM escalation x WHERE x.lead_id = lead.id AND x.merge_id IS NULL AND x.created_at > m.at))
      FROM merge m WHERE m.id = ${merge}::uuid AND lead.id = ${survivor}::uuid`);
    return { ...plan, goesOn };
  });
}

/** All leads that are one person, and those of their merges that belong to the one that is to be restored. */
interface Tree {
  merge: MergeId;
  restored: LeadId;
  survivor: LeadId;
  /** Merges into the restored lead, and into those that were merged into it. */
  below: MergeId[];
  leads: LeadId[];
}

async function treeOf(session: Session, id: MergeId): Promise<Tree | { refused: UndoRefusal }> {
  const merge = await session.merge.findUnique({ where: { id } });
  if (merge === null) return { refused: 'unknown' };
  if (merge.undoneAt !== null) return { refused: 'undone already' };
  const { mergedId, survivorId } = merge;
  const all = await session.merge.findMany({ where: { survivorId, undoneAt: null } });
  const into = (lead: string): string[] =>
    all.filter(each => each.intoId === lead).flatMap(each => [each.id, ...into(each.mergedId)]);
  return {
    merge: id,
    restored: mergedId as LeadId,
    survivor: survivorId as LeadId,
    below: into(mergedId) as MergeId[],
    leads: [survivorId, ...all.map(each => each.mergedId)] as LeadId[],
  };
}

/** The same, held until the transaction is over. */
async function lockTree(session: Session, id: MergeId): Promise<Tree | { refused: UndoRefusal }> {
  const before = await treeOf(session, id);
  if ('refused' in before) return before;
  await session.$queryRaw(sql`
    SELECT id FROM lead WHERE id = ANY(${before.leads}::uuid[]) ORDER BY id FOR UPDATE`);
  const tree = await treeOf(session, id);
  if ('refused' in tree || tree.leads.every(lead => before.leads.includes(lead))) return tree;
  return lockTree(session, id);
}

/** The rows that go back with the restored lead. */
const back = ({ merge, below, leads }: Tree) => sql`
  lead_id = ANY(${leads}::uuid[]) AND merge_id = ANY(${[merge, ...below]}::uuid[])`;

async function planOf(session: Session, tree: Tree): Promise<UndoPlan> {
  const which = back(tree);
  const [moved] = await session.$queryRaw<Moved[]>(sql`
    SELECT (SELECT count(*)::int FROM event WHERE ${which}) AS events,
      (SELECT count(*)::int FROM send WHERE ${which}) AS sends,
      (SELECT count(*)::int FROM enrollment WHERE ${which}) AS enrollments,
      (SELECT count(*)::int FROM escalation WHERE ${which}) AS escalations,
      (SELECT count(*)::int FROM outcome WHERE ${which}) AS outcomes,
      (SELECT count(*)::int FROM lead_alias WHERE ${which}) AS addresses`);
  if (moved === undefined) throw new Error('A statement without a condition gave no row.');
  const { merge, restored, survivor } = tree;
  return { merge, restored, survivor, moved };
}

async function moveBack(session: Session, tree: Tree): Promise<void> {
  const home = sql`lead_id = ${tree.restored}::uuid, merge_id = nullif(merge_id, ${tree.merge}::uuid)`;
  const which = back(tree);
  await session.$executeRaw(sql`UPDATE event SET ${home} WHERE ${which}`);
  await session.$executeRaw(sql`UPDATE send SET ${home} WHERE ${which}`);
  await session.$executeRaw(sql`UPDATE enrollment SET ${home} WHERE ${which}`);
  await session.$executeRaw(sql`UPDATE escalation SET ${home} WHERE ${which}`);
  await session.$executeRaw(sql`UPDATE outcome SET ${home} WHERE ${which}`);
  await session.$executeRaw(sql`UPDATE lead_alias SET ${home} WHERE ${which}`);
}

/** Lets go on what the merge had ended, where its lead is one of its own again and is in nothing. */
async function goOn(
  session: Session,
  merge: MergeId,
  leads: readonly LeadId[],
  at: Instant,
): Promise<Undone['goesOn']> {
  return session.$queryRaw<Undone['goesOn']>(sql`
    WITH free AS (
      SELECT l.id FROM lead l
      WHERE l.id = ANY(${[...leads]}::uuid[]) AND l.merge_id IS NULL
        AND NOT EXISTS (SELECT FROM open_slot o WHERE o.lead_id = l.id)),
    e AS (
      UPDATE enrollment SET ended_at = NULL, end_reason = NULL, wake_at = moment(${at}::bigint)
      FROM merge m, free
      WHERE m.id = ${merge}::uuid AND enrollment.id = m.ended_enrollment_id AND free.id = enrollment.lead_id
        AND enrollment.merge_id IS NULL
      RETURNING enrollment.lead_id, enrollment.id),
    x AS (
      UPDATE escalation SET ended_at = NULL, state = m.ended_escalation_state
      FROM merge m, free
      WHERE m.id = ${merge}::uuid AND escalation.id = m.ended_escalation_id AND free.id = escalation.lead_id
        AND escalation.merge_id IS NULL
      RETURNING escalation.lead_id, escalation.id)
    INSERT INTO open_slot (lead_id, enrollment_id, escalation_id)
    SELECT lead_id, id, NULL::uuid FROM e UNION ALL SELECT lead_id, NULL, id FROM x
    RETURNING lead_id AS "leadId", enrollment_id AS "enrollmentId", escalation_id AS "escalationId"`);
}
