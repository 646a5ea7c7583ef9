import type { EnrollmentId, EscalationId, LeadId, MergeId, PersonId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { newId, sql, type Database, type Session } from './database.ts';
import { blanksToFill, fill } from './merged-fields.ts';
import { takeSlots } from './merged-slots.ts';

/** Two leads who are one person, and who says so. */
export interface MergeRequest {
  /** The lead that everything goes to; of one that was merged itself, its survivor. */
  survivor: LeadId;
  /** The lead that is none of its own any more. */
  merged: LeadId;
  who: PersonId | 'ops';
  way: 'page' | 'api' | 'cli';
}

/** Why two leads are not merged. Of an erased person nothing is known that another could have. */
export type MergeRefusal = 'same lead' | 'merged already' | 'unknown' | 'erased';

/** How many rows a merge takes along. */
export interface Moved {
  events: number;
  /** Without those whose content the survivor has had itself. */
  sends: number;
  enrollments: number;
  escalations: number;
  outcomes: number;
  addresses: number;
}

/** What a merge does. */
export interface MergePlan {
  survivor: LeadId;
  merged: LeadId;
  moved: Moved;
  /** Columns of the survivor that are blank, and are filled. */
  fills: string[];
  /** What one of the two is in, and ends: one person is in one thing. */
  ends: { enrollment: EnrollmentId | null; escalation: EscalationId | null };
  /** The merged lead's escalation, where it goes on for the survivor. */
  goesOn: EscalationId | null;
}

interface Person {
  id: LeadId;
  address: string | null;
  armed: boolean;
  mergedInto: LeadId | null;
  enrollmentId: EnrollmentId | null;
  escalationId: EscalationId | null;
}

/**
 * What merging two leads would do now. Changes nothing.
 * @returns why it would not be done, where it would not
 */
export async function planMerge(
  session: Session,
  { survivor, merged }: Pick<MergeRequest, 'survivor' | 'merged'>,
): Promise<MergePlan | { refused: MergeRefusal }> {
  const pair = await pairOf(session, survivor, merged);
  return 'refused' in pair ? pair : planOf(session, pair);
}

/**
 * Makes two leads one, all or nothing: what the one has goes to the other, its addresses too, and one thing that
 * they are in goes on. What it takes to undo it exactly is kept. The workflows of what has ended, and of the survivor,
 * are to be told to look when it has returned; the sweep finds them otherwise.
 */
export async function mergeLeads(
  database: Database,
  { survivor, merged, who, way }: MergeRequest,
  at: Instant,
): Promise<(MergePlan & { merge: MergeId }) | { refused: MergeRefusal }> {
  return database.transaction(async session => {
    const pair = await lockPair(session, survivor, merged);
    if ('refused' in pair) return pair;
    const plan = await planOf(session, pair);
    const merge = await record(session, plan, pair, { who, way }, at);
    await endWhatEnds(session, plan, at);
    await move(session, merge, plan);
    await takeSlots(session, [plan.survivor, plan.merged]);
    await fill(session, merge);
    await session.$executeRaw(sql`
      UPDATE lead SET revision = revision + 1, revised_at = moment(${at}::bigint), turn = turn + 1,
        armed = armed AND ${pair.merged.armed}::boolean
      WHERE id = ${plan.survivor}::uuid`);
    return { ...plan, merge };
  });
}

interface Pair {
  survivor: Person;
  merged: Person;
}

/** Both leads as they are, the survivor of a lead in its stead. */
async function pairOf(
  session: Session,
  survivorId: LeadId,
  mergedId: LeadId,
): Promise<Pair | { refused: MergeRefusal }> {
  const people = await session.$queryRaw<Person[]>(sql`
    SELECT l.id, l.address, l.armed, m.survivor_id AS "mergedInto",
      o.enrollment_id AS "enrollmentId", o.escalation_id AS "escalationId"
    FROM lead l LEFT JOIN merge m ON m.id = l.merge_id LEFT JOIN open_slot o ON o.lead_id = l.id
    WHERE l.id IN (${survivorId}::uuid, ${mergedId}::uuid)`);
  const survivor = people.find(({ id }) => id === survivorId);
  const merged = people.find(({ id }) => id === mergedId);
  if (survivor === undefined || merged === undefined) return { refused: 'unknown' };
  if (survivor === merged) return { refused: 'same lead' };
  if (merged.mergedInto !== null) return { refused: 'merged already' };
  if (survivor.mergedInto !== null) return pairOf(session, survivor.mergedInto, mergedId);
  if (survivor.address === null || merged.address === null) return { refused: 'erased' };
  return { survivor, merged };
}

/** The same, held until the transaction is over, so that nothing of theirs comes in that is not seen. */
async function lockPair(
  session: Session,
  survivorId: LeadId,
  mergedId: LeadId,
): Promise<Pair | { refused: MergeRefusal }> {
  const before = await pairOf(session, survivorId, mergedId);
  if ('refused' in before) return before;
  const { survivor, merged } = before;
  await session.$queryRaw(sql`
    SELECT id FROM lead WHERE id IN (${survivor.id}::uuid, ${merged.id}::uuid) ORDER BY id FOR UPDATE`);
  const pair = await pairOf(session, survivor.id, mergedId);
  // Meanwhile it was merged itself: then that one is held too.
  return 'refused' in pair || pair.survivor.id === survivor.id
    ? pair
    : lockPair(session, survivor.id, mergedId);
}

async function planOf(session: Session, { survivor, merged }: Pair): Promise<MergePlan> {
  const from = merged.id;
  const [moved] = await session.$queryRaw<Moved[]>(sql`
    SELECT (SELECT count(*)::int FROM event WHERE lead_id = ${from}::uuid) AS events,
      (SELECT count(*)::int FROM send WHERE ${followsSend(survivor.id, from)}) AS sends,
      (SELECT count(*)::int FROM enrollment WHERE lead_id = ${from}::uuid) AS enrollments,
      (SELECT count(*)::int FROM escalation WHERE lead_id = ${from}::uuid) AS escalations,
      (SELECT count(*)::int FROM outcome WHERE lead_id = ${from}::uuid) AS outcomes,
      (SELECT 1 + count(*)::int FROM lead_alias WHERE lead_id = ${from}::uuid) AS addresses`);
  if (moved === undefined) throw new Error('A statement without a condition gave no row.');
  const isWithRep = merged.escalationId !== null;
  return {
    survivor: survivor.id,
    merged: from,
    moved,
    fills: Object.keys(await blanksToFill(session, survivor.id, from)),
    ends: {
      enrollment: isWithRep ? survivor.enrollmentId : merged.enrollmentId,
      escalation: survivor.escalationId === null ? null : merged.escalationId,
    },
    goesOn: survivor.escalationId === null ? merged.escalationId : null,
  };
}

/** A mail whose content the survivor has had stays where it is: the ledger holds one of a lead and content. */
const followsSend = (survivor: LeadId, merged: LeadId) => sql`
  send.lead_id = ${merged}::uuid AND NOT EXISTS (
    SELECT FROM send had WHERE had.lead_id = ${survivor}::uuid AND had.content_key = send.content_key)`;

/** Writes that the one is the other now, whose mail goes on at its address alone. */
async function record(
  session: Session,
  { survivor, merged, ends }: MergePlan,
  pair: Pair,
  { who, way }: Pick<MergeRequest, 'who' | 'way'>,
  at: Instant,
): Promise<MergeId> {
  const id = newId<MergeId>();
  const disarmed = pair.survivor.armed && !pair.merged.armed;
  await session.$executeRaw(sql`
    INSERT INTO merge (id, merged_id, into_id, survivor_id, at, way, person_id, disarmed, ended_enrollment_id,
      ended_escalation_id, ended_escalation_state)
    VALUES (${id}::uuid, ${merged}::uuid, ${survivor}::uuid, ${survivor}::uuid, moment(${at}::bigint), ${way},
      ${who === 'ops' ? null : who}::uuid, ${disarmed}::boolean, ${ends.enrollment}::uuid, ${ends.escalation}::uuid,
      (SELECT state FROM escalation WHERE id = ${ends.escalation}::uuid))`);
  // Whoever was merged into it before has the same survivor now.
  await session.merge.updateMany({
    where: { survivorId: merged, undoneAt: null },
    data: { survivorId: survivor },
  });
  await session.$executeRaw(sql`
    UPDATE lead SET merge_id = ${id}::uuid, address = NULL, wake_at = NULL, turn = turn + 1,
      revision = revision + 1, seen_revision = revision + 1
    WHERE id = ${merged}::uuid`);
  await session.$executeRaw(sql`
    INSERT INTO lead_alias (address, lead_id, merge_id, main)
    VALUES (${pair.merged.address}, ${survivor}::uuid, ${id}::uuid, true)`);
  return id;
}

async function endWhatEnds(session: Session, { ends }: MergePlan, at: Instant): Promise<void> {
  const { enrollment, escalation } = ends;
  await session.$executeRaw(sql`
    WITH e AS (
      UPDATE enrollment SET ended_at = moment(${at}::bigint), end_reason = 'merged', wake_at = NULL
      WHERE id = ${enrollment}::uuid),
    x AS (
      UPDATE escalation SET ended_at = moment(${at}::bigint), state = 'merged' WHERE id = ${escalation}::uuid)
    DELETE FROM open_slot WHERE enrollment_id = ${enrollment}::uuid OR escalation_id = ${escalation}::uuid`);
}

/** Takes along what the merged lead has, also what an earlier merge brought it. Scores stay: each is of its own lead. */
async function move(session: Session, id: MergeId, { survivor, merged }: MergePlan): Promise<void> {
  const there = sql`lead_id = ${survivor}::uuid, merge_id = coalesce(merge_id, ${id}::uuid)`;
  const whose = sql`lead_id = ${merged}::uuid`;
  await session.$executeRaw(sql`UPDATE event SET ${there} WHERE ${whose}`);
  await session.$executeRaw(sql`UPDATE send SET ${there} WHERE ${followsSend(survivor, merged)}`);
  await session.$executeRaw(sql`UPDATE enrollment SET ${there} WHERE ${whose}`);
  await session.$executeRaw(sql`UPDATE escalation SET ${there} WHERE ${whose}`);
  await session.$executeRaw(sql`UPDATE outcome SET ${there} WHERE ${whose}`);
  await session.$executeRaw(sql`UPDATE lead_alias SET ${there} WHERE ${whose}`);
}
