import { mailSwitch } from './control.ts';
import { sql, type Session } from './database.ts';

/** How many leads stand where. Every lead is in exactly one of these; who was merged is no lead of its own. */
export interface LeadCounts {
  nurturing: number;
  paused: number;
  blocked: number;
  escalated: number;
  resting: number;
  /** Not graded yet. */
  waiting: number;
}

export interface Status {
  leads: LeadCounts;
  /** Off when ops stopped all mail at once. */
  mail: 'on' | 'off';
}

/** How many leads there are. */
export function totalOf({ leads }: Status): number {
  return Object.values(leads as unknown as Record<string, number>).reduce(
    (sum, count) => sum + count,
    0,
  );
}

const nobody: LeadCounts = {
  nurturing: 0,
  paused: 0,
  blocked: 0,
  escalated: 0,
  resting: 0,
  waiting: 0,
};

export async function status(session: Session): Promise<Status> {
  const [leads] = await session.$queryRaw<LeadCounts[]>(sql`
    SELECT
      count(*) FILTER (WHERE e.id IS NOT NULL AND e.paused_at IS NULL AND e.blocked IS NULL)::int AS nurturing,
      count(*) FILTER (WHERE e.paused_at IS NOT NULL)::int AS paused,
      count(*) FILTER (WHERE e.blocked IS NOT NULL AND e.paused_at IS NULL)::int AS blocked,
      count(*) FILTER (WHERE o.escalation_id IS NOT NULL)::int AS escalated,
      count(*) FILTER (WHERE o.lead_id IS NULL AND l.grade IS NOT NULL)::int AS resting,
      count(*) FILTER (WHERE o.lead_id IS NULL AND l.grade IS NULL)::int AS waiting
    FROM lead l
    LEFT JOIN open_slot o ON o.lead_id = l.id
    LEFT JOIN enrollment e ON e.id = o.enrollment_id
    WHERE l.merge_id IS NULL`);
  return { leads: leads ?? nobody, mail: await mailSwitch(session) };
}
