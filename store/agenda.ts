import type { Instant } from '../domain/instant.ts';
import { sql, type Session } from './database.ts';

/** A workflow that wakes by itself at a moment. */
export interface Wake {
  workflowId: string;
  /** The lead's address; two that are due at once go in its order. */
  lead: string;
  at: Instant;
  /** What the row says now; once the workflow has woken and done what was due, it says something else. */
  mark: string;
}

const wakes = sql`
  SELECT 'nurture/' || e.id AS "workflowId", l.address AS lead, e.wake_at AS at,
    concat_ws('/', 'n', ms(e.wake_at), ms(e.turned_at), e.cursor, l.turn) AS mark
  FROM enrollment e JOIN lead l ON l.id = e.lead_id WHERE e.ended_at IS NULL AND e.wake_at IS NOT NULL
  UNION ALL
  SELECT 'intake/' || l.id || '/' || l.revision, l.address, l.wake_at, concat_ws('/', 'i', ms(l.wake_at), l.turn)
  FROM lead l WHERE l.wake_at IS NOT NULL
  UNION ALL
  SELECT 'escalation/' || x.id, l.address, x.wake_at, concat_ws('/', 'x', ms(x.wake_at), ms(x.turned_at), l.turn)
  FROM escalation x JOIN lead l ON l.id = x.lead_id WHERE x.ended_at IS NULL AND x.wake_at IS NOT NULL`;

/** When the next workflow wakes by itself; null when none does. */
export async function nextWakeAt(session: Session): Promise<Instant | null> {
  const [row] = await session.$queryRaw<{ at: bigint | null }[]>(
    sql`SELECT ms(min(at)) AS at FROM (${wakes}) AS w`,
  );
  return row?.at == null ? null : (Number(row.at) as Instant);
}

/** Those that wake up to a moment, in order. */
export async function wakesUpTo(session: Session, upTo: Instant, limit: number): Promise<Wake[]> {
  const rows = await session.$queryRaw<(Omit<Wake, 'at'> & { at: bigint })[]>(sql`
    SELECT "workflowId", lead, ms(at) AS at, mark FROM (${wakes}) AS w
    WHERE at <= moment(${upTo}::bigint) ORDER BY w.at, lead, "workflowId" LIMIT ${limit}`);
  return rows.map(row => ({ ...row, at: Number(row.at) as Instant }));
}

/** What the rows of these workflows say now; those that wake no more are missing. */
export async function marksOf(
  session: Session,
  workflowIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await session.$queryRaw<{ workflowId: string; mark: string }[]>(sql`
    SELECT "workflowId", mark FROM (${wakes}) AS w WHERE "workflowId" = ANY(${[...workflowIds]}::text[])`);
  return new Map(rows.map(({ workflowId, mark }) => [workflowId, mark]));
}

/** How much somebody has yet to look at: leads with news, and escalations whose owner was not told yet. */
export async function unsettled(session: Session): Promise<number> {
  const [row] = await session.$queryRaw<{ count: number }[]>(sql`
    SELECT (
      (SELECT count(*) FROM lead WHERE revision > seen_revision)
      + (SELECT count(*) FROM escalation x WHERE x.ended_at IS NULL AND x.turned_at IS NULL)
      + (SELECT count(*) FROM import WHERE finished_at IS NULL))::int AS count`);
  return row?.count ?? 0;
}

/** The workflows of all open rows, and of leads whose intake waits. */
export async function openWorkflows(session: Session): Promise<string[]> {
  const rows = await session.$queryRaw<{ id: string }[]>(sql`
    SELECT coalesce('nurture/' || enrollment_id, 'escalation/' || escalation_id) AS id FROM open_slot
    UNION ALL SELECT 'intake/' || id || '/' || revision FROM lead WHERE wake_at IS NOT NULL
    ORDER BY id`);
  return rows.map(({ id }) => id);
}
