import type { EnrollmentId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Appraisal } from '../domain/nurture/appraise.ts';
import type { EndReason } from '../domain/nurture/decide.ts';
import type { Block } from '../domain/nurture/facts.ts';
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
}

/**
 * Applies a turn in one statement: the lead's grade and the revision that was seen, its score where
 * that says something new, and the enrollment. Nothing is applied unless the lead is just as it
 * was when its facts were loaded; so no event is ever closed away unseen, and no lock is held
 * while deciding.
 * @returns the id of the score that was kept, or null
 * @throws StaleFactsError
 */
export async function applyTurn(
  session: Session,
  { facts, appraisal, armed, at }: Judgement,
  enrollment: EnrollmentState | null,
  keepScore = false,
): Promise<string | null> {
  const { lead, turn, agreementId } = facts;
  const { score, news } = appraisal;
  const keep = keepScore || news || lead.grade !== score.grade;
  const scoreId = newId();
  const ended = enrollment?.ended ?? null;
  const [row] = await session.$queryRaw<{ applied: number }[]>(sql`
    WITH l AS (
      UPDATE lead SET
        seen_revision = ${lead.revision}, turn = turn + 1, armed = ${armed},
        grade = ${score.grade}, fit_band = ${score.bands.fit},
        engagement_band = ${score.bands.engagement}, scored_at = moment(${at}::bigint)
      WHERE id = ${lead.id}::uuid AND revision = ${lead.revision} AND turn = ${turn}
      RETURNING id),
    s AS (
      INSERT INTO score (id, lead_id, agreement_id, at, fit, engagement, fit_band, engagement_band, grade, hand_raised, lines)
      SELECT ${scoreId}::uuid, l.id, ${agreementId}::uuid, moment(${at}::bigint), ${score.fit}::int, ${score.engagement}::int,
        ${score.bands.fit}, ${score.bands.engagement}::int, ${score.grade}, ${score.handRaised}::boolean, ${json(score.lines)}::jsonb
      FROM l WHERE ${keep}),
    e AS (
      UPDATE enrollment SET
        cursor = ${enrollment?.cursor ?? 0}, due_at = moment(${enrollment?.dueAt ?? 0}::bigint),
        wake_at = moment(${enrollment?.wakeAt ?? null}::bigint),
        paused_at = moment(${enrollment?.pausedAt ?? null}::bigint),
        remaining_ms = ${enrollment?.remainingMs ?? null}::bigint,
        blocked = ${enrollment?.blocked ? json(enrollment.blocked) : null}::jsonb,
        turned_at = moment(${at}::bigint),
        ended_at = CASE WHEN ${ended}::text IS NULL THEN NULL ELSE moment(${at}::bigint) END,
        end_reason = ${ended}
      FROM l WHERE enrollment.id = ${enrollment?.id ?? null}::uuid),
    o AS (
      DELETE FROM open_slot USING l
      WHERE ${ended}::text IS NOT NULL AND open_slot.lead_id = l.id
        AND open_slot.enrollment_id = ${enrollment?.id ?? null}::uuid)
    SELECT count(*)::int AS applied FROM l`);
  if (row?.applied !== 1)
    throw new StaleFactsError('The lead moved on while its turn was decided.');
  return keep ? scoreId : null;
}
