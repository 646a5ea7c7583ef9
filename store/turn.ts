import type { EnrollmentId, VersionId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { crossingAfter, type Appraisal } from '../domain/nurture/appraise.ts';
import type { EndReason } from '../domain/nurture/decide.ts';
import type { Block } from '../domain/nurture/facts.ts';
import type { Exposure } from '../domain/nurture/walk.ts';
import type { PersonId, TaskId } from '../domain/ids.ts';
import type { TaskKind } from '../domain/task/task.ts';
import { json, newId, sql, type Session } from './database.ts';
import type { LoadedFacts } from './facts.ts';

/** The lead moved on after its facts were loaded: load them again and decide anew. */
export class StaleFactsError extends Error {
  override readonly name = 'StaleFactsError';
}

/** What a turn decided about the lead itself. */
export interface Judgement {
  facts: LoadedFacts;
  appraisal: Appraisal;
  /** Whether the next crossing escalates. */
  armed: boolean;
  at: Instant;
}

/** What a turn writes to the enrollment. */
export interface EnrollmentState {
  id: EnrollmentId;
  cursor: number;
  dueAt: Instant;
  /** When its workflow looks again by itself. */
  wakeAt: Instant | null;
  pausedAt: Instant | null;
  remainingMs: number | null;
  blocked: Block | null;
  /** Set to end it, which frees the lead's slot. */
  ended: EndReason | null;
  /** The variants that the lead came to get. */
  exposures?: readonly Exposure[];
  taskWork?: TaskWork;
}

/** What a turn does about tasks of its enrollment. */
export interface TaskWork {
  given: readonly GivenTask[];
  /** Who has them from now on. */
  passed: readonly Pick<GivenTask, 'id' | 'person'>[];
  /** The steps whose open tasks lapse. */
  lapsed: readonly string[];
}

/** A task as it is given to somebody. */
export interface GivenTask {
  id: TaskId;
  stepKey: string;
  person: PersonId;
  kind: TaskKind;
  note: string | null;
  dueAt: Instant;
  lapsesAt: Instant;
}

/** An enrollment that a turn begins, which takes the lead's slot. */
export interface NewEnrollment {
  id: EnrollmentId;
  versionId: VersionId;
  /** What brings the lead in; the same cause enrolls once. */
  originKey: string;
  segment: string;
  cursor: number;
  dueAt: Instant;
  wakeAt: Instant | null;
  exposures?: readonly Exposure[];
}

/** A turn as it is applied: to the lead, and to the enrollment that it is in or that it begins. */
export interface Turn {
  judgement: Judgement;
  enrollment?: EnrollmentState | null;
  begins?: NewEnrollment;
  /** When the intake of a lead that is in nothing looks again by itself. */
  intakeWakesAt?: Instant;
  /** Keeps the score also when it says nothing new. */
  keepScore?: boolean;
}

/**
 * Applies a turn.
 * @returns the id of the score that was kept, or null
 * @throws StaleFactsError
 */
export async function applyTurn(session: Session, turn: Turn): Promise<string | null> {
  const [applied] = await applyTurns(session, [turn]);
  if (applied === undefined)
    throw new StaleFactsError('The lead moved on while its turn was decided.');
  return applied.scoreId;
}

/**
 * Applies turns of different leads in one statement: grades and the revisions that were seen, scores
 * where they say something new, and enrollments. A turn is left out unless its lead is just as it was
 * when its facts were loaded; so no event is ever closed away unseen, and no lock is held while deciding.
 * Leads are locked in the order of their ids.
 * @returns those that were applied, with the id of the score that was kept, if one was
 */
export async function applyTurns(
  session: Session,
  turns: readonly Turn[],
): Promise<{ turn: Turn; scoreId: string | null }[]> {
  const rows = turns.map(turn => ({ turn, row: rowOf(turn) }));
  const applied = await session.$queryRaw<{ id: string }[]>(sql`
    WITH given AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${json(rows.map(({ row }) => row))}::jsonb) AS g(
        lead uuid, revision int, turn int, armed boolean, crossing text, at bigint, "intakeWakesAt" bigint,
        grade text, "fitBand" text, "engagementBand" int,
        score uuid, agreement uuid, fit int, engagement int, raised boolean, lines jsonb,
        enrollment uuid, cursor int, "dueAt" bigint, "wakeAt" bigint, "pausedAt" bigint,
        "remainingMs" bigint, blocked jsonb, ended text,
        begins uuid, version uuid, origin text, segment text, exposures jsonb,
        tasks jsonb)),
    locked AS MATERIALIZED (
      SELECT lead.id FROM lead JOIN given ON lead.id = given.lead
      WHERE lead.revision = given.revision AND lead.turn = given.turn
      ORDER BY lead.id FOR NO KEY UPDATE OF lead),
    l AS (
      UPDATE lead SET
        seen_revision = given.revision, turn = lead.turn + 1, armed = given.armed, crossing = given.crossing,
        grade = given.grade, fit_band = given."fitBand",
        engagement_band = given."engagementBand", scored_at = moment(given.at),
        wake_at = moment(given."intakeWakesAt")
      FROM given JOIN locked ON locked.id = given.lead WHERE lead.id = given.lead
      RETURNING given.*),
    s AS (
      INSERT INTO score (id, lead_id, agreement_id, at, fit, engagement, fit_band, engagement_band, grade, hand_raised, lines)
      SELECT score, lead, agreement, moment(at), fit, engagement, "fitBand", "engagementBand", grade, raised, lines
      FROM l WHERE score IS NOT NULL),
    e AS (
      UPDATE enrollment SET
        cursor = l.cursor, due_at = moment(l."dueAt"), wake_at = moment(l."wakeAt"),
        paused_at = moment(l."pausedAt"), remaining_ms = l."remainingMs", blocked = l.blocked,
        turned_at = moment(l.at), end_reason = l.ended,
        ended_at = CASE WHEN l.ended IS NULL THEN NULL ELSE moment(l.at) END
      FROM l WHERE enrollment.id = l.enrollment),
    o AS (
      DELETE FROM open_slot USING l
      WHERE l.ended IS NOT NULL AND open_slot.lead_id = l.lead AND open_slot.enrollment_id = l.enrollment),
    n AS (
      INSERT INTO enrollment (id, lead_id, version_id, origin_key, segment, cursor, due_at, wake_at, created_at)
      SELECT begins, lead, version, origin, segment, cursor, moment("dueAt"), moment("wakeAt"), moment(at)
      FROM l WHERE begins IS NOT NULL),
    t AS (
      INSERT INTO open_slot (lead_id, enrollment_id)
      SELECT lead, begins FROM l WHERE begins IS NOT NULL)
    ${rows.some(({ row }) => row.exposures !== null) ? exposed : sql``}
    ${rows.some(({ row }) => row.tasks !== null) ? tasked : sql``}
    SELECT lead AS id FROM l`);
  const ids = new Set(applied.map(({ id }) => id));
  return rows
    .filter(({ row }) => ids.has(row.lead))
    .map(({ turn, row }) => ({ turn, scoreId: row.score }));
}

/** Keeps which variants the leads of a statement's turns came to get: seldom any, so the statement is mostly without it. */
const exposed = sql`, x AS (
  INSERT INTO exposure (enrollment_id, split, variant, at)
  SELECT coalesce(l.begins, l.enrollment), given.split, given.variant, moment(l.at)
  FROM l CROSS JOIN LATERAL jsonb_to_recordset(l.exposures) AS given(split text, variant text)
  ON CONFLICT DO NOTHING)`;

/**
 * Asks people for what the turns say, and ends what is overdue for too long. Who has left meanwhile is not asked: then
 * it is the catch-all owner.
 */
const tasked = sql`, k AS (
  INSERT INTO task (id, enrollment_id, step_key, person_id, kind, note, created_at, due_at, lapses_at)
  SELECT given.id, l.enrollment, given."stepKey",
    coalesce((SELECT id FROM person WHERE id = given.person AND active), (SELECT id FROM person WHERE catch_all_slot = 1)),
    given.kind, given.note, moment(l.at), moment(given."dueAt"), moment(given."lapsesAt")
  FROM l CROSS JOIN LATERAL jsonb_to_recordset(l.tasks->'given') AS given(
    id uuid, "stepKey" text, person uuid, kind text, note text, "dueAt" bigint, "lapsesAt" bigint)
  ON CONFLICT DO NOTHING),
p AS (
  UPDATE task SET person_id = given.person, told_at = NULL
  FROM l CROSS JOIN LATERAL jsonb_to_recordset(l.tasks->'passed') AS given(id uuid, person uuid)
  WHERE task.id = given.id AND task.state = 'open'),
y AS (
  UPDATE task SET state = 'lapsed', ended_at = moment(l.at)
  FROM l CROSS JOIN LATERAL jsonb_array_elements_text(l.tasks->'lapsed') AS step
  WHERE task.enrollment_id = l.enrollment AND task.step_key = step AND task.state = 'open')`;

/** A turn as the statement reads it. */
function rowOf({ judgement, enrollment = null, begins, intakeWakesAt, keepScore = false }: Turn) {
  const { facts, appraisal, armed, at } = judgement;
  const { lead, turn, agreementId } = facts;
  const { score, news } = appraisal;
  const keep = keepScore || news || lead.grade !== score.grade;
  const place = begins ?? enrollment;
  return {
    lead: lead.id,
    revision: lead.revision,
    turn,
    armed,
    crossing: crossingAfter(facts, appraisal, armed),
    at,
    intakeWakesAt: intakeWakesAt ?? null,
    grade: score.grade,
    fitBand: score.bands.fit,
    engagementBand: score.bands.engagement,
    score: keep ? newId() : null,
    agreement: agreementId,
    fit: score.fit,
    engagement: score.engagement,
    raised: score.handRaised,
    lines: keep ? score.lines : null,
    enrollment: enrollment?.id ?? null,
    cursor: place?.cursor ?? null,
    dueAt: place?.dueAt ?? null,
    wakeAt: place?.wakeAt ?? null,
    pausedAt: enrollment?.pausedAt ?? null,
    remainingMs: enrollment?.remainingMs ?? null,
    blocked: enrollment?.blocked ?? null,
    ended: enrollment?.ended ?? null,
    begins: begins?.id ?? null,
    version: begins?.versionId ?? null,
    origin: begins?.originKey ?? null,
    segment: begins?.segment ?? null,
    exposures: place?.exposures?.length ? place.exposures : null,
    tasks: enrollment?.taskWork ?? null,
  };
}
