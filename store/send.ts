import type { Prisma } from '../prisma/generated/client.ts';
import type { EnrollmentId, LeadId, SendId, VersionId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Exposure } from '../domain/nurture/walk.ts';
import { json, newId, sql, unlessDeadlocked, type Session } from './database.ts';
import { isNeverMailed } from './suppression.ts';
import { isQuiet } from './wish.ts';

/** What is about to be sent, for its row in the ledger. */
export interface Dispatch {
  enrollmentId: EnrollmentId;
  /** The version that the mail is of: once the enrollment was moved to another, it is decided on anew. */
  versionId?: VersionId | null;
  leadId: LeadId;
  stepKey: string;
  contentKey: string;
  /** The variant that the lead gets; null where the step has none. */
  variant?: string | null;
  /** At most `mails` since `since`, by each of them. */
  caps: readonly { mails: number; since: Instant }[];
  at: Instant;
}

/** An attempt that holds the ledger's row, and alone may settle it. */
export interface Claim {
  sendId: SendId;
  token: string;
  /** Where the mail goes. */
  address: string;
}

/**
 * Writes the ledger's row, as the last statement before the mail leaves. Nothing is written, and so
 * nothing may be sent, when in this very moment an address of the person is suppressed, the person wants to be left
 * alone, the enrollment has ended, is paused or was moved to another version, all mail is off, the cap is reached, or the row exists already.
 */
export async function claimSend(session: Session, dispatch: Dispatch): Promise<Claim | null> {
  const sendId = newId<SendId>();
  const token = newId();
  const {
    enrollmentId,
    versionId = null,
    leadId,
    stepKey,
    variant = null,
    contentKey,
    caps,
    at,
  } = dispatch;
  const isWithinCaps = caps.reduce(
    (others, { mails, since }) => sql`${others}
      AND ${mails} > (
        SELECT count(*) FROM send WHERE send.lead_id = l.id AND send.state <> 'refused'
          AND send.at > moment(${since}::bigint))`,
    sql``,
  );
  const [row] = await session.$queryRaw<{ address: string }[]>(sql`
    INSERT INTO send (id, enrollment_id, step_key, variant, lead_id, content_key, state, attempt_token, attempted_at, at)
    SELECT ${sendId}::uuid, e.id, ${stepKey}::text, ${variant}::text, l.id, ${contentKey}::text, 'dispatching',
      ${token}::uuid, now(), moment(${at}::bigint)
    FROM enrollment e JOIN lead l ON l.id = e.lead_id
    WHERE e.id = ${enrollmentId}::uuid AND l.id = ${leadId}::uuid
      AND e.ended_at IS NULL AND e.paused_at IS NULL
      AND e.version_id = coalesce(${versionId}::uuid, e.version_id)
      AND NOT ${isNeverMailed} AND NOT ${isQuiet}
      AND NOT EXISTS (SELECT FROM control WHERE key = 'mail' AND value = 'off')
      ${isWithinCaps}
    -- A merge that is under way is waited for, and seen; and so is the end of the enrollment.
    FOR KEY SHARE OF l FOR SHARE OF e
    ON CONFLICT DO NOTHING
    RETURNING (SELECT address FROM lead WHERE id = send.lead_id)`);
  return row === undefined ? null : { sendId, token, address: row.address };
}

/** Whether a mail of an enrollment is on its way to the provider at this moment. */
export async function isBeingSent(session: Session, enrollmentId: EnrollmentId): Promise<boolean> {
  return (await session.send.count({ where: { enrollmentId, state: 'dispatching' } })) > 0;
}

/** Takes the row back: it was proven that the mail did not leave. */
export async function releaseSend(session: Session, { sendId, token }: Claim): Promise<void> {
  await session.$executeRaw(sql`
    DELETE FROM send WHERE id = ${sendId}::uuid AND attempt_token = ${token}::uuid AND state = 'dispatching'`);
}

/** What came of an attempt. */
export interface Settlement {
  state: 'accepted' | 'unknown' | 'refused';
  providerId: string | null;
  reason: string | null;
  /** Where the enrollment goes on. */
  cursor: number;
  dueAt: Instant;
  wakeAt: Instant | null;
  /** The variants that the lead came to get after it. */
  exposures?: readonly Exposure[];
}

