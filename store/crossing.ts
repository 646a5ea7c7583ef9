import type { ActivationId, LeadId } from '../domain/ids.ts';
import type { LeadFields } from '../domain/lead/fields.ts';
import type { WaitingLead } from '../domain/escalation/pace.ts';
import { sql, type Session } from './database.ts';

/**
 * Leads that a new agreement alone made sales' to work: those that wait for a rep, best and oldest first, and
 * those that were let through and whose turn has not come.
 * @param limit how many of those that wait
 */
export async function leadsCrossing(
  session: Session,
  limit: number,
): Promise<{ waiting: WaitingLead[]; released: WaitingLead[] }> {
  const of = (crossing: string, most: number) =>
    session.$queryRaw<{ id: LeadId; fields: LeadFields }[]>(sql`
      SELECT id, jsonb_build_object(
        'firstName', first_name, 'lastName', last_name, 'company', company, 'title', title,
        'industry', industry, 'employees', employees, 'country', country, 'region', region,
        'zone', zone) AS fields
      FROM lead WHERE crossing = ${crossing} ORDER BY grade, created_at LIMIT ${most}`);
  return { waiting: await of('waiting', limit), released: await of('released', limit) };
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
