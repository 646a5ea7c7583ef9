import type { Engagement } from '../domain/event/event.ts';
import { scannerClicks } from '../domain/event/human.ts';
import { day, plus, type Instant } from '../domain/instant.ts';
import {
  ownKinds,
  reactions,
  type Measured,
  type MeasuredMail,
  type OwnKind,
  type Reaction,
} from '../domain/sequence/simulate/behavior.ts';
import { sql, type Session } from './database.ts';

/** Younger mails are left out: most of what follows a mail has followed by then. */
const settledMs = 7 * day;
/** Quantiles of how long reactions took: the soonest, every twentieth, the latest. */
const parts = 20;
/** Pages, forms and files that are told apart; there may be thousands, and each is done seldom. */
const mostSubjects = 300;

/**
 * What leads did about a sequence in all the time that it has been sent, in whichever version: what followed its
 * mails, how soon, and what they did by themselves while they were in it.
 * @param name the sequence's
 */
export async function measuredBehavior(
  session: Session,
  name: string,
  at: Instant,
): Promise<Measured> {
  const [mails, clicks, own] = await Promise.all([
    mailsOf(session, name, at),
    clicksOf(session, name, at),
    ownOf(session, name, at),
  ]);
  const delays: Record<Reaction, number[]> = emptyDelays();
  const rows = new Map<string, MeasuredMail>();
  const rowOf = (mail: string, variant: string | null) => {
    const key = `${mail}\n${variant ?? ''}`;
    const none = { bounce: 0, click: 0, reply: 0, unsubscribe: 0, complaint: 0 };
    const row = rows.get(key) ?? { mail, variant, sent: 0, delivered: 0, reactions: none };
    rows.set(key, row);
    return row;
  };
  for (const { mail, variant, sent, told } of mails) {
    const row = rowOf(mail, variant);
    row.sent = sent;
    for (const { kind, after } of told) {
      row.reactions[kind] = after.length;
      delays[kind].push(...after);
    }
    row.delivered = sent - row.reactions.bounce;
  }
  for (const { mail, variant, after } of clicks) {
    rowOf(mail, variant).reactions.click += 1;
    delays.click.push(after);
  }
  return {
    mails: [...rows.values()],
    delays: {
      bounce: quantilesOf(delays.bounce),
      click: quantilesOf(delays.click),
      reply: quantilesOf(delays.reply),
      unsubscribe: quantilesOf(delays.unsubscribe),
      complaint: quantilesOf(delays.complaint),
    },
    own,
  };
}

function emptyDelays(): Record<Reaction, number[]> {
  return { bounce: [], click: [], reply: [], unsubscribe: [], complaint: [] };
}

function quantilesOf(delays: readonly number[]): Measured['delays'][Reaction] {
  const sorted = delays.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.round((part / parts) * (sorted.length - 1))] ?? 0;
  return {
    count: sorted.length,
    quantiles: sorted.length === 0 ? [] : Array.from({ length: parts + 1 }, (_, part) => at(part)),
  };
}

/** The sequence's mails that left and have had time. */
const mailed = (name: string, at: Instant) => sql`
  SELECT s.id, s.lead_id, s.step_key, s.variant, s.at FROM send s
  JOIN enrollment e ON e.id = s.enrollment_id JOIN sequence_version v ON v.id = e.version_id
  WHERE v.name = ${name} AND s.state IN ('accepted', 'unknown')
    AND s.at <= moment(${plus(at, -settledMs)}::bigint)`;

interface MailRow {
  mail: string;
  variant: string | null;
  sent: number;
  told: { kind: Exclude<Reaction, 'click'>; after: number[] }[];
}

/**
 * Each step's mails and what came back, but clicks. What does not say which mail it is about, as leaving by a link
 * does not, is about the last one before it, of whichever sequence.
 */
