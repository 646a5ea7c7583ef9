import type { SegmentAsks } from '../domain/agreement/segment-asks.ts';
import type { LeadId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { SurveyedLead } from '../domain/nurture/survey.ts';
import { sql, type Session } from './database.ts';
import { isNeverMailed } from './suppression.ts';
import { isQuiet } from './wish.ts';

const none = sql`'[]'::jsonb`;

/**
 * The next leads in the order of their ids, with what segments ask about and no more. Grades are those of the
 * last turn.
 */
export async function leadsToSurvey(
  session: Session,
  { events, rejections, past }: SegmentAsks,
  after: LeadId | null,
  limit: number,
  at: Instant,
): Promise<{ id: LeadId; surveyed: SurveyedLead }[]> {
  const next = after === null ? sql`` : sql`AND l.id > ${after}::uuid`;
  const done =
    events === null
      ? none
      : sql`coalesce((
          SELECT jsonb_agg(jsonb_build_object(
            'id', v.id, 'kind', v.kind, 'subject', v.subject, 'at', ms(v.at),
            'receivedAt', ms(v.received_at), 'holdUntil', ms(v.hold_until), 'sendId', v.send_id,
            'userAgent', v.detail->>'useragent'))
          FROM event v
          WHERE v.lead_id = l.id AND v.at > moment(${at - events.within}::bigint)
            AND v.kind = ANY(${events.kinds}::text[])), '[]')`;
  const rejected = rejections
    ? sql`coalesce((
        SELECT jsonb_agg(d.reason) FROM escalation x JOIN disposition d ON d.escalation_id = x.id
        WHERE x.lead_id = l.id AND d.kind = 'rejected'), '[]')`
    : none;
  const had = past
    ? sql`coalesce((
        SELECT jsonb_agg(jsonb_build_object('sequence', v.name, 'endReason', n.end_reason))
        FROM enrollment n JOIN sequence_version v ON v.id = n.version_id
        WHERE n.lead_id = l.id AND n.ended_at IS NOT NULL
          AND (n.end_reason <> 'merged' OR n.merge_id IS NULL)), '[]')`
    : none;
  return session.$queryRaw<{ id: LeadId; surveyed: SurveyedLead }[]>(sql`
    SELECT l.id, jsonb_build_object(
      'lead', jsonb_build_object(
        'fields', jsonb_build_object(
          'firstName', null, 'lastName', null, 'company', l.company, 'title', l.title,
          'industry', l.industry, 'employees', l.employees, 'country', l.country, 'region', l.region,
          'zone', l.zone),
        'source', source.key, 'account', a.status, 'disqualified', l.disqualified, 'grade', l.grade,
        'suppressed', ${isNeverMailed} OR ${isQuiet}),
      'withRep', o.escalation_id IS NOT NULL,
      'enrollment', CASE WHEN o.enrollment_id IS NOT NULL THEN jsonb_build_object(
        'segment', o.segment, 'pausedAt', ms(o.paused_at), 'sequence', o.sequence) END,
      'events', ${done}, 'rejections', ${rejected}, 'past', ${had}) AS surveyed
    FROM (SELECT * FROM lead l WHERE merge_id IS NULL ${next} ORDER BY l.id LIMIT ${limit}) l
    JOIN source ON source.id = l.source_id
    LEFT JOIN account a ON a.id = l.account_id
    -- Looked up for each lead: joined, a page of them would be found by reading every slot there is.
    LEFT JOIN LATERAL (
      SELECT o.escalation_id, o.enrollment_id, e.segment, e.paused_at, v.name AS sequence
      FROM open_slot o LEFT JOIN enrollment e ON e.id = o.enrollment_id
      LEFT JOIN sequence_version v ON v.id = e.version_id
      WHERE o.lead_id = l.id OFFSET 0) o ON true
    ORDER BY l.id`);
}

/** How many leads there are to look at. */
export async function countLeads(session: Session): Promise<number> {
  return session.lead.count({ where: { mergeId: null } });
}

/** How many leads are looked at in one statement. */
const pageSize = 1_000;

/** Every lead with what segments ask about, a page at a time, in the order of their ids. */
export async function* everyLeadToSurvey(
  session: Session,
  asks: SegmentAsks,
  at: Instant,
): AsyncGenerator<Awaited<ReturnType<typeof leadsToSurvey>>> {
  for (let after: LeadId | null = null; ;) {
    const page: Awaited<ReturnType<typeof leadsToSurvey>> = await leadsToSurvey(
      session,
      asks,
      after,
      pageSize,
      at,
    );
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    after = last.id;
  }
}
