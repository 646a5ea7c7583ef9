import type { EngagementBand, Grade } from '../domain/agreement/grade.ts';
import type { Score } from '../domain/agreement/score.ts';
import type { Hundredths } from '../domain/hundredths.ts';
import type { AgreementId, EscalationId, LeadId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { sql, type Session } from './database.ts';

/** A score as it was kept: its lines as they were, and the version of the agreement that it was made under. */
export interface KeptScore {
  agreementId: AgreementId;
  version: number;
  score: Score;
}

/** A score, and the one that was kept before it; null for a lead's first. */
export interface ScoreStep extends KeptScore {
  before: KeptScore | null;
}

const withVersion = { agreement: { select: { version: true } } } as const;

/**
 * What a lead was worth at a moment: the last score kept until then. One is kept whenever the grade becomes
 * another or anything happens, so its grade is that of the moment; its points have faded since.
 * @returns null before the lead was first graded
 */
export async function scoreAt(
  session: Session,
  leadId: LeadId,
  at: Instant,
): Promise<KeptScore | null> {
  const row = await session.score.findFirst({
    where: { leadId, at: { lte: new Date(at) } },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    include: withVersion,
  });
  return row && kept(row);
}

/**
 * The steps of a lead's grade until a moment, newest first: each score with which the grade or the version of the
 * agreement became another.
 * @param most how many steps are read
 */
export async function gradeSteps(
  session: Session,
  leadId: LeadId,
  at: Instant,
  most: number,
): Promise<ScoreStep[]> {
  const steps = await session.$queryRaw<{ id: string; before: string | null }[]>(sql`
    SELECT id, before FROM (
      SELECT id, at, lag(id) OVER earlier AS before,
        (grade, agreement_id) IS DISTINCT FROM (lag(grade) OVER earlier, lag(agreement_id) OVER earlier) AS moved
      FROM score WHERE lead_id = ${leadId}::uuid AND at <= moment(${at}::bigint)
      WINDOW earlier AS (ORDER BY at, id)) steps
    WHERE moved ORDER BY at DESC, id DESC LIMIT ${most}`);
  return withScores(session, steps);
}

/** The score that each of some escalations rests on, and the one before it. */
export async function crossingsOf(
  session: Session,
  ids: readonly EscalationId[],
): Promise<(ScoreStep & { escalation: EscalationId })[]> {
  const rows = await session.$queryRaw<
    { escalation: EscalationId; id: string; before: string | null }[]
  >(sql`
    SELECT x.id AS escalation, s.id, (
      SELECT b.id FROM score b WHERE b.lead_id = s.lead_id AND (b.at, b.id) < (s.at, s.id)
      ORDER BY b.at DESC, b.id DESC LIMIT 1) AS before
    FROM escalation x JOIN score s ON s.id = x.score_id WHERE x.id = ANY(${[...ids]}::uuid[])`);
  return withScores(session, rows);
}

async function withScores<Row extends { id: string; before: string | null }>(
  session: Session,
  rows: readonly Row[],
): Promise<(Omit<Row, 'id' | 'before'> & ScoreStep)[]> {
  const ids = rows.flatMap(({ id, before }) => (before === null ? [id] : [id, before]));
  const found = await session.score.findMany({ where: { id: { in: ids } }, include: withVersion });
  const byId = new Map(found.map(row => [row.id, kept(row)]));
  return rows.flatMap(({ id, before, ...row }) => {
    const score = byId.get(id);
    return score === undefined
      ? []
      : [{ ...row, ...score, before: byId.get(before ?? '') ?? null }];
  });
}

interface Row {
  agreementId: string;
  agreement: { version: number };
  at: Date;
  fit: number;
  engagement: number;
  fitBand: string;
  engagementBand: number;
  grade: string;
  handRaised: boolean;
  lines: unknown;
}

function kept({ agreementId, agreement, ...row }: Row): KeptScore {
  return {
    agreementId: agreementId as AgreementId,
    version: agreement.version,
    score: {
      at: row.at.getTime() as Instant,
      fit: row.fit as Hundredths,
      engagement: row.engagement as Hundredths,
      bands: { fit: row.fitBand as Grade, engagement: row.engagementBand as EngagementBand },
      grade: row.grade as Grade,
      handRaised: row.handRaised,
      lines: row.lines as Score['lines'],
    },
  };
}
