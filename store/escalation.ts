import type { Cause } from '../domain/nurture/cause.ts';
import type { Grade } from '../domain/agreement/grade.ts';
import type { Route } from '../domain/escalation/routing.ts';
import type { AssignmentId, EnrollmentId, EscalationId, LeadId, PersonId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Address } from '../domain/lead/address.ts';
import { newId, sql, type Database, type Session } from './database.ts';

export interface NewEscalation {
  leadId: LeadId;
  /** The crossing; the same crossing escalates once. */
  originKey: string;
  scoreId: string;
  enrollmentId: EnrollmentId | null;
  grade: Grade;
  cause: Cause;
  segment: string | null;
  route: Route;
  acceptDueAt: Instant;
  contactDueAt: Instant;
  at: Instant;
}

/** Makes an escalation with its first assignment and takes the lead's slot. */
export async function escalate(session: Session, escalation: NewEscalation): Promise<EscalationId> {
  const id = newId<EscalationId>();
  const { leadId, originKey, scoreId, enrollmentId, grade, cause, segment, route, at } = escalation;
  await session.$executeRaw(sql`
    WITH x AS (
      INSERT INTO escalation (id, lead_id, origin_key, score_id, enrollment_id, grade, cause, owner_id,
        state, segment, accept_due_at, contact_due_at, created_at)
      VALUES (${id}::uuid, ${leadId}::uuid, ${originKey}, ${scoreId}::uuid, ${enrollmentId}::uuid, ${grade},
        ${cause}, ${route.person}::uuid, 'assigned', ${segment}, moment(${escalation.acceptDueAt}::bigint),
        moment(${escalation.contactDueAt}::bigint), moment(${at}::bigint))
      RETURNING id, lead_id),
    a AS (
      INSERT INTO assignment (id, escalation_id, n, person_id, reason, created_at)
      SELECT ${newId<AssignmentId>()}::uuid, x.id, 1, ${route.person}::uuid, ${route.reason}, moment(${at}::bigint) FROM x),
    p AS (
      UPDATE person SET last_assigned_at = moment(${at}::bigint) WHERE id = ${route.person}::uuid)
    INSERT INTO open_slot (lead_id, escalation_id) SELECT lead_id, id FROM x`);
  return id;
}

/** An escalation as its workflow and its page see it. */
export interface EscalationState {
  id: EscalationId;
  leadId: LeadId;
  state: 'assigned' | 'accepted' | 'rejected';
  grade: Grade;
  cause: Cause;
  segment: string | null;
  createdAt: Instant;
  acceptDueAt: Instant;
  contactDueAt: Instant;
  endedAt: Instant | null;
  owner: { id: PersonId; name: string; address: Address };
  assignment: { id: AssignmentId; n: number; reason: string; notifiedAt: Instant | null };
  dispositions: {
    seq: number;
    kind: 'accepted' | 'rejected';
    reason: string | null;
    note: string | null;
    at: Instant;
    person: string;
  }[];
}

export async function leadOfEscalation(session: Session, id: EscalationId): Promise<LeadId | null> {
  const row = await session.escalation.findUnique({ where: { id }, select: { leadId: true } });
  return (row?.leadId ?? null) as LeadId | null;
}

export async function escalationState(
  session: Session,
  id: EscalationId,
): Promise<EscalationState | null> {
  const row = await session.escalation.findUnique({
    where: { id },
    include: {
      owner: true,
      assignments: { orderBy: { n: 'desc' }, take: 1 },
      dispositions: { orderBy: { seq: 'asc' }, include: { person: { select: { name: true } } } },
    },
  });
  const assignment = row?.assignments[0];
  if (row === null || assignment === undefined) return null;
  const moment = (date: Date) => date.getTime() as Instant;
  return {
    id,
    leadId: row.leadId as LeadId,
    state: row.state as EscalationState['state'],
    grade: row.grade as Grade,
    cause: row.cause as Cause,
    segment: row.segment,
    createdAt: moment(row.createdAt),
    acceptDueAt: moment(row.acceptDueAt),
    contactDueAt: moment(row.contactDueAt),
    endedAt: row.endedAt && moment(row.endedAt),
    owner: {
      id: row.owner.id as PersonId,
      name: row.owner.name,
      address: row.owner.address as Address,
    },
    assignment: {
      id: assignment.id as AssignmentId,
      n: assignment.n,
      reason: assignment.reason,
      notifiedAt: assignment.notifiedAt && moment(assignment.notifiedAt),
    },
    dispositions: row.dispositions.map(({ seq, kind, reason, note, at, person }) => ({
      seq,
      kind: kind as 'accepted' | 'rejected',
      reason,
      note,
      at: moment(at),
      person: person.name,
    })),
  };
}

