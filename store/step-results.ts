import type { Prisma } from '../prisma/generated/client.ts';
import type { VersionId } from '../domain/ids.ts';
import { day, type Instant } from '../domain/instant.ts';
import {
  stepFigures,
  type StepFigures,
  type StepTally,
  type Visit,
} from '../domain/review/step-results.ts';
import { stepFindings } from '../domain/review/step-findings.ts';
import type { Plan } from '../domain/sequence/plan.ts';
import { json, sql, type Session } from './database.ts';

/** How long after a mail an escalation is credited to it, in days. */
const creditDays = 7;

/** Which mails are looked at; those that are left out are all. */
export interface StepResultsScope {
  version?: number | undefined;
  /** Of the enrollment, as it was when it began. */
  segment?: string | undefined;
  /** The first moment at which a mail may have been sent, and the one after the last. */
  since?: Instant | undefined;
  until?: Instant | undefined;
  /** Whether segments are told apart. */
  bySegment?: boolean | undefined;
}

/** What each step of a sequence brought. */
export interface StepResults {
  name: string;
  /** The version that new enrollments get; null when none does. */
  current: number | null;
  /** Those that are counted, the oldest first. */
  versions: number[];
  segment: string | null;
  since: Instant | null;
  until: Instant | null;
  /** Enrollments of these versions and this segment, whenever they began. */
  enrolled: number;
  creditDays: number;
  /** In the order of the newest plan that is counted. */
  steps: StepFigures[];
  /** What stands out, in words. */
  findings: string[];
}

/** A version of a sequence, without its mails. */
interface VersionPlan {
  id: VersionId;
  version: number;
  plan: Plan;
  isCurrent: boolean;
}

/**
 * What each step of a sequence brought, by step and variant: counted in leads, where who was merged counts as the lead
 * that they are now. An escalation is credited to each mail of the seven days before it, so one may count for two
 * mails; of who is held out it counts in the seven days after they would have got it.
 * @returns null when there is no such sequence, or no such version of it
 */
export async function stepResults(
  session: Session,
  name: string,
  scope: StepResultsScope,
  at: Instant,
): Promise<StepResults | null> {
  const published = await plansOf(session, name);
  const versions = published.filter(
    ({ version }) => scope.version === undefined || version === scope.version,
  );
  if (versions.length === 0) return null;
  const rows = rowsOf(versions, scope, at);
  // Clicks first: what comes in between the two statements is then in the whole, not in the part alone.
  const visits = await visitsOf(session, rows);
  const tallies = await talliesOf(session, rows);
  const [enrolled] = await session.$queryRaw<{ count: number }[]>(sql`
    WITH ${enrollments(versions, scope)} SELECT count(*)::int AS count FROM n`);
  const newest = versions.find(({ isCurrent }) => isCurrent) ?? versions.at(-1);
  const steps = stepFigures(tallies, visits, stepsOf(newest?.plan ?? []), at);
  return {
    name,
    current: published.find(({ isCurrent }) => isCurrent)?.version ?? null,
    versions: versions.map(({ version }) => version),
    segment: scope.segment ?? null,
    since: scope.since ?? null,
    until: scope.until ?? null,
    enrolled: enrolled?.count ?? 0,
    creditDays,
    steps,
    findings: stepFindings(steps),
  };
}

/** Every version of a sequence that was published, the oldest first. */
/** The plans of all versions of a sequence, the oldest first. */
export async function plansOf(session: Session, name: string): Promise<VersionPlan[]> {
  return session.$queryRaw<VersionPlan[]>(sql`
    SELECT v.id, v.version, v.content->'plan' AS plan, s.name IS NOT NULL AS "isCurrent"
    FROM sequence_version v LEFT JOIN sequence s ON s.current_id = v.id
    WHERE v.name = ${name} ORDER BY v.version`);
}

/** The mails of a plan, those with variants by these, in the order in which they are written. */
function stepsOf(plan: Plan): { step: string; variant: string | null }[] {
  return plan.flatMap((instruction): { step: string; variant: string | null }[] => {
    if (instruction.do === 'split')
      return instruction.paths.map(({ variant }) => ({ step: instruction.split, variant }));
    if (instruction.do !== 'mail' || instruction.variant !== undefined) return [];
    return [{ step: instruction.mail, variant: null }];
  });
}

