import type { EnrollmentId, EscalationId, ImportId, LeadId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { sql, type Session } from './database.ts';

/** Leads with something that no turn has seen since a moment, longest first. An import's own are left to it. */
export async function unseenLeads(
  session: Session,
  before: Instant,
  limit: number,
): Promise<LeadId[]> {
  const rows = await session.$queryRaw<{ id: LeadId }[]>(sql`
    SELECT l.id FROM lead l
    WHERE l.revision > l.seen_revision AND l.revised_at < moment(${before}::bigint)
      AND NOT EXISTS (
        SELECT FROM import_row r JOIN import i ON i.id = r.import_id
        WHERE r.lead_id = l.id AND i.finished_at IS NULL)
    ORDER BY l.revised_at LIMIT ${limit}`);
  return rows.map(({ id }) => id);
}

/** How to tell that an open row may have no workflow. */
export interface Suspicion {
  /** Rows whose workflows are known to have ended. */
  ids: readonly string[];
  neverTurnedBefore: Instant;
  dueBefore: Instant;
  limit: number;
}

export interface Orphans {
  enrollments: { id: EnrollmentId; leadId: LeadId }[];
  escalations: { id: EscalationId; leadId: LeadId }[];
  imports: ImportId[];
}

/** Open rows whose workflow may be gone. Starting one that is there after all does nothing. */
export async function orphans(session: Session, suspicion: Suspicion): Promise<Orphans> {
  const { ids, neverTurnedBefore, dueBefore, limit } = suspicion;
  const enrollments = await session.$queryRaw<Orphans['enrollments']>(sql`
    SELECT id, lead_id AS "leadId" FROM enrollment
    WHERE ended_at IS NULL AND (
      id = ANY(${[...ids]}::uuid[]) OR wake_at < moment(${dueBefore}::bigint)
      OR (turned_at IS NULL AND wake_at < moment(${neverTurnedBefore}::bigint)))
    ORDER BY wake_at LIMIT ${limit}`);
  const escalations = await session.$queryRaw<Orphans['escalations']>(sql`
    SELECT id, lead_id AS "leadId" FROM escalation
    WHERE ended_at IS NULL AND (
      id = ANY(${[...ids]}::uuid[]) OR (turned_at IS NULL AND created_at < moment(${neverTurnedBefore}::bigint)))
    ORDER BY created_at LIMIT ${limit}`);
  const imports = await session.$queryRaw<{ id: ImportId }[]>(sql`
    SELECT id FROM import
    WHERE finished_at IS NULL AND (
      id = ANY(${[...ids]}::uuid[]) OR created_at < moment(${neverTurnedBefore}::bigint))
    LIMIT ${limit}`);
  return { enrollments, escalations, imports: imports.map(({ id }) => id) };
}
