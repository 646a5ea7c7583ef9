import type { Instant } from '../domain/instant.ts';
import { day } from '../domain/instant.ts';
import type { StandingIn } from '../domain/sequence/standing.ts';
import { sql, type Session } from './database.ts';
import { plansOf } from './step-results.ts';

/** What a sequence does now. */
export interface SequenceOverview {
  underWay: number;
  /** Mails that left in the last days. */
  mails: number;
  /** Leads that came to its end in the last days, and that went to sales out of it. */
  finished: number;
  escalated: number;
}

/** How far back is counted what happened, in days. */
export const overviewDays = 30;

/** What each published sequence does now, by its name. */
export async function sequenceOverviews(
  session: Session,
  at: Instant,
): Promise<Map<string, SequenceOverview>> {
  const rows = await session.$queryRaw<(SequenceOverview & { name: string })[]>(sql`
    WITH since AS (SELECT moment(${at - overviewDays * day}::bigint) AS at),
    n AS (
      SELECT v.name,
        count(*) FILTER (WHERE e.ended_at IS NULL)::int AS "underWay",
        count(*) FILTER (WHERE e.ended_at >= since.at AND e.end_reason = 'finished')::int AS finished,
        count(*) FILTER (WHERE e.ended_at >= since.at AND e.end_reason = 'escalated')::int AS escalated
      FROM enrollment e JOIN sequence_version v ON v.id = e.version_id CROSS JOIN since GROUP BY v.name),
    m AS (
      SELECT v.name, count(*)::int AS mails
      FROM send s JOIN enrollment e ON e.id = s.enrollment_id JOIN sequence_version v ON v.id = e.version_id
      CROSS JOIN since
      WHERE s.at >= since.at AND s.state IN ('accepted', 'unknown') GROUP BY v.name)
    SELECT q.name, coalesce(n."underWay", 0) AS "underWay", coalesce(m.mails, 0) AS mails,
      coalesce(n.finished, 0) AS finished, coalesce(n.escalated, 0) AS escalated
    FROM sequence q LEFT JOIN n ON n.name = q.name LEFT JOIN m ON m.name = q.name`);
  return new Map(rows.map(({ name, ...overview }) => [name, overview]));
}

/** What became of those who got a mail: each is in one of these. */
export interface AfterMail {
  mail: string;
  /** Null where the mail has no variants. */
  variant: string | null;
  sent: number;
  /** Got a later mail, or came to the end or to where it moves them on. */
  wentOn: number;
  toSales: number;
  /** Ended in any other way. */
  left: number;
  /** Are between this mail and the next. */
  waiting: number;
}

/** What became of those who got each mail of a sequence, in all its versions. */
export async function afterMails(session: Session, name: string): Promise<AfterMail[]> {
  return session.$queryRaw<AfterMail[]>(sql`
    WITH s AS (
      SELECT s.step_key AS mail, s.variant, e.ended_at, e.end_reason,
        lead(s.id) OVER (PARTITION BY s.enrollment_id ORDER BY s.at, s.id) IS NOT NULL
          OR coalesce(e.end_reason, '') IN ('finished', 'moved') AS "on"
      FROM send s JOIN enrollment e ON e.id = s.enrollment_id JOIN sequence_version v ON v.id = e.version_id
      WHERE v.name = ${name} AND s.state IN ('accepted', 'unknown'))
    SELECT mail, variant, count(*)::int AS sent,
      count(*) FILTER (WHERE "on")::int AS "wentOn",
      count(*) FILTER (WHERE NOT "on" AND end_reason = 'escalated')::int AS "toSales",
      count(*) FILTER (WHERE NOT "on" AND ended_at IS NOT NULL AND end_reason <> 'escalated')::int AS "left",
      count(*) FILTER (WHERE NOT "on" AND ended_at IS NULL)::int AS waiting
    FROM s GROUP BY mail, variant`);
}

/** Where those who are under way in a sequence stand, version by version. */
export async function standing(
  session: Session,
  name: string,
): Promise<(StandingIn & { version: number })[]> {
  const [rows, plans] = await Promise.all([
    session.$queryRaw<{ version: number; cursor: number; count: number }[]>(sql`
      SELECT v.version, e.cursor, count(*)::int AS count
      FROM open_slot o JOIN enrollment e ON e.id = o.enrollment_id JOIN sequence_version v ON v.id = e.version_id
      WHERE v.name = ${name} GROUP BY v.version, e.cursor`),
    plansOf(session, name),
  ]);
  return plans.map(({ version, plan }) => ({
    version,
    plan,
    standing: rows.filter(row => row.version === version),
  }));
}