/** The enrollments that are looked at, as the part `n` of a statement. */
function enrollments(versions: readonly VersionPlan[], { segment }: StepResultsScope): Prisma.Sql {
  const ofSegment = segment === undefined ? sql`` : sql`AND e.segment = ${segment}`;
  return sql`n AS (
    SELECT e.id, e.version_id, e.segment, e.lead_id, e.cursor, e.due_at, e.ended_at FROM enrollment e
    WHERE e.version_id = ANY(${versions.map(({ id }) => id)}::uuid[]) ${ofSegment})`;
}

/**
 * Who came to which mail, as the part `m` of a statement: with the mail's row in the ledger, or without one because
 * they were held out, wait for the window, or left before it.
 */
function rowsOf(
  versions: readonly VersionPlan[],
  scope: StepResultsScope,
  at: Instant,
): Prisma.Sql {
  const places = versions.flatMap(({ id, plan }) =>
    plan.flatMap((instruction, cursor) =>
      instruction.do === 'mail'
        ? [{ id, cursor, step: instruction.mail, variant: instruction.variant?.name ?? null }]
        : [],
    ),
  );
  const mails = [...new Set(places.map(({ step }) => step))];
  const { since = null, until = null } = scope;
  const inPeriod = (moment: Prisma.Sql) => sql`
    ${moment} >= coalesce(moment(${since}::bigint), '-infinity')
    AND ${moment} < coalesce(moment(${until}::bigint), 'infinity')`;
  const segment = scope.bySegment === true ? sql`n.segment` : sql`NULL::text`;
  return sql`${enrollments(versions, scope)},
    place AS (
      SELECT * FROM jsonb_to_recordset(${json(places)}::jsonb) AS p(id uuid, cursor int, step text, variant text)),
    came AS (
      SELECT s.id, s.step_key AS step, s.variant, ${segment} AS segment, s.lead_id, s.at,
        s.state IN ('accepted', 'unknown') AS sent, s.state IN ('accepted', 'unknown') AS credited
      FROM n JOIN send s ON s.enrollment_id = n.id WHERE ${inPeriod(sql`s.at`)}
      UNION ALL
      SELECT NULL, x.split, x.variant, ${segment}, n.lead_id, x.at, false, true
      FROM n JOIN exposure x ON x.enrollment_id = n.id
      WHERE x.variant = 'hold_out' AND x.split = ANY(${mails}::text[]) AND ${inPeriod(sql`x.at`)}
      UNION ALL
      SELECT NULL, p.step, p.variant, ${segment}, n.lead_id, n.due_at, false, false
      FROM n JOIN place p ON p.id = n.version_id AND p.cursor = n.cursor
      WHERE n.due_at <= coalesce(n.ended_at, moment(${at}::bigint)) AND ${inPeriod(sql`n.due_at`)}
        AND NOT EXISTS (SELECT FROM send s WHERE s.enrollment_id = n.id AND s.step_key = p.step)),
    m AS (
      SELECT came.*, coalesce(g.survivor_id, came.lead_id) AS person
      FROM came LEFT JOIN merge g ON g.merged_id = came.lead_id AND g.undone_at IS NULL)`;
}

