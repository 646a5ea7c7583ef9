import type { LeadId } from '../domain/ids.ts';
import { sql, type Session } from './database.ts';

/** Has open escalations hold the slots of the leads that they are of now, after they went from one to another. */
export async function takeSlots(session: Session, leads: readonly LeadId[]): Promise<void> {
  await session.$executeRaw(sql`
    WITH left_behind AS (
      DELETE FROM open_slot o USING escalation x
      WHERE o.lead_id = ANY(${[...leads]}::uuid[]) AND x.id = o.escalation_id AND x.lead_id <> o.lead_id
      RETURNING x.lead_id, x.id)
    INSERT INTO open_slot (lead_id, escalation_id) SELECT lead_id, id FROM left_behind`);
}
