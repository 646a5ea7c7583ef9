import type { Cause } from '../domain/nurture/cause.ts';
import type { Grade } from '../domain/agreement/grade.ts';
import type { AnswerKind, EndState, EscalationStatus } from '../domain/escalation/life.ts';
import type { AssignmentCause, Route } from '../domain/escalation/routing.ts';
import type { AssignmentId, EnrollmentId, EscalationId, LeadId, PersonId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Address } from '../domain/lead/address.ts';
import { newId, sql, type Session } from './database.ts';
import { announce } from './hook.ts';

export interface NewEscalation {
  leadId: LeadId;
  /** The crossing; the same crossing escalates once. */
  originKey: string;
  scoreId: string;
  enrollmentId: EnrollmentId | null;
  grade: Grade;
  cause: Cause;
  segment: string | null;
  /** The open escalation of a colleague, which it joins. */
  joins: EscalationId | null;
  /** Whom it goes to; queued, the catch-all owner keeps it until somebody has room. */
  route: Route;
  acceptDueAt: Instant;
  contactDueAt: Instant;
  at: Instant;
}

/** Makes an escalation with its first assignment and takes the lead's slot. */
export async function escalate(session: Session, escalation: NewEscalation): Promise<EscalationId> {
  const id = newId<EscalationId>();
  const { leadId, originKey, scoreId, enrollmentId, grade, cause, segment, joins, route, at } =
    escalation;
  await session.$executeRaw(sql`
    WITH x AS (
      INSERT INTO escalation (id, lead_id, origin_key, score_id, enrollment_id, grade, cause, owner_id,
        state, segment, joins_id, accept_due_at, contact_due_at, created_at)
      VALUES (${id}::uuid, ${leadId}::uuid, ${originKey}, ${scoreId}::uuid, ${enrollmentId}::uuid, ${grade},
        ${cause}, ${route.person}::uuid, ${route.cause === 'queued' ? 'queued' : 'assigned'}, ${segment},
        ${joins}::uuid, moment(${escalation.acceptDueAt}::bigint),
        moment(${escalation.contactDueAt}::bigint), moment(${at}::bigint))
      RETURNING id, lead_id),
    a AS (
      INSERT INTO assignment (id, escalation_id, n, person_id, cause, reason, created_at)
      SELECT ${newId<AssignmentId>()}::uuid, x.id, 1, ${route.person}::uuid, ${route.cause}, ${route.reason}, moment(${at}::bigint) FROM x),
    p AS (
      UPDATE person SET last_assigned_at = moment(${at}::bigint) WHERE id = ${route.person}::uuid)
    INSERT INTO open_slot (lead_id, escalation_id) SELECT lead_id, id FROM x`);
  await announce(session, {
    ...{ escalationId: id, kind: 'escalation.assigned', originKey: `${id}/assigned/1`, at },
  });
  return id;
}

/** An escalation as its workflow and its page see it. */
export interface EscalationState {
  id: EscalationId;
  leadId: LeadId;
  state: EscalationStatus;
  grade: Grade;
  cause: Cause;
  segment: string | null;
  /** The escalation of a colleague that was open when this one was made. */
  joins: EscalationId | null;
  createdAt: Instant;
  acceptDueAt: Instant;
  contactDueAt: Instant;
  /** By when sales says how it goes; null until the lead was contacted. */
  feedbackDueAt: Instant | null;
  endedAt: Instant | null;
  owner: {
    id: PersonId;
    name: string;
    address: Address;
    country: string | null;
    isActive: boolean;
  };
  assignment: {
    id: AssignmentId;
    n: number;
    cause: AssignmentCause;
    reason: string;
    at: Instant;
    notifiedAt: Instant | null;
  };
  /** Everybody who was asked, in order. */
  asked: readonly { person: PersonId; cause: AssignmentCause }[];
  dispositions: readonly Said[];
  attempts: readonly { kind: AttemptKind; note: string | null; at: Instant; person: string }[];
  /** Keys of what somebody was told. */
  told: ReadonlySet<string>;
}

/** Something that was said of an escalation. */
export interface Said {
  seq: number;
  kind: AnswerKind;
  reason: string | null;
  note: string | null;
  /** When the lead asked to be called again. */
  wakeAt: Instant | null;
  /** The address of the right person, or of whom it is a duplicate. */
  about: string | null;
  at: Instant;
  person: string;
}

