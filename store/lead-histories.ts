import type { KnownOutcome, LeadHistory, Timeline } from '../domain/agreement/replay/history.ts';
import { scoringKinds } from '../domain/event/event.ts';
import type { LeadId } from '../domain/ids.ts';
import { day, type Instant } from '../domain/instant.ts';
import { sql, type Session } from './database.ts';
import { leadFields } from './lead-fields.ts';
import { quietSince } from './wish.ts';

/** Leads that are read in one statement. */
const pageSize = 500;

/** Sorts before every id. */
const beforeAll = '00000000-0000-0000-0000-000000000000';

/** Which leads are read, and how much of each. */
export interface HistoryScope {
  /** Events that happened before are left out. */
  eventsSince: Instant;
  /** What came in or happened later is left out. */
  to: Instant;
  timeline: Timeline;
  /** Only leads that sales had, or of which an outcome is known. */
  judged?: boolean;
}

type Event = LeadHistory['events'][number];
type Row = Omit<LeadHistory, 'events' | 'outcomes' | 'disqualifiedAt'> & {
  disqualified: string | null;
  /** As lists, because there are a million: id, kind, subject, at, receivedAt, holdUntil, sendId, userAgent. */
  events:
    | [
        ...[id: Event['id'], kind: Event['kind'], subject: string | null],
        ...[at: Instant, receivedAt: Instant, holdUntil: Instant | null],
        ...[sendId: Event['sendId'], userAgent: string | null],
      ][]
    | null;
  outcomes: (KnownOutcome & { reason: string | null })[] | null;
};

/**
 * The histories of all leads, in the order of their ids, page by page; the next page is read while one is worked
 * on, and none is kept.
 */
export async function* leadHistories(
  session: Session,
  scope: HistoryScope,
): AsyncGenerator<LeadHistory[], void, undefined> {
  let page = await readPage(session, scope, null);
  for (;;) {
    const last = page.at(-1);
    if (last === undefined) return;
    const next = readPage(session, scope, last.id);
    // Whoever stops in between does not wait for it.
    next.catch(() => undefined);
    yield page;
    page = await next;
  }
}

async function readPage(
  session: Session,
  { eventsSince, to, timeline, judged = false }: HistoryScope,
  after: LeadId | null,
): Promise<LeadHistory[]> {
  const rows = await session.$queryRaw<{ history: Row }[]>(sql`
    WITH page AS MATERIALIZED (
      SELECT l.*, a.status FROM lead l LEFT JOIN account a ON a.id = l.account_id
      WHERE l.id > ${after ?? beforeAll}::uuid AND l.merge_id IS NULL
        AND (NOT ${judged}::boolean OR EXISTS (SELECT FROM escalation WHERE lead_id = l.id)
          OR EXISTS (SELECT FROM outcome WHERE lead_id = l.id))
      ORDER BY l.id LIMIT ${pageSize})
    SELECT json_build_object(
      'id', l.id,
      'fields', ${leadFields},
      'account', l.status, 'disqualified', l.disqualified, 'createdAt', ms(l.created_at),
      'suppressedAt', CASE WHEN l.address IS NULL THEN ms(l.created_at) ELSE ms(least(${quietSince}, (
        SELECT min(at) FROM suppression
        WHERE address_hash = encode(sha256(l.address::bytea), 'hex') OR address_hash = ANY(ARRAY(
          SELECT encode(sha256(address::bytea), 'hex') FROM lead_alias WHERE lead_id = l.id))))) END,
      'events', (
        SELECT json_agg(json_build_array(e.id, e.kind, e.subject, ms(e.at), ms(e.received_at),
          ms(e.hold_until), e.send_id, e.detail->>'useragent') ORDER BY e.at, e.id)
        FROM event e
        WHERE e.lead_id = l.id AND e.at > moment(${eventsSince}::bigint) AND e.at <= moment(${to}::bigint)
          AND (e.received_at <= moment(${to}::bigint) OR ${timeline === 'happened'}::boolean)
          AND e.kind = ANY(${[...scoringKinds, 'delivered']}::text[])),
      'escalations', coalesce((
        SELECT json_agg(json_build_object('at', ms(x.created_at), 'endedAt', ms(x.ended_at),
          'grade', x.grade, 'cause', x.cause) ORDER BY x.created_at)
        FROM escalation x WHERE x.lead_id = l.id AND x.created_at <= moment(${to}::bigint)), '[]'),
      'outcomes', (
        SELECT json_agg(json_build_object('kind', o.kind, 'reason', o.reason, 'at', ms(o.at)) ORDER BY o.at, o.seq)
        FROM (
          SELECT d.kind, d.reason, d.at, d.seq FROM escalation x JOIN disposition d ON d.escalation_id = x.id
          WHERE x.lead_id = l.id
          UNION ALL
          SELECT kind, reason, at, 0 FROM outcome WHERE lead_id = l.id) o
        WHERE o.at <= moment(${to}::bigint) AND o.kind IN ('accepted', 'qualified', 'won', 'rejected', 'lost'))
    ) AS history
    FROM page l ORDER BY l.id`);
  return rows.map(({ history }) => historyOf(history));
}

function historyOf({ disqualified, events, outcomes: told, ...lead }: Row): LeadHistory {
  const outcomes = told ?? [];
  const said = outcomes.findLast(
    ({ kind, reason }) => kind === 'rejected' && reason === disqualified,
  );
  return {
    ...lead,
    disqualifiedAt: disqualified === null ? null : (said?.at ?? lead.createdAt),
    events: (events ?? []).map(
      ([id, kind, subject, at, receivedAt, holdUntil, sendId, userAgent]) => ({
        ...{ id, kind, subject, at, receivedAt, holdUntil, sendId, userAgent },
      }),
    ),
    outcomes: outcomes.map(({ kind, at }) => ({ kind, at })),
  };
}

/** How much history there is, before it is read. */
export interface HistoryExtent {
  /** Also those that came in after the period. */
  leads: number;
  /** When the first lead came in, or the first thing happened; null while there is no lead. */
  since: Instant | null;
  /** `happened` where most of what happened in the period was told more than a day later: it was brought in. */
  timeline: Timeline;
}

/** @param from the beginning of the period that is asked about */
export async function historyExtent(
  session: Session,
  from: Instant,
  to: Instant,
): Promise<HistoryExtent> {
  const [row] = await session.$queryRaw<
    { leads: number; created: number | null; happened: number | null; late: boolean | null }[]
  >(sql`
    SELECT (SELECT count(*)::int FROM lead WHERE merge_id IS NULL) AS leads,
      (SELECT ms(min(created_at))::float8 FROM lead) AS created, ms(min(at))::float8 AS happened,
      count(*) FILTER (WHERE received_at > at + ${day} * interval '1 ms') * 2 > count(*) AS late
    FROM event WHERE at > moment(${from}::bigint) AND at <= moment(${to}::bigint)
      AND lead_id IS NOT NULL AND kind = ANY(${[...scoringKinds]}::text[])`);
  if (row === undefined) throw new Error('A statement without a condition gave no row.');
  const { leads, created, happened, late } = row;
  const timeline = late === true ? 'happened' : 'received';
  const beginnings = timeline === 'happened' ? [created, happened] : [created];
  const known = beginnings.filter(moment => moment !== null);
  return {
    leads,
    since: known.length === 0 ? null : (Math.min(...known) as Instant),
    timeline,
  };
}
