import type { EnrollmentId, EscalationId, LeadId } from '../domain/ids.ts';
import type { EndReason } from '../domain/nurture/decide.ts';
import type { Session } from './database.ts';

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
