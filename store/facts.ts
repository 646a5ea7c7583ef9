import type { Bands } from '../domain/agreement/score.ts';
import type { AgreementId, LeadId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { EnrollmentFacts, Facts, LeadFacts } from '../domain/nurture/facts.ts';
import { sql, type Session } from './database.ts';
import { leadFields } from './lead-fields.ts';
import { repOfLead } from './mail-lead.ts';
import { isNeverMailed } from './suppression.ts';
import { isQuiet } from './wish.ts';

/** Facts as the database holds them, with what it takes to apply a decision to just these. */
export interface LoadedFacts extends Facts {
  /** The count of turns; a decision is applied only while it has not moved on. */
  turn: number;
  /** How many escalations the lead has had of its own: those that a merge brought are not counted. */
  escalations: number;
  /**
   * The latest of what could make somebody look at the lead now: what it did, what sales said, the last turn,
   * the moment that was waited for.
   */
  causedAt: Instant;
  /** The active agreement. */
  agreementId: AgreementId;
  enrollment: LoadedEnrollment | null;
}

export interface LoadedEnrollment extends EnrollmentFacts {
  sequence: string;
  version: number;
  /** When its workflow looks again by itself. */
  wakeAt: Instant | null;
}

type Row = Omit<LoadedFacts, 'lead'> & {
  lead: Omit<LeadFacts, 'bands'> & {
    fitBand: Bands['fit'] | null;
    engagementBand: Bands['engagement'] | null;
  };
};

/**
 * Everything that a decision about a lead rests on, in one statement and so of one moment.
 * @returns null when there is no such lead, or no active agreement
 */
export async function loadFacts(
  session: Session,
  leadId: LeadId,
  at: Instant,
): Promise<LoadedFacts | null> {
  const [facts] = await loadManyFacts(session, [leadId], at);
  return facts ?? null;
}

/** The same for many leads at once, in no order; leads that are not there are left out. */
export async function loadManyFacts(
  session: Session,
  leadIds: readonly LeadId[],
  at: Instant,
): Promise<LoadedFacts[]> {
  // Asked for one by equality, PostgreSQL plans the statement once; a list it plans every time.
  const [first, second] = leadIds;
  const chosen =
    second === undefined
      ? sql`l.id = ${first ?? null}::uuid`
      : sql`l.id = ANY(${[...leadIds]}::uuid[])`;
  const rows = await session.$queryRaw<{ facts: Row }[]>(sql`
    SELECT json_build_object(
      'turn', l.turn,
      'causedAt', ms(greatest(l.revised_at, l.scored_at,
        CASE WHEN l.wake_at <= moment(${at}::bigint) THEN l.wake_at END,
        (SELECT greatest(created_at, CASE WHEN wake_at <= moment(${at}::bigint) THEN wake_at END)
          FROM enrollment WHERE id = o.enrollment_id),
        (SELECT CASE WHEN wake_at <= moment(${at}::bigint) THEN wake_at END
          FROM escalation WHERE id = o.escalation_id))),
      'agreementId', g.id,
      'lead', json_build_object(
        'id', l.id, 'spread', left(encode(sha256(l.address::bytea), 'hex'), 16),
        'fields', ${leadFields}, 'rep', ${repOfLead},
        'source', (SELECT key FROM source WHERE id = l.source_id),
        'account', a.status,
        -- Who was merged into another lead is that lead's to be worked.
        'disqualified', CASE WHEN l.merge_id IS NULL THEN l.disqualified ELSE 'merged' END,
        'suppressed', ${isNeverMailed}, 'quiet', ${isQuiet},
        'revision', l.revision, 'seenRevision', l.seen_revision,
        'grade', l.grade, 'fitBand', l.fit_band, 'engagementBand', l.engagement_band,
        'armed', l.armed, 'crossing', l.crossing, 'scoredAt', ms(l.scored_at),
        'holdUntil', ms(l.hold_until), 'holdFit', l.hold_fit),
      'enrollment', (
        SELECT json_build_object(
          'id', e.id, 'versionId', e.version_id, 'sequence', v.name, 'version', v.version,
          'segment', e.segment, 'cursor', e.cursor, 'dueAt', ms(e.due_at), 'wakeAt', ms(e.wake_at),
          'pausedAt', ms(e.paused_at), 'remainingMs', e.remaining_ms, 'blocked', e.blocked,
          'tasks', coalesce((
            SELECT json_agg(json_build_object(
              'id', t.id, 'stepKey', t.step_key, 'state', t.state, 'person', p.id, 'isTheirs', p.active,
              'isTold', t.told_at IS NOT NULL, 'lapsesAt', ms(t.lapses_at), 'endedAt', ms(t.ended_at)))
            FROM task t JOIN person p ON p.id = t.person_id WHERE t.enrollment_id = e.id), '[]'))
        FROM enrollment e JOIN sequence_version v ON v.id = e.version_id WHERE e.id = o.enrollment_id),
      'escalation', o.escalation_id,
      'escalationEndedAt', ms(x.ended_at), 'escalations', x.count, 'rejections', x.rejections,
      'events', coalesce((
        SELECT json_agg(json_build_object(
          'id', e.id, 'kind', e.kind, 'subject', e.subject, 'at', ms(e.at),
          'receivedAt', ms(e.received_at), 'holdUntil', ms(e.hold_until), 'sendId', e.send_id,
          'userAgent', e.detail->>'useragent'))
        FROM (
          SELECT * FROM event
          WHERE lead_id = l.id AND at > greatest(moment(${at}::bigint - g.lookback_ms), l.engagement_from)
            AND kind IN ('click', 'page', 'form', 'download', 'webinar', 'reply', 'booked', 'delivered')
          UNION ALL
          -- A branch may ask about a click that is older than any points, in an enrollment that is.
          SELECT e.* FROM enrollment n JOIN send s ON s.enrollment_id = n.id JOIN event e ON e.send_id = s.id
          WHERE n.id = o.enrollment_id AND n.created_at <= moment(${at}::bigint - g.lookback_ms)
            AND e.at <= moment(${at}::bigint - g.lookback_ms) AND e.kind IN ('click', 'delivered')) e), '[]'),
      'sends', coalesce((
        SELECT json_agg(json_build_object(
          'id', s.id, 'enrollmentId', s.enrollment_id, 'stepKey', s.step_key,
          'contentKey', s.content_key, 'state', s.state, 'at', ms(s.at),
          'callAgeMs', CASE WHEN s.state = 'dispatching'
            THEN greatest(0, ms(now()) - ms(s.attempted_at)) END))
        FROM send s WHERE s.lead_id = l.id), '[]'),
      'past', coalesce((
        SELECT json_agg(json_build_object('sequence', v.name, 'endReason', e.end_reason)
          ORDER BY e.ended_at, e.id)
        FROM enrollment e JOIN sequence_version v ON v.id = e.version_id
        WHERE e.lead_id = l.id AND e.ended_at IS NOT NULL
          -- What another lead was in the middle of, this one may go on with.
          AND (e.end_reason <> 'merged' OR e.merge_id IS NULL)), '[]'),
      'mailOff', EXISTS (SELECT FROM control WHERE key = 'mail' AND value = 'off')
    ) AS facts
    FROM lead l
    JOIN agreement g ON g.active_slot = 1
    LEFT JOIN account a ON a.id = l.account_id
    LEFT JOIN open_slot o ON o.lead_id = l.id
    CROSS JOIN LATERAL (
      SELECT max(x.ended_at) AS ended_at, count(*) FILTER (WHERE x.merge_id IS NULL) AS count,
        coalesce(json_agg(d.reason) FILTER (WHERE d.reason IS NOT NULL), '[]') AS rejections
      FROM escalation x LEFT JOIN disposition d ON d.escalation_id = x.id AND d.kind = 'rejected'
      WHERE x.lead_id = l.id) x
    WHERE ${chosen}`);
  return rows.map(({ facts }) => loaded(facts));
}

function loaded({ lead, ...rest }: Row): LoadedFacts {
  const { fitBand, engagementBand, ...others } = lead;
  const bands =
    fitBand === null || engagementBand === null
      ? null
      : { fit: fitBand, engagement: engagementBand };
  return { ...rest, lead: { ...others, bands } };
}
