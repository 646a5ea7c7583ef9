import type { EnrollmentId, LeadId, VersionId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { carryOver } from '../domain/sequence/carry-over.ts';
import { json, sql, type Database, type Session } from './database.ts';
import { versionById, type SequenceContent } from './sequence-version.ts';

/** What moving those who are under way to another version would come to. */
export interface CarryOverPlan {
  /** Enrollments that would go on in it, at the same step. */
  moves: number;
  /** Those that stay in their version, by why. */
  stays: { why: string; version: number; open: number }[];
}

/** Where enrollments of one version stand, and how many. */
interface Standing {
  versionId: VersionId;
  version: number;
  cursor: number;
  isBeingSent: boolean;
  open: number;
}

/** Where enrollments go on: those of a version that stand somewhere. */
interface Move {
  version: VersionId;
  cursor: number;
  to: number;
}

/** Enrollments that are moved in one transaction: each holds its lead until then. */
const page = 200;
/** While some move on under it, it looks again, so often at most. */
const looks = 3;

/**
 * What moving those who have not reached a changed step would come to. Nothing is changed.
 * @param target the version's id, or null while it is not published
 */
export async function planCarryOver(
  session: Session,
  name: string,
  target: VersionId | null,
  content: SequenceContent,
): Promise<CarryOverPlan> {
  const { standings, placeOf } = await placed(session, name, target, content);
  const plan: CarryOverPlan = { moves: 0, stays: [] };
  for (const standing of standings) {
    const { version, open, isBeingSent } = standing;
    const place = placeOf(standing);
    if ('cursor' in place && !isBeingSent) {
      plan.moves += open;
      continue;
    }
    const why = 'reached' in place ? `came to ${place.reached}` : 'a mail is on its way';
    const known = plan.stays.find(stay => stay.version === version && stay.why === why);
    if (known === undefined) plan.stays.push({ why, version, open });
    else known.open += open;
  }
  return plan;
}

/**
 * Moves the enrollments of a sequence that have not reached a changed step to the version that is live, each at the step
 * that it stands at, page by page. Leads are locked as a turn locks them, and a delivery that is under way keeps what it
 * has. It ends where another version goes live meanwhile.
 * @param told hears of each page's leads, to be nudged
 * @returns how many were moved
 */
export async function carryOverAll(
  database: Database,
  name: string,
  target: VersionId,
  content: SequenceContent,
  at: Instant,
  told: (leads: LeadId[]) => Promise<void>,
): Promise<number> {
  let moved = 0;
  for (let attempt = 0; attempt < looks; attempt++) {
    const { standings, placeOf } = await placed(database, name, target, content);
    const moves = standings.flatMap(standing => {
      const place = placeOf(standing);
      const { versionId: version, cursor, isBeingSent } = standing;
      return 'cursor' in place && !isBeingSent ? [{ version, cursor, to: place.cursor }] : [];
    });
    if (moves.length === 0) return moved;
    for (let after: LeadId | null = null; ;) {
      const done: Page | null = await movePage(database, name, target, moves, after, at);
      if (done === null) return moved;
      moved += done.moved.length;
      if (done.moved.length > 0) await told(done.moved);
      if (done.last === null) break;
      after = done.last;
    }
  }
  return moved;
}

/** Where open enrollments of other versions stand, and where each would go on. */
async function placed(
  session: Session,
  name: string,
  target: VersionId | null,
  content: SequenceContent,
) {
  const standings = await session.$queryRaw<Standing[]>(sql`
    SELECT v.id AS "versionId", v.version, e.cursor, count(*)::int AS open,
      EXISTS (SELECT FROM send WHERE enrollment_id = e.id AND state = 'dispatching') AS "isBeingSent"
    FROM open_slot o JOIN enrollment e ON e.id = o.enrollment_id JOIN sequence_version v ON v.id = e.version_id
    WHERE v.name = ${name} AND v.id IS DISTINCT FROM ${target}::uuid
    GROUP BY v.id, v.version, e.cursor, 5 ORDER BY v.version DESC, e.cursor`);
  const contents = new Map<VersionId, SequenceContent>();
  for (const { versionId } of standings)
    if (!contents.has(versionId))
      contents.set(versionId, (await versionById(session, versionId)).content);
  const placeOf = ({ versionId, cursor }: Standing) => {
    const before = contents.get(versionId);
    return before === undefined ? { reached: 'the beginning' } : carryOver(before, content, cursor);
  };
  return { standings, placeOf };
}

interface Page {
  moved: LeadId[];
  /** The last lead that was looked at; null when there is none after it. */
  last: LeadId | null;
}

/** @returns null when another version is live by now */
async function movePage(
  database: Database,
  name: string,
  target: VersionId,
  moves: readonly Move[],
  after: LeadId | null,
  at: Instant,
): Promise<Page | null> {
  const given = sql`jsonb_to_recordset(${json(moves)}::jsonb) AS g(version uuid, cursor int, "to" int)`;
  return database.transaction(async session => {
    const live = await session.$queryRaw(sql`
      SELECT FROM sequence WHERE name = ${name} AND current_id = ${target}::uuid FOR SHARE`);
    if (!Array.isArray(live) || live.length === 0) return null;
    // Leads first, as turns and deliveries do; then what is being sent can be told for as long as this holds them.
    const held = await session.$queryRaw<{ id: EnrollmentId; leadId: LeadId }[]>(sql`
      SELECT e.id, e.lead_id AS "leadId"
      FROM ${given} JOIN enrollment e ON e.version_id = g.version AND e.cursor = g.cursor
      JOIN lead l ON l.id = e.lead_id
      WHERE e.ended_at IS NULL AND (${after}::uuid IS NULL OR e.lead_id > ${after}::uuid)
      ORDER BY e.lead_id LIMIT ${page} FOR NO KEY UPDATE OF l, e`);
    const moved = await session.$queryRaw<{ leadId: LeadId }[]>(sql`
      WITH e AS (
        UPDATE enrollment e SET version_id = ${target}::uuid, cursor = g."to"
        FROM ${given}
        WHERE e.id = ANY(${held.map(({ id }) => id)}::uuid[]) AND e.version_id = g.version AND e.cursor = g.cursor
          AND e.ended_at IS NULL
          AND NOT EXISTS (SELECT FROM send WHERE enrollment_id = e.id AND state = 'dispatching')
        RETURNING e.lead_id)
      UPDATE lead SET revision = revision + 1, revised_at = moment(${at}::bigint)
      FROM e WHERE lead.id = e.lead_id RETURNING lead.id AS "leadId"`);
    const last = held.length < page ? null : (held.at(-1)?.leadId ?? null);
    return { moved: moved.map(({ leadId }) => leadId), last };
  });
}