export async function markNotified(session: Session, id: AssignmentId, at: Instant): Promise<void> {
  await session.assignment.update({ where: { id }, data: { notifiedAt: new Date(at) } });
}

/** What the owner says, and by which way. */
export interface Answer {
  escalationId: EscalationId;
  personId: PersonId;
  kind: 'accepted' | 'rejected';
  reason: string | null;
  note: string | null;
  way: 'page' | 'cli';
}

/** Why an answer could not be taken. */
export type AnswerRefusal = 'not the owner' | 'answered already' | 'unknown';

/**
 * Records the owner's answer and raises the lead's revision, so that the workflow looks. Answering
 * twice with the same word is harmless; of two different answers the first stands.
 */
export async function recordAnswer(
  database: Database,
  answer: Answer,
  at: Instant,
): Promise<{ recorded: boolean } | { refused: AnswerRefusal }> {
  const { escalationId, personId, kind, reason, note, way } = answer;
  return database.transaction(async session => {
    const [row] = await session.$queryRaw<
      { leadId: LeadId; ownerId: PersonId; state: string }[]
    >(sql`
      SELECT lead_id AS "leadId", owner_id AS "ownerId", state FROM escalation
      WHERE id = ${escalationId}::uuid FOR NO KEY UPDATE`);
    if (row === undefined) return { refused: 'unknown' };
    if (row.ownerId !== personId) return { refused: 'not the owner' };
    const last = await session.disposition.findFirst({
      where: { escalationId },
      orderBy: { seq: 'desc' },
    });
    if (last?.kind === kind && last.reason === reason) return { recorded: false };
    if (last?.kind === 'rejected') return { refused: 'answered already' };
    await session.disposition.create({
      data: {
        id: newId(),
        escalationId,
        seq: (last?.seq ?? 0) + 1,
        personId,
        kind,
        reason,
        note,
        way,
        at: new Date(at),
      },
    });
    if (kind === 'accepted')
      await session.escalation.update({ where: { id: escalationId }, data: { state: 'accepted' } });
    await session.$executeRaw(sql`
      UPDATE lead SET revision = revision + 1, revised_at = moment(${at}::bigint) WHERE id = ${row.leadId}::uuid`);
    return { recorded: true };
  });
}

/** Ends a rejected escalation and frees the lead's slot. */
export async function endEscalation(
  session: Session,
  escalationId: EscalationId,
  /** Set when sales never wants to see this lead again. */
  disqualify: string | null,
  at: Instant,
): Promise<void> {
  await session.$executeRaw(sql`
    WITH x AS (
      UPDATE escalation SET state = 'rejected', ended_at = moment(${at}::bigint)
      WHERE id = ${escalationId}::uuid RETURNING id, lead_id),
    l AS (
      UPDATE lead SET disqualified = coalesce(disqualified, ${disqualify}::text) FROM x WHERE lead.id = x.lead_id)
    DELETE FROM open_slot USING x WHERE open_slot.escalation_id = x.id`);
}

/** Notes that the workflow of an escalation has looked at it. */
export async function markTurned(session: Session, id: EscalationId, at: Instant): Promise<void> {
  await session.escalation.update({ where: { id }, data: { turnedAt: new Date(at) } });
}

/** The escalation that an assignment belongs to. */
export async function escalationOfAssignment(
  session: Session,
  id: AssignmentId,
): Promise<EscalationState | null> {
  const row = await session.assignment.findUnique({
    where: { id },
    select: { escalationId: true },
  });
  return row && escalationState(session, row.escalationId as EscalationId);
}
