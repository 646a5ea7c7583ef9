import { sql, type Session } from './database.ts';

/** How many leads stand where. Every lead is in exactly one of these. */
export interface Status {
  nurturing: number;
  paused: number;
  blocked: number;
  escalated: number;
  resting: number;
}

/** How many leads there are. */
export function totalOf({ nurturing, paused, blocked, escalated, resting }: Status): number {
  return nurturing + paused + blocked + escalated + resting;
}

export async function status(session: Session): Promise<Status> {
  const [row] = await session.$queryRaw<Status[]>(sql`
    SELECT
      count(*) FILTER (WHERE e.id IS NOT NULL AND e.paused_at IS NULL AND e.blocked IS NULL)::int AS nurturing,
      count(*) FILTER (WHERE e.paused_at IS NOT NULL)::int AS paused,
      count(*) FILTER (WHERE e.blocked IS NOT NULL AND e.paused_at IS NULL)::int AS blocked,
      count(*) FILTER (WHERE o.escalation_id IS NOT NULL)::int AS escalated,
      count(*) FILTER (WHERE o.lead_id IS NULL)::int AS resting
    FROM lead l
    LEFT JOIN open_slot o ON o.lead_id = l.id
    LEFT JOIN enrollment e ON e.id = o.enrollment_id`);
  return row ?? { nurturing: 0, paused: 0, blocked: 0, escalated: 0, resting: 0 };
}
