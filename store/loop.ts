import type { Instant } from '../domain/instant.ts';
import type { LoopFacts } from '../domain/review/loop.ts';
import { sql, type Session } from './database.ts';

/** Open escalations that are listed, longest first. */
const mostListed = 200;

/**
 * What both teams did with the escalations of a period, counted, and what is open now.
 * @param from the period's first moment, `to` the one after its last; `at` is now
 */
export async function loopFacts(
  session: Session,
  { from, to }: { from: Instant; to: Instant },
  at: Instant,
): Promise<LoopFacts> {
  const [row] = await session.$queryRaw<{ told: LoopFacts }[]>(sql`
    WITH everything AS (
      SELECT e.*, coalesce(e.ended_at, moment(${at}::bigint)) AS until,
        (SELECT min(at) FROM disposition d WHERE d.escalation_id = e.id) AS answered_at,
        (SELECT min(at) FROM disposition d WHERE d.escalation_id = e.id
          AND d.kind IN ('accepted', 'contacted', 'qualified', 'won')) AS accepted_at,
        (SELECT min(at) FROM disposition d WHERE d.escalation_id = e.id
          AND d.kind IN ('contacted', 'qualified', 'won')) AS contacted_at,
        (SELECT min(at) FROM disposition d WHERE d.escalation_id = e.id
          AND d.kind IN ('feedback', 'qualified', 'won', 'lost', 'rejected') AND d.at > (
            SELECT min(c.at) FROM disposition c WHERE c.escalation_id = e.id AND c.kind = 'contacted')) AS told_at,
        (SELECT d.reason FROM disposition d WHERE d.escalation_id = e.id AND d.kind = 'rejected') AS reason,
        EXISTS (SELECT FROM disposition d WHERE d.escalation_id = e.id AND d.kind IN ('qualified', 'won')) AS qualified,
        EXISTS (SELECT FROM assignment a WHERE a.escalation_id = e.id AND a.cause = 'overdue') AS was_late
      FROM escalation e
      WHERE e.created_at >= moment(${from}::bigint) AND e.created_at < moment(${to}::bigint)),
    -- What marketing handed over. What sales took itself was accepted by that, so only what comes after is a promise.
    x AS (SELECT * FROM everything WHERE cause <> 'taken over')
    SELECT json_build_object(
      'escalated', (SELECT count(*) FROM x),
      'takenOver', (SELECT count(*) FROM everything WHERE cause = 'taken over'),
      'accepted', (SELECT count(*) FROM x WHERE accepted_at IS NOT NULL),
      'rejected', (SELECT count(*) FROM x WHERE accepted_at IS NULL AND reason IS NOT NULL),
      'qualified', (SELECT count(*) FROM x WHERE qualified),
      'won', (SELECT count(*) FROM x WHERE state = 'won'),
      'lost', (SELECT count(*) FROM x WHERE state = 'lost'),
      'answers', (SELECT json_build_object(
        'kept', count(*) FILTER (WHERE answered_at <= accept_due_at AND NOT was_late),
        'due', count(*) FILTER (WHERE answered_at IS NOT NULL OR accept_due_at <= moment(${at}::bigint))) FROM x),
      'contacts', (SELECT json_build_object(
        'kept', count(*) FILTER (WHERE contacted_at <= contact_due_at AND NOT was_late),
        'due', count(*)) FROM everything
        WHERE contacted_at IS NOT NULL
          OR accepted_at IS NOT NULL AND ended_at IS NULL AND contact_due_at <= moment(${at}::bigint)),
      'feedback', (SELECT json_build_object(
        'kept', count(*) FILTER (WHERE told_at <= feedback_due_at),
        'due', count(*) FILTER (WHERE told_at IS NOT NULL OR feedback_due_at <= moment(${at}::bigint)))
        FROM everything WHERE feedback_due_at IS NOT NULL),
      'reasons', (SELECT coalesce(json_agg(json_build_object('reason', reason, 'count', count)
          ORDER BY count DESC, reason), '[]')
        FROM (SELECT reason, count(*) FROM x WHERE reason IS NOT NULL GROUP BY reason) r),
      'recycled', (SELECT count(*) FROM x JOIN enrollment n ON n.origin_key = 'recycle/' || x.id),
      'cameBack', (SELECT count(*) FROM x WHERE reason IS NOT NULL AND EXISTS (
        SELECT FROM escalation later
        WHERE later.lead_id = x.lead_id AND later.created_at > x.until AND later.cause <> 'taken over')),
      'open', (SELECT coalesce(json_agg(o), '[]') FROM (
        SELECT e.id, e.lead_id AS "leadId", e.grade, e.state, p.name AS owner, ms(e.created_at) AS since,
          ms(CASE e.state WHEN 'assigned' THEN e.accept_due_at WHEN 'accepted' THEN e.contact_due_at
            WHEN 'contacted' THEN e.feedback_due_at END) AS "dueAt"
        FROM open_slot s JOIN escalation e ON e.id = s.escalation_id JOIN person p ON p.id = e.owner_id
        ORDER BY e.created_at, e.id LIMIT ${mostListed}) o),
      'openCount', (SELECT count(*) FROM open_slot WHERE escalation_id IS NOT NULL)
    ) AS told`);
  if (row === undefined) throw new Error('A statement without a condition gave no row.');
  return row.told;
}