export type AttemptKind = 'call' | 'mail' | 'meeting';

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
      assignments: { orderBy: { n: 'asc' } },
      dispositions: { orderBy: { seq: 'asc' }, include: { person: { select: { name: true } } } },
      attempts: { orderBy: { id: 'asc' }, include: { person: { select: { name: true } } } },
      notices: { select: { key: true } },
    },
  });
  const assignment = row?.assignments.at(-1);
  if (row === null || assignment === undefined) return null;
  const { owner } = row;
  return {
    id,
    leadId: row.leadId as LeadId,
    state: row.state as EscalationStatus,
    grade: row.grade as Grade,
    cause: row.cause as Cause,
    segment: row.segment,
    joins: row.joinsId as EscalationId | null,
    createdAt: momentOf(row.createdAt),
    acceptDueAt: momentOf(row.acceptDueAt),
    contactDueAt: momentOf(row.contactDueAt),
    feedbackDueAt: row.feedbackDueAt && momentOf(row.feedbackDueAt),
    endedAt: row.endedAt && momentOf(row.endedAt),
    owner: {
      id: owner.id as PersonId,
      name: owner.name,
      address: owner.address as Address,
      country: owner.country,
      isActive: owner.active,
    },
    assignment: {
      id: assignment.id as AssignmentId,
      n: assignment.n,
      cause: assignment.cause as AssignmentCause,
      reason: assignment.reason,
      at: momentOf(assignment.createdAt),
      notifiedAt: assignment.notifiedAt && momentOf(assignment.notifiedAt),
    },
    asked: row.assignments.map(({ personId, cause }) => ({
      person: personId as PersonId,
      cause: cause as AssignmentCause,
    })),
    dispositions: row.dispositions.map(
      ({ seq, kind, reason, note, wakeAt, about, at, person }) => ({
        ...{ seq, reason, note, about, person: person.name },
        kind: kind as AnswerKind,
        wakeAt: wakeAt && momentOf(wakeAt),
        at: momentOf(at),
      }),
    ),
    attempts: row.attempts.map(({ kind, note, at, person }) => ({
      ...{ note, person: person.name },
      kind: kind as AttemptKind,
      at: momentOf(at),
    })),
    told: new Set(row.notices.map(({ key }) => key)),
  };
}

function momentOf(date: Date): Instant {
  return date.getTime() as Instant;
}

export async function markNotified(session: Session, id: AssignmentId, at: Instant): Promise<void> {
  await session.assignment.update({ where: { id }, data: { notifiedAt: new Date(at) } });
}

/** What follows from how an escalation ended, written to its lead with the end. */
export interface Aftermath {
  /** Set when sales never wants to see this lead again. */
  disqualify?: string | null;
  /** No new escalation until then, unless the lead asks for one. */
  holdUntil?: Instant | null;
  /** Nor as long as its fit is this, in hundredths. */
  holdFit?: number | null;
  /** Engagement starts again here. */
  engagementFrom?: Instant | null;
}

/** Ends an escalation and frees the lead's slot. */
export async function endEscalation(
  session: Session,
  escalationId: EscalationId,
  state: EndState,
  aftermath: Aftermath,
  at: Instant,
): Promise<void> {
  const { disqualify = null, holdUntil = null, holdFit = null } = aftermath;
  const { engagementFrom = null } = aftermath;
  await session.$executeRaw(sql`
    WITH x AS (
      UPDATE escalation SET state = ${state}, wake_at = NULL, ended_at = moment(${at}::bigint)
      WHERE id = ${escalationId}::uuid RETURNING id, lead_id),
    l AS (
      UPDATE lead SET disqualified = coalesce(disqualified, ${disqualify}::text),
        hold_until = moment(${holdUntil}::bigint), hold_fit = ${holdFit}::int,
        engagement_from = coalesce(moment(${engagementFrom}::bigint), engagement_from)
      FROM x WHERE lead.id = x.lead_id)
    DELETE FROM open_slot USING x WHERE open_slot.escalation_id = x.id`);
}

/**
 * Notes that the workflow of an escalation has looked at it.
 * @param wakeAt when it looks again by itself
 */
export async function markTurned(
  session: Session,
  id: EscalationId,
  at: Instant,
  wakeAt: Instant | null,
): Promise<void> {
  await session.escalation.update({
    where: { id },
    data: { turnedAt: new Date(at), wakeAt: wakeAt === null ? null : new Date(wakeAt) },
  });
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
