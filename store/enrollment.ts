import type { EnrollmentId, EscalationId, LeadId, VersionId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { EndReason } from '../domain/nurture/decide.ts';
import { sql, type Session } from './database.ts';

export interface NewEnrollment {
  id: EnrollmentId;
  leadId: LeadId;
  versionId: VersionId;
  /** What brings the lead in; the same cause enrolls once. */
  originKey: string;
  segment: string | null;
  cursor: number;
  dueAt: Instant;
  wakeAt: Instant | null;
  at: Instant;
}

/** Enrolls a lead and takes its slot. The database refuses a second open one, and a repeated origin. */
export async function enroll(session: Session, enrollment: NewEnrollment): Promise<void> {
  const { id, leadId, versionId, originKey, segment, cursor, dueAt, wakeAt, at } = enrollment;
  await session.$executeRaw(sql`
    WITH e AS (
      INSERT INTO enrollment (id, lead_id, version_id, origin_key, segment, cursor, due_at, wake_at, created_at)
      VALUES (${id}::uuid, ${leadId}::uuid, ${versionId}::uuid, ${originKey}, ${segment}, ${cursor},
        moment(${dueAt}::bigint), moment(${wakeAt}::bigint), moment(${at}::bigint))
      RETURNING id, lead_id)
    INSERT INTO open_slot (lead_id, enrollment_id) SELECT lead_id, id FROM e`);
}

/** The enrollment that a cause led to, or null. */
export async function enrollmentByOrigin(
  session: Session,
  originKey: string,
): Promise<EnrollmentId | null> {
  const row = await session.enrollment.findUnique({ where: { originKey }, select: { id: true } });
  return (row?.id ?? null) as EnrollmentId | null;
}

/** What a workflow needs to know of its enrollment before it looks at the lead. */
export interface EnrollmentHead {
  leadId: LeadId;
  /** Null while it is open. */
  endReason: EndReason | null;
  /** The escalation that it ended in, if it did. */
  escalation: EscalationId | null;
}

export async function enrollmentHead(
  session: Session,
  id: EnrollmentId,
): Promise<EnrollmentHead | null> {
  const row = await session.enrollment.findUnique({
    where: { id },
    select: { leadId: true, endReason: true, escalation: { select: { id: true } } },
  });
  return (
    row && {
      leadId: row.leadId as LeadId,
      endReason: row.endReason as EndReason | null,
      escalation: (row.escalation?.id ?? null) as EscalationId | null,
    }
  );
}
