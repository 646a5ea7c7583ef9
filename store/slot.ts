import type { EnrollmentId, EscalationId, LeadId } from '../domain/ids.ts';
import { sql, type Session } from './database.ts';

/** What each lead is in now, for nudging: read after what it is nudged for was committed. */
export async function openWork(
  session: Session,
  leads: readonly LeadId[],
): Promise<
  {
    leadId: LeadId;
    revision: number;
    enrollmentId: EnrollmentId | null;
    escalationId: EscalationId | null;
  }[]
> {
  if (leads.length === 0) return [];
  return session.$queryRaw(sql`
    SELECT l.id AS "leadId", l.revision, o.enrollment_id AS "enrollmentId", o.escalation_id AS "escalationId"
    FROM lead l LEFT JOIN open_slot o ON o.lead_id = l.id
    WHERE l.id = ANY(${[...leads]}::uuid[])`);
}
