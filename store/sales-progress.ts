import type { Progress } from '../domain/agreement/stages.ts';
import type { LeadId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { sql, type Session } from './database.ts';

/** The furthest that sales has said of a lead until a moment, with a rep or in another system. */
export async function salesProgress(
  session: Session,
  id: LeadId,
  at: Instant,
): Promise<Progress['sales']> {
  const [row] = await session.$queryRaw<{ said: NonNullable<Progress['sales']>[] }[]>(sql`
    SELECT array(
      SELECT 'escalated' FROM escalation
      WHERE lead_id = ${id}::uuid AND created_at <= moment(${at}::bigint)
      UNION SELECT d.kind FROM disposition d JOIN escalation x ON x.id = d.escalation_id
      WHERE x.lead_id = ${id}::uuid AND d.at <= moment(${at}::bigint)
      UNION SELECT kind FROM outcome
      WHERE lead_id = ${id}::uuid AND at <= moment(${at}::bigint)) AS said`);
  const said = row?.said ?? [];
  return (
    (['won', 'qualified', 'accepted', 'escalated'] as const).find(each => said.includes(each)) ??
    null
  );
}
