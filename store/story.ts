import type { Score } from '../domain/agreement/score.ts';
import type { Grade } from '../domain/agreement/grade.ts';
import type { Wish } from '../domain/event/event.ts';
import type { LeadId, SendId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { LeadFields } from '../domain/lead/fields.ts';
import { sql, type Session } from './database.ts';
import { leadFields } from './lead-fields.ts';
import { wishAsJson } from './wish.ts';

/** One thing that happened to a lead or that was done with it. */
export interface TimelineEntry {
  at: Instant;
  /** What kind of thing: an event's kind, or mail, enrolled, left, escalated, reassigned, accepted. */
  what: string;
  detail: string | null;
  /** Of a mail: the send, which it may be commented on by. */
  send?: SendId;
}

/** Everything that a person who works with a lead wants to read. */
export interface LeadStory {
  id: LeadId;
  address: string | null;
  fields: LeadFields;
  source: string;
  account: string | null;
  suppressed: string | null;
  disqualified: string | null;
  /** What it said last of staying in touch, and when; null when it said nothing. */
  wish: { wish: Wish; at: Instant } | null;
  grade: Grade | null;
  /** The last score that was kept. */
  score: Score | null;
  enrollment: {
    sequence: string;
    version: number;
    dueAt: Instant;
    wakeAt: Instant | null;
    paused: boolean;
    blocked: string | null;
  } | null;
  escalation: { id: string; owner: string; state: string } | null;
  /** Newest first. */
  timeline: TimelineEntry[];
}

/** How much of the past is told. */
const longest = 40;

export async function leadStory(
  session: Session,
  id: LeadId,
  at: Instant,
): Promise<LeadStory | null> {
  const [row] = await session.$queryRaw<{ story: LeadStory }[]>(sql`
    SELECT jsonb_build_object(
      'id', l.id, 'address', l.address, 'source', source.key, 'account', a.status,
      'suppressed', (
        SELECT reason FROM suppression
        WHERE address_hash = encode(sha256(l.address::bytea), 'hex') OR address_hash = ANY(ARRAY(
          SELECT encode(sha256(address::bytea), 'hex') FROM lead_alias WHERE lead_id = l.id))
        ORDER BY at LIMIT 1),
      'disqualified', l.disqualified, 'wish', ${wishAsJson}, 'grade', l.grade,
      'fields', ${leadFields},
      'score', (
        SELECT jsonb_build_object('at', ms(s.at), 'fit', s.fit, 'engagement', s.engagement,
          'bands', jsonb_build_object('fit', s.fit_band, 'engagement', s.engagement_band),
          'grade', s.grade, 'handRaised', s.hand_raised, 'lines', s.lines)
        FROM score s WHERE s.lead_id = l.id ORDER BY s.at DESC, s.id DESC LIMIT 1),
      'enrollment', (
        SELECT jsonb_build_object('sequence', v.name, 'version', v.version, 'dueAt', ms(e.due_at),
          'wakeAt', ms(e.wake_at), 'paused', e.paused_at IS NOT NULL, 'blocked', e.blocked->>'detail')
        FROM open_slot o JOIN enrollment e ON e.id = o.enrollment_id
        JOIN sequence_version v ON v.id = e.version_id WHERE o.lead_id = l.id),
      'escalation', (
        SELECT jsonb_build_object('id', x.id, 'owner', p.name, 'state', x.state)
        FROM open_slot o JOIN escalation x ON x.id = o.escalation_id
        JOIN person p ON p.id = x.owner_id WHERE o.lead_id = l.id),
      'timeline', coalesce((
        SELECT jsonb_agg(jsonb_build_object('at', ms(t.at), 'what', t.what, 'detail', t.detail)
            || CASE t.what WHEN 'mail' THEN jsonb_build_object('send', t.id) ELSE '{}' END
          ORDER BY t.at DESC, t.id DESC)
        FROM (
          SELECT * FROM (
            -- Some leads have thousands of events: no more of them are read than are told.
            (SELECT e.id, e.at, e.kind AS what, e.subject AS detail FROM event e
              WHERE e.lead_id = l.id AND e.kind NOT IN ('processed', 'delivered') AND e.at <= moment(${at}::bigint)
              ORDER BY e.at DESC, e.id DESC LIMIT ${longest})
            UNION ALL SELECT s.id, s.at, 'mail', s.content_key || CASE s.state WHEN 'accepted' THEN '' ELSE ' (' || s.state || ')' END
              FROM send s WHERE s.lead_id = l.id
            UNION ALL SELECT e.id, e.created_at, 'enrolled', v.name || ' v' || v.version
              FROM enrollment e JOIN sequence_version v ON v.id = e.version_id WHERE e.lead_id = l.id
            UNION ALL SELECT e.id, e.ended_at, 'left', v.name || ': ' || e.end_reason
              FROM enrollment e JOIN sequence_version v ON v.id = e.version_id
              WHERE e.lead_id = l.id AND e.ended_at IS NOT NULL
            UNION ALL SELECT x.id, x.created_at, 'escalated', x.grade || ', ' || x.cause || ', to ' || p.name
              FROM escalation x JOIN person p ON p.id = x.owner_id WHERE x.lead_id = l.id
            UNION ALL SELECT a.id, a.created_at, 'reassigned', 'ops gave it to ' || p.name
              FROM assignment a JOIN escalation x ON x.id = a.escalation_id
              JOIN person p ON p.id = a.person_id WHERE x.lead_id = l.id AND a.cause = 'ops'
            UNION ALL SELECT e.id, e.at, 'extended', 'ops gave more time, until ' || (
                SELECT to_char(e.due_to AT TIME ZONE (g.content #>> '{working_hours,zone}'), 'FMDD Mon, HH24:MI')
                FROM agreement g WHERE g.active_slot = 1)
              FROM extension e JOIN escalation x ON x.id = e.escalation_id WHERE x.lead_id = l.id
            UNION ALL SELECT d.id, d.at, d.kind, CASE d.way WHEN 'ops' THEN 'ops, for ' ELSE '' END || p.name
                || coalesce(': ' || d.reason, '')
              FROM disposition d JOIN escalation x ON x.id = d.escalation_id
              JOIN person p ON p.id = d.person_id WHERE x.lead_id = l.id
          ) everything WHERE at <= moment(${at}::bigint)
          ORDER BY at DESC, id DESC LIMIT ${longest}) t), '[]')
    ) AS story
    FROM lead l JOIN source ON source.id = l.source_id LEFT JOIN account a ON a.id = l.account_id
    WHERE l.id = ${id}::uuid`);
  return row?.story ?? null;
}
