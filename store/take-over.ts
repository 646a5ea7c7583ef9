import type { Grade } from '../domain/agreement/grade.ts';
import type { dueTimes } from '../domain/escalation/due.ts';
import { endStates, type EscalationStatus } from '../domain/escalation/life.ts';
import type { AssignmentId, EnrollmentId, EscalationId, LeadId, PersonId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { accountTies } from './account-ties.ts';
import { answerIn } from './answer.ts';
import { reassign } from './assignment.ts';
import { OvertakenError, sql, type Database, type Session } from './database.ts';
import { escalate, markNotified } from './escalation.ts';

/** Somebody of sales who wants a lead, and what they saw when they asked for it. */
export interface Taking {
  leadId: LeadId;
  person: PersonId;
  /** Whether they may take what its owner has contacted already. */
  leadsSales: boolean;
  /** The assignment of whoever had it when they looked, null when nobody had: nothing else is taken from anybody. */
  after: AssignmentId | null;
  segment: string;
  /** By when they have to contact a lead of that grade. */
  timesOf: (grade: Grade) => ReturnType<typeof dueTimes>;
}

/** Why a lead is not taken over. Merged: it is another lead by now. Over: whoever had it has said how it ended. */
export type TakeRefusal = 'unknown' | 'merged' | 'erased' | 'not graded' | 'over';

/** An escalation, and whose it is. */
export interface Holding {
  escalation: EscalationId;
  assignment: AssignmentId;
  owner: { id: PersonId; name: string };
}

export type Taken =
  /** It is theirs and accepted; the enrollment that this ended, if the lead was in one. */
  | ({ kind: 'taken'; ended: EnrollmentId | null } & Holding)
  /** Somebody has it whom they did not see, or they themselves have. */
  | ({ kind: 'held' } & Holding)
  /** Its owner has contacted it. */
  | ({ kind: 'contacted' } & Holding)
  | { kind: 'refused'; why: TakeRefusal };

/**
 * Gives a lead to somebody of sales who takes it, out of nurture or from whoever has it, as accepted by them: all or
 * nothing. From the moment it returns no mail of a sequence is sent; one that is at the provider already leaves. The
 * workflows of what has ended and of what has begun are to be told; the sweep finds them otherwise.
 */
export async function takeOver(database: Database, taking: Taking, at: Instant): Promise<Taken> {
  return database.transaction(session =>
    taking.after === null
      ? takeFromNurture(session, taking, at)
      : takeFromRep(session, taking, taking.after, at),
  );
}

async function takeFromNurture(
  session: Session,
  { leadId, person, segment, timesOf }: Taking,
  at: Instant,
): Promise<Taken> {
  // Turns wait for it, and those that were decided before it are decided anew.
  const [lead] = await session.$queryRaw<{ address: string | null; isMerged: boolean }[]>(sql`
    SELECT address, merge_id IS NOT NULL AS "isMerged" FROM lead WHERE id = ${leadId}::uuid FOR NO KEY UPDATE`);
  if (lead === undefined) return { kind: 'refused', why: 'unknown' };
  if (lead.isMerged) return { kind: 'refused', why: 'merged' };
  if (lead.address === null) return { kind: 'refused', why: 'erased' };
  const slot = await session.openSlot.findUnique({
    where: { leadId },
    include: { enrollment: { select: { segment: true } } },
  });
  if (slot !== null && slot.escalationId !== null) {
    const { holding } = await standingOf(session, slot.escalationId as EscalationId);
    return { kind: 'held', ...holding };
  }
  const score = await session.score.findFirst({
    where: { leadId },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    select: { id: true, grade: true },
  });
  if (score === null) return { kind: 'refused', why: 'not graded' };
  const ended = (slot?.enrollmentId ?? null) as EnrollmentId | null;
  await leaveNurture(session, leadId, ended, at);
  const before = await session.escalation.count({ where: { leadId, mergeId: null } });
  const grade = score.grade as Grade;
  const { joins } = await accountTies(session, leadId, at);
  const escalation = await escalate(session, {
    ...{ leadId, originKey: `${leadId}/${before + 1}`, scoreId: score.id, enrollmentId: ended },
    ...{ grade, cause: 'taken over', segment: slot?.enrollment?.segment ?? segment, joins, at },
    route: { person, cause: 'taken over', reason: 'took it over on its page' },
    ...timesOf(grade),
  });
  return { kind: 'taken', ended, ...(await accept(session, escalation, person, at)) };
}

/** Ends what a sequence has of a lead, whose next crossing waits until it was C or D again. */
async function leaveNurture(
  session: Session,
  leadId: LeadId,
  enrollment: EnrollmentId | null,
  at: Instant,
): Promise<void> {
  await session.$executeRaw(sql`
    WITH e AS (
      UPDATE enrollment SET ended_at = moment(${at}::bigint), end_reason = 'escalated', wake_at = NULL
      WHERE id = ${enrollment}::uuid),
    o AS (
      DELETE FROM open_slot WHERE enrollment_id = ${enrollment}::uuid)
    UPDATE lead SET armed = false, crossing = NULL, wake_at = NULL, turn = turn + 1
    WHERE id = ${leadId}::uuid`);
}

async function takeFromRep(
  session: Session,
  { leadId, person, leadsSales, timesOf }: Taking,
  after: AssignmentId,
  at: Instant,
): Promise<Taken> {
  // What is said of it at the same time is said before, and seen, or after.
  const [row] = await session.$queryRaw<{ id: EscalationId; leadId: LeadId }[]>(sql`
    SELECT id, lead_id AS "leadId" FROM escalation
    WHERE id = (SELECT escalation_id FROM assignment WHERE id = ${after}::uuid) FOR NO KEY UPDATE`);
  if (row?.leadId !== leadId) return { kind: 'refused', why: 'unknown' };
  const { holding, grade, state, isOver } = await standingOf(session, row.id);
  if (isOver) return { kind: 'refused', why: 'over' };
  if (holding.owner.id === person || holding.assignment !== after)
    return { kind: 'held', ...holding };
  const isContacted = state === 'contacted' || state === 'qualified';
  if (isContacted && !leadsSales) return { kind: 'contacted', ...holding };
  const reason = `took it over from ${holding.owner.name}`;
  const route = { person, cause: 'taken over', reason } as const;
  const follows = { escalationId: row.id, after, inState: state };
  const isTheirs = await reassign(session, { ...follows, route, ...timesOf(grade) }, at);
  if (!isTheirs) throw new OvertakenError('An escalation moved on while it was held.');
  return { kind: 'taken', ended: null, ...(await accept(session, row.id, person, at)) };
}

/** Whoever took it knows of it, and has accepted it. */
async function accept(
  session: Session,
  escalationId: EscalationId,
  personId: PersonId,
  at: Instant,
): Promise<Holding> {
  const { holding } = await standingOf(session, escalationId);
  await markNotified(session, holding.assignment, at);
  await answerIn(session, { escalationId, personId, kind: 'accepted', way: 'page' }, at);
  return holding;
}

interface Standing {
  holding: Holding;
  grade: Grade;
  state: EscalationStatus;
  /** Whether its end was said, also where that is not carried out yet. */
  isOver: boolean;
}

async function standingOf(session: Session, id: EscalationId): Promise<Standing> {
  const [row] = await session.$queryRaw<Standing[]>(sql`
    SELECT x.grade, x.state, jsonb_build_object('escalation', x.id, 'owner', jsonb_build_object('id', p.id, 'name', p.name),
        'assignment', (SELECT id FROM assignment WHERE escalation_id = x.id ORDER BY n DESC LIMIT 1)) AS holding,
      x.ended_at IS NOT NULL OR EXISTS (
        SELECT FROM disposition WHERE escalation_id = x.id AND kind = ANY(${[...endStates]}::text[])) AS "isOver"
    FROM escalation x JOIN person p ON p.id = x.owner_id WHERE x.id = ${id}::uuid`);
  if (row === undefined) throw new Error('There is no such escalation.');
  return row;
}
