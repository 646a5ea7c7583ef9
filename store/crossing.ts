import type { ActivationId, LeadId } from '../domain/ids.ts';
import type { WaitingLead } from '../domain/escalation/pace.ts';
import { sql, type Session } from './database.ts';
import { leadFields } from './lead-fields.ts';

/**
 * Leads that a new agreement alone made sales' to work: those that wait for a rep, best and oldest first, and
 * those that were let through and whose turn has not come.
 * @param limit how many of each
 */
export async function leadsCrossing(
  session: Session,
  limit: number,
): Promise<{ waiting: WaitingLead[]; released: WaitingLead[] }> {
  const of = (crossing: string) =>
    session.$queryRaw<WaitingLead[]>(sql`
      SELECT id, ${leadFields} AS fields
      FROM lead l WHERE crossing = ${crossing} AND merge_id IS NULL ORDER BY grade, created_at LIMIT ${limit}`);
  return { waiting: await of('waiting'), released: await of('released') };
}

/** Lets leads through to sales: their next turn hands them over. */
export async function letGo(
  session: Session,
  activation: ActivationId,
  leads: readonly LeadId[],
): Promise<void> {
  if (leads.length === 0) return;
  await session.$executeRaw(sql`
    WITH gone AS (
      UPDATE lead SET crossing = 'released'
      WHERE crossing = 'waiting' AND id = ANY(${[...leads]}::uuid[]) RETURNING id)
    UPDATE activation SET released = released + (SELECT count(*) FROM gone)
    WHERE id = ${activation}::uuid AND ended_at IS NULL`);
}
