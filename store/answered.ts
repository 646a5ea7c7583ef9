import type { Instant } from '../domain/instant.ts';
import type { Answered } from '../domain/review/proposals.ts';
import { sql, type Session } from './database.ts';

/**
 * The escalations that began in a period and that sales was given and accepted or rejected, counted by each thing that marketing can
 * change and by why they were rejected. Each of them is in the counts of every such thing once, also where it has no
 * value of it.
 * @param from the period's first moment, `to` the one after its last
 */
export async function answeredByLever(
  session: Session,
  { from, to }: { from: Instant; to: Instant },
): Promise<Answered[]> {
  return session.$queryRaw<Answered[]>(sql`
    WITH x AS (
      SELECT e.lead_id, e.score_id, e.segment, e.created_at, d.reason
      FROM escalation e CROSS JOIN LATERAL (
        SELECT max(reason) FILTER (WHERE kind = 'rejected') AS reason FROM disposition
        WHERE escalation_id = e.id AND kind IN ('accepted', 'contacted', 'qualified', 'won', 'rejected')
        HAVING count(*) > 0) d
      WHERE e.created_at >= moment(${from}::bigint) AND e.created_at < moment(${to}::bigint)
        AND e.cause <> 'taken over')
    SELECT v.lever, v.value, x.reason, count(*)::int AS count
    FROM x JOIN lead l ON l.id = x.lead_id JOIN source o ON o.id = l.source_id JOIN score s ON s.id = x.score_id
    LEFT JOIN LATERAL (
      SELECT CASE WHEN (line->>'missing')::boolean THEN 'missing' ELSE line->>'raw' END AS gave
      FROM jsonb_array_elements(s.lines) line WHERE line->>'axis' = 'fit' AND line->>'rule' = 'title') title ON true
    LEFT JOIN LATERAL (
      SELECT w.name FROM send m JOIN enrollment n ON n.id = m.enrollment_id JOIN sequence_version w ON w.id = n.version_id
      WHERE m.lead_id = x.lead_id AND m.at <= x.created_at AND m.state IN ('accepted', 'unknown')
      ORDER BY m.at DESC, m.id DESC LIMIT 1) last ON true
    CROSS JOIN LATERAL (VALUES
      ('title', title.gave), ('segment', x.segment), ('source', o.key), ('sequence', last.name)) v(lever, value)
    GROUP BY v.lever, v.value, x.reason ORDER BY v.lever, v.value, x.reason`);
}