async function talliesOf(session: Session, rows: Prisma.Sql): Promise<StepTally[]> {
  return session.$queryRaw<StepTally[]>(sql`
    WITH ${rows},
    told AS (
      SELECT v.send_id,
        -- Who did something with a mail has it, also where nobody told that it was delivered.
        bool_or(v.kind IN ('delivered', 'open', 'click', 'reply', 'unsubscribe', 'complaint')) AS delivered,
        bool_or(v.kind IN ('bounce', 'blocked', 'dropped')) AS bounced,
        bool_or(v.kind = 'open') AS opened,
        bool_or(v.kind = 'open' AND v.detail->'machine' IS DISTINCT FROM 'true') AS read,
        bool_or(v.kind = 'reply') AS replied,
        bool_or(v.kind = 'unsubscribe') AS unsubscribed,
        bool_or(v.kind = 'complaint') AS complained
      FROM m JOIN event v ON v.send_id = m.id
      WHERE m.sent AND v.kind NOT IN ('processed', 'deferred', 'auto reply') GROUP BY v.send_id),
    each AS (
      SELECT m.step, m.variant, m.segment, m.person, bool_or(m.sent) AS sent,
        bool_or(t.delivered) AS delivered, bool_or(t.bounced) AS bounced, bool_or(t.opened) AS opened,
        bool_or(t.read) AS read, bool_or(t.replied) AS replied, bool_or(t.unsubscribed) AS unsubscribed,
        bool_or(t.complained) AS complained, bool_or(h.escalated) AS escalated, bool_or(h.accepted) AS accepted,
        bool_or(h.won) AS won
      FROM m LEFT JOIN told t ON t.send_id = m.id
      LEFT JOIN LATERAL (${handedOver(sql`m.person`, sql`m.at`, creditDays)}) h ON m.credited
      GROUP BY m.step, m.variant, m.segment, m.person)
    SELECT step, variant, segment, count(*)::int AS came,
      (count(*) FILTER (WHERE sent))::int AS sent,
      (count(*) FILTER (WHERE delivered))::int AS delivered,
      (count(*) FILTER (WHERE bounced))::int AS bounced,
      (count(*) FILTER (WHERE opened))::int AS opened,
      (count(*) FILTER (WHERE opened AND NOT read))::int AS "openedByMachine",
      (count(*) FILTER (WHERE replied))::int AS replied,
      (count(*) FILTER (WHERE unsubscribed))::int AS unsubscribed,
      (count(*) FILTER (WHERE complained))::int AS complained,
      (count(*) FILTER (WHERE escalated))::int AS escalated,
      (count(*) FILTER (WHERE accepted))::int AS accepted,
      (count(*) FILTER (WHERE won))::int AS won
    FROM each GROUP BY step, variant, segment`);
}

/**
 * Whether marketing handed a lead to sales within some days of a moment, and how far that came: by what its owner said,
 * or by what another system told of the lead since.
 */
export function handedOver(person: Prisma.Sql, from: Prisma.Sql, days: number): Prisma.Sql {
  const known = (dispositions: string[], outcomes: string[]) => sql`
    coalesce(bool_or(EXISTS (
        SELECT FROM disposition d WHERE d.escalation_id = x.id AND d.kind = ANY(${dispositions}::text[]))
      OR EXISTS (
        SELECT FROM outcome o WHERE o.lead_id = x.lead_id AND o.at >= x.created_at
          AND o.kind = ANY(${outcomes}::text[]))), false)`;
  return sql`
    SELECT count(*) > 0 AS escalated,
      ${known(['accepted', 'contacted', 'qualified', 'won'], ['accepted', 'qualified', 'won'])} AS accepted,
      ${known(['won'], ['won'])} AS won
    FROM escalation x
    WHERE x.lead_id = ${person} AND x.cause <> 'taken over' AND x.created_at > ${from}
      AND x.created_at <= ${from} + make_interval(secs => ${(days * day) / 1_000})`;
}

/** An event `v` as the rules see it. */
export const engagement = sql`json_build_object(
  'id', v.id, 'kind', v.kind, 'subject', v.subject, 'at', ms(v.at), 'receivedAt', ms(v.received_at),
  'holdUntil', ms(v.hold_until), 'sendId', v.send_id, 'userAgent', v.detail->>'useragent')`;

/** Every click, and when each mail that was clicked was delivered: a person is told from a scanner by both. */
async function visitsOf(session: Session, rows: Prisma.Sql): Promise<Visit[]> {
  return session.$queryRaw<Visit[]>(sql`
    WITH ${rows}
    SELECT m.step, m.variant, m.segment, m.person, ${engagement} AS event
    FROM m JOIN event v ON v.send_id = m.id
    WHERE m.sent AND (v.kind = 'click' OR v.kind = 'delivered' AND EXISTS (
      SELECT FROM event c WHERE c.send_id = m.id AND c.kind = 'click'))`);
}
