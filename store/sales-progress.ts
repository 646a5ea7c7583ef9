import type { Progress } from '../domain/agreement/stages.ts';
import type { LeadId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { sql, type Session } from './database.ts';

type Sales = Progress['sales'];

/** All that sales has said of a lead until a moment, for a statement in which it is called `l`. */
export const saidBySales = (at: Instant) => sql`array(
  SELECT 'escalated' FROM escalation
  WHERE lead_id = l.id AND created_at <= moment(${at}::bigint)
  UNION SELECT d.kind FROM disposition d JOIN escalation x ON x.id = d.escalation_id
  WHERE x.lead_id = l.id AND d.at <= moment(${at}::bigint)
  UNION SELECT kind FROM outcome
  WHERE lead_id = l.id AND at <= moment(${at}::bigint))`;

/** The furthest of what sales has said. */
export function furthest(said: readonly string[]): Sales {
  return (
    (['won', 'qualified', 'accepted', 'escalated'] as const).find(each => said.includes(each)) ??
    null
  );
}

/** The furthest that sales has said of a lead until a moment, with a rep or in another system. */
export async function salesProgress(session: Session, id: LeadId, at: Instant): Promise<Sales> {
  const [row] = await session.$queryRaw<{ said: string[] }[]>(sql`
    SELECT ${saidBySales(at)} AS said FROM lead l WHERE l.id = ${id}::uuid`);
  return furthest(row?.said ?? []);
}