async function mailsOf(session: Session, name: string, at: Instant): Promise<MailRow[]> {
  const kinds = reactions.filter(kind => kind !== 'click');
  return session.$queryRaw<MailRow[]>(sql`
    WITH mailed AS MATERIALIZED (${mailed(name, at)}),
    about AS (
      SELECT v.kind, v.at, coalesce(v.send_id, (
        SELECT s.id FROM send s WHERE s.lead_id = v.lead_id AND s.at <= v.at ORDER BY s.at DESC LIMIT 1)) AS send_id
      FROM event v
      WHERE v.lead_id IN (SELECT lead_id FROM mailed) AND v.kind = ANY(${kinds}::text[])),
    first AS (
      SELECT m.step_key, m.variant, a.kind, greatest(1, ms(min(a.at)) - ms(m.at)) AS after
      FROM mailed m JOIN about a ON a.send_id = m.id
      GROUP BY m.id, m.step_key, m.variant, m.at, a.kind)
    SELECT step_key AS mail, variant, count(*)::int AS sent, coalesce((
      SELECT json_agg(json_build_object('kind', kind, 'after', after)) FROM (
        SELECT f.kind, json_agg(f.after) AS after FROM first f
        WHERE f.step_key = m.step_key AND f.variant IS NOT DISTINCT FROM m.variant GROUP BY f.kind) k), '[]') AS told
    FROM mailed m GROUP BY step_key, variant ORDER BY step_key, variant`);
}

type ClickRow = Pick<MailRow, 'mail' | 'variant'> & {
  at: Instant;
  /** Clicks, and when the mail was delivered, by which a scanner's are told. */
  events: Pick<Engagement, 'id' | 'kind' | 'subject' | 'at' | 'userAgent'>[];
};

/** The mails in which a person clicked, each with how long after it was sent. */
async function clicksOf(
  session: Session,
  name: string,
  at: Instant,
): Promise<{ mail: string; variant: string | null; after: number }[]> {
  const rows = await session.$queryRaw<ClickRow[]>(sql`
    WITH mailed AS MATERIALIZED (${mailed(name, at)})
    SELECT m.step_key AS mail, m.variant, ms(m.at)::float8 AS at, json_agg(json_build_object(
      'id', v.id, 'kind', v.kind, 'subject', v.subject, 'at', ms(v.at),
      'userAgent', v.detail->>'useragent') ORDER BY v.at) AS events
    FROM mailed m JOIN event v ON v.send_id = m.id AND v.kind IN ('click', 'delivered')
    GROUP BY m.id, m.step_key, m.variant, m.at HAVING bool_or(v.kind = 'click')`);
  return rows.flatMap(({ mail, variant, at: sentAt, events: told }) => {
    const events = told.map(event => ({
      ...event,
      ...{ receivedAt: event.at, holdUntil: null, sendId: null },
    }));
    const scanned = scannerClicks(events);
    const click = events.find(event => event.kind === 'click' && !scanned.has(event));
    return click === undefined ? [] : [{ mail, variant, after: Math.max(1, click.at - sentAt) }];
  });
}

/** What leads did by themselves while they were in the sequence, and how long all of them were. */
async function ownOf(session: Session, name: string, at: Instant): Promise<Measured['own']> {
  const [row] = await session.$queryRaw<
    {
      weeks: number | null;
      deeds: { kind: OwnKind; subject: string | null; count: number; of: number }[];
    }[]
  >(sql`
    WITH stay AS MATERIALIZED (
      SELECT e.lead_id, e.created_at AS since, least(coalesce(e.ended_at, moment(${at}::bigint)), moment(${at}::bigint)) AS until
      FROM enrollment e JOIN sequence_version v ON v.id = e.version_id
      WHERE v.name = ${name} AND e.created_at < moment(${at}::bigint)),
    did AS (
      SELECT v.kind, v.subject, count(*) AS count, sum(count(*)) OVER (PARTITION BY v.kind) AS of
      FROM stay s JOIN event v ON v.lead_id = s.lead_id AND v.at > s.since AND v.at <= s.until
      WHERE v.kind = ANY(${[...ownKinds]}::text[])
      GROUP BY v.kind, v.subject ORDER BY count(*) DESC LIMIT ${mostSubjects})
    SELECT (SELECT sum(extract(epoch FROM until - since)) / 604800 FROM stay)::float8 AS weeks,
      coalesce((SELECT json_agg(json_build_object('kind', kind, 'subject', subject, 'count', count, 'of', of)
        ORDER BY count DESC, kind, subject) FROM did), '[]') AS deeds`);
  const { weeks, deeds = [] } = row ?? {};
  const told = new Map<string, number>();
  for (const { kind, count } of deeds) told.set(kind, (told.get(kind) ?? 0) + count);
  return {
    weeks: weeks ?? 0,
    deeds: deeds.map(({ kind, subject, count, of }) => ({
      // What is not among the commonest is done as those of its kind are.
      ...{ kind, subject: subject ?? '', count: (count * of) / (told.get(kind) ?? count) },
    })),
  };
}