/**
 * Records what came of an attempt and moves the enrollment on, in one statement. An attempt that
 * does not hold the row any more changes nothing. The lead is locked first, as events and turns do: an
 * event about this very mail may arrive at the same time, and the two must not wait for each other.
 * @returns whether it did hold it
 */
export async function settleSend(
  session: Session,
  { sendId, token }: Claim,
  settlement: Settlement,
  at: Instant,
): Promise<boolean> {
  const { state, providerId, reason, cursor, dueAt, wakeAt, exposures = [] } = settlement;
  // Seldom any, so the statement is mostly without it.
  const exposed =
    exposures.length === 0
      ? sql``
      : sql`, x AS (
      INSERT INTO exposure (enrollment_id, split, variant, at)
      SELECT s.enrollment_id, given.split, given.variant, moment(${at}::bigint)
      FROM s CROSS JOIN jsonb_to_recordset(${json(exposures)}::jsonb) AS given(split text, variant text)
      ON CONFLICT DO NOTHING)`;
  const settle = sql`
    WITH held AS MATERIALIZED (
      SELECT lead.id FROM lead JOIN send ON send.lead_id = lead.id
      WHERE send.id = ${sendId}::uuid FOR NO KEY UPDATE OF lead),
    s AS (
      UPDATE send SET
        state = CASE WHEN ${state} = 'unknown' AND confirmed THEN 'accepted' ELSE ${state} END,
        provider_id = coalesce(${providerId}, provider_id), reason = ${reason}, at = moment(${at}::bigint)
      FROM held WHERE send.id = ${sendId}::uuid AND attempt_token = ${token}::uuid AND state = 'dispatching'
      RETURNING enrollment_id, lead_id),
    e AS (
      UPDATE enrollment SET cursor = ${cursor}, due_at = moment(${dueAt}::bigint),
        wake_at = moment(${wakeAt}::bigint), blocked = NULL, turned_at = moment(${at}::bigint),
        -- Paused while the mail was on its way: what is left is the wait after it.
        remaining_ms = CASE WHEN paused_at IS NOT NULL
          THEN greatest(0, ${dueAt}::bigint - ms(paused_at)) END
      FROM s WHERE enrollment.id = s.enrollment_id AND enrollment.ended_at IS NULL),
    l AS (
      UPDATE lead SET turn = turn + 1 FROM s WHERE lead.id = s.lead_id)
    ${exposed}
    SELECT count(*)::int AS settled FROM s`;
  // Its lead may be another by now, which is then held after the first.
  const [row] = await unlessDeadlocked(() => session.$queryRaw<{ settled: number }[]>(settle));
  return row?.settled === 1;
}

/**
 * The mail with the first of these ids of the provider's that is known.
 * @param providerIds best first
 */
export async function answeredSend(
  session: Session,
  providerIds: readonly string[],
): Promise<{ id: SendId; leadId: LeadId } | null> {
  if (providerIds.length === 0) return null;
  const [row] = await session.$queryRaw<{ id: SendId; leadId: LeadId }[]>(sql`
    SELECT id, lead_id AS "leadId" FROM send WHERE provider_id = ANY(${[...providerIds]}::text[])
    ORDER BY array_position(${[...providerIds]}::text[], provider_id) LIMIT 1`);
  return row ?? null;
}

/** Gives up on a call that was cut off: unless an event told, it is not known whether the mail left. It counts as sent. */
export async function giveUpOn(session: Session, sendId: SendId, at: Instant): Promise<void> {
  await giveUp(session, sql`id = ${sendId}::uuid`, at);
}

/**
 * Gives up on every call that was cut off and that nobody came back to, because its enrollment ended meanwhile.
 * @param ageMs how long ago a call began that is surely over
 */
export async function giveUpOnLost(session: Session, ageMs: number, at: Instant): Promise<void> {
  await giveUp(session, sql`attempted_at < now() - make_interval(secs => ${ageMs / 1_000})`, at);
}

async function giveUp(session: Session, which: Prisma.Sql, at: Instant): Promise<void> {
  await session.$executeRaw(sql`
    UPDATE send SET state = CASE WHEN confirmed THEN 'accepted' ELSE 'unknown' END,
      reason = 'no answer', at = moment(${at}::bigint)
    WHERE state = 'dispatching' AND ${which}`);
}
