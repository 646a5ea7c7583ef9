import type { LeadId, VersionId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Block } from '../domain/nurture/facts.ts';
import { cursorOf, type Plan } from '../domain/sequence/plan.ts';
import { sql, type Database } from './database.ts';

/**
 * Moves the enrollments that a template blocks to the version of their sequence that is live, at the mail that
 * they stand at. Those whose mail the version does not have stay where they are, and so does whose mail is on its way
 * just now, as it is blocked no longer.
 * @returns the leads that were moved, to be nudged
 */
export async function moveBlocked(
  database: Database,
  sequence: string,
  versionId: VersionId,
  plan: Plan,
  at: Instant,
): Promise<LeadId[]> {
  return database.transaction(async session => {
    const rows = await session.$queryRaw<{ id: string; leadId: LeadId; blocked: Block }[]>(sql`
      SELECT e.id, e.lead_id AS "leadId", e.blocked
      FROM enrollment e JOIN sequence_version v ON v.id = e.version_id
      JOIN lead l ON l.id = e.lead_id
      WHERE v.name = ${sequence} AND e.ended_at IS NULL AND e.blocked->>'code' = 'template'
      ORDER BY e.lead_id FOR NO KEY UPDATE OF l, e`);
    const moved: LeadId[] = [];
    for (const { id, leadId, blocked } of rows) {
      const cursor = cursorOf(plan, blocked.mail);
      if (cursor === null) continue;
      const count = await session.$executeRaw(sql`
        WITH e AS (
          UPDATE enrollment SET version_id = ${versionId}::uuid, cursor = ${cursor}, blocked = NULL
          WHERE id = ${id}::uuid
            AND NOT EXISTS (SELECT FROM send WHERE enrollment_id = ${id}::uuid AND state = 'dispatching')
          RETURNING lead_id)
        UPDATE lead SET revision = revision + 1, revised_at = moment(${at}::bigint) FROM e WHERE id = e.lead_id`);
      if (count > 0) moved.push(leadId);
    }
    return moved;
  });
}
