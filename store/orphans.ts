import type { EnrollmentId, EscalationId, ImportId, LeadId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { sql, type Session } from './database.ts';

/**
 * Leads that somebody should have looked at before a moment, longest first: with something that no turn
 * has seen, or whose intake waited for that moment. What an import brings is left to it.
 */
export async function unseenLeads(
  session: Session,
  before: Instant,
  limit: number,
): Promise<LeadId[]> {
  const rows = await session.$queryRaw<{ id: LeadId }[]>(sql`
    SELECT id, since FROM (
      SELECT l.id, l.revised_at AS since FROM lead l
      WHERE l.revision > l.seen_revision AND l.revised_at < moment(${before}::bigint)
        AND NOT EXISTS (
          SELECT FROM import_row r JOIN import i ON i.id = r.import_id
          WHERE r.lead_id = l.id AND i.finished_at IS NULL)
      UNION ALL
      SELECT l.id, l.wake_at FROM lead l WHERE l.wake_at < moment(${before}::bigint)) AS unseen
    ORDER BY since LIMIT ${limit}`);
  return [...new Set(rows.map(({ id }) => id))];
}

/** An open row, which has a workflow of its own. */
export type OpenRow = { leadId: LeadId } & (
  | { enrollmentId: EnrollmentId; escalationId: null }
  | { enrollmentId: null; escalationId: EscalationId }
);

/**
 * Open enrollments that should have woken before `dueBefore`, or never took a turn before
 * `neverTurnedBefore`; and whether they should have woken as long ago as before `deafBefore`.
 */
export async function overdueRows(
  session: Session,
  moments: { dueBefore: Instant; neverTurnedBefore: Instant; deafBefore: Instant },
  limit: number,
): Promise<(OpenRow & { enrollmentId: EnrollmentId; isDeaf: boolean })[]> {
  const { dueBefore, neverTurnedBefore, deafBefore } = moments;
  // The later of the two, by itself: it is what the index is asked for, whichever way the rest is planned.
  const before = Math.max(dueBefore, neverTurnedBefore);
  return session.$queryRaw(sql`
    SELECT lead_id AS "leadId", id AS "enrollmentId", NULL AS "escalationId",
      wake_at < moment(${deafBefore}::bigint) AS "isDeaf"
    FROM enrollment
    WHERE ended_at IS NULL AND wake_at < moment(${before}::bigint)
      AND (wake_at < moment(${dueBefore}::bigint)
        OR (turned_at IS NULL AND wake_at < moment(${neverTurnedBefore}::bigint)))
    ORDER BY wake_at LIMIT ${limit}`);
}

export async function countOpenRows(session: Session): Promise<number> {
  return session.openSlot.count();
}

/** Open rows that were made before a moment, in the order of their leads, after one of them. */
export async function openRows(
  session: Session,
  madeBefore: Instant,
  after: LeadId | null,
  limit: number,
): Promise<OpenRow[]> {
  // Only where there is a lead to go on after: a condition that may be empty is never looked up in an index.
  const next = after === null ? sql`` : sql`AND o.lead_id > ${after}::uuid`;
  return session.$queryRaw(sql`
    SELECT o.lead_id AS "leadId", o.enrollment_id AS "enrollmentId", o.escalation_id AS "escalationId"
    FROM open_slot o LEFT JOIN enrollment e ON e.id = o.enrollment_id
    LEFT JOIN escalation x ON x.id = o.escalation_id
    WHERE coalesce(e.created_at, x.created_at) < moment(${madeBefore}::bigint) ${next}
    ORDER BY o.lead_id LIMIT ${limit}`);
}

/** Those of these rows that have ended. */
export async function closedRows(session: Session, ids: readonly string[]): Promise<string[]> {
  const rows = await session.$queryRaw<{ id: string }[]>(sql`
    SELECT id FROM enrollment WHERE id = ANY(${[...ids]}::uuid[]) AND ended_at IS NOT NULL
    UNION ALL
    SELECT id FROM escalation WHERE id = ANY(${[...ids]}::uuid[]) AND ended_at IS NOT NULL`);
  return rows.map(({ id }) => id);
}

/** Imports that were not taken in to their end. */
export async function unfinishedImports(
  session: Session,
  begunBefore: Instant,
): Promise<ImportId[]> {
  const rows = await session.import.findMany({
    where: { finishedAt: null, createdAt: { lt: new Date(begunBefore) } },
    select: { id: true },
  });
  return rows.map(({ id }) => id as ImportId);
}
