import type { Grade } from '../domain/agreement/grade.ts';
import type { OpenState } from '../domain/escalation/life.ts';
import type { EscalationId, LeadId, PersonId } from '../domain/ids.ts';
import { sql, type Session } from './database.ts';

/** A lead that is with sales. */
export interface OpenEscalation {
  id: EscalationId;
  leadId: LeadId;
  /** Null once the person was erased. */
  address: string | null;
  grade: Grade;
  state: OpenState;
  owner: { key: string; name: string };
}

/** Which of them are asked for; what is left out asks for nothing. */
export interface OpenFilter {
  lead?: LeadId | undefined;
  owner?: PersonId | undefined;
  grade?: Grade | undefined;
}

/** What is with sales now, the oldest first. */
export async function openEscalations(
  session: Session,
  { lead, owner, grade }: OpenFilter,
): Promise<OpenEscalation[]> {
  return session.$queryRaw<OpenEscalation[]>(sql`
    SELECT x.id, x.lead_id AS "leadId", l.address, x.grade, x.state,
      jsonb_build_object('key', p.key, 'name', p.name) AS owner
    FROM escalation x JOIN lead l ON l.id = x.lead_id JOIN person p ON p.id = x.owner_id
    WHERE x.ended_at IS NULL
      AND (${lead ?? null}::uuid IS NULL OR x.lead_id = ${lead ?? null}::uuid)
      AND (${owner ?? null}::uuid IS NULL OR x.owner_id = ${owner ?? null}::uuid)
      AND (${grade ?? null}::text IS NULL OR x.grade = ${grade ?? null}::text)
    ORDER BY x.created_at, x.id`);
}
