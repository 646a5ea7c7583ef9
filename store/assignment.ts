import type { EscalationStatus } from '../domain/escalation/life.ts';
import type { Route } from '../domain/escalation/routing.ts';
import type { AssignmentId, EscalationId, LeadId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { LeadFields } from '../domain/lead/fields.ts';
import { newId, sql, type Session } from './database.ts';
import { announce } from './hook.ts';
import { leadFields } from './lead-fields.ts';

/** Escalations in the queue that are placed in one go: more than all reps can take in a day. */
const mostPlaced = 1_000;

/**
 * Asks the next person, in place of whoever was asked last.
 * @returns false when the escalation moved on meanwhile: another was asked, an answer came, or it ended
 */
export async function reassign(
  session: Session,
  {
    escalationId,
    after,
    inState,
    route,
    acceptDueAt,
    contactDueAt,
  }: {
    escalationId: EscalationId;
    /** The assignment that this one follows. */
    after: AssignmentId;
    /** The state that it was decided in: an answer that came meanwhile stands. */
    inState: EscalationStatus;
    route: Route;
    acceptDueAt: Instant;
    contactDueAt: Instant;
  },
  at: Instant,
): Promise<boolean> {
  // Who waits for it sees afterwards whom the one before asked.
  await session.$queryRaw(
    sql`SELECT FROM escalation WHERE id = ${escalationId}::uuid FOR NO KEY UPDATE`,
  );
  const rows = await session.$executeRaw(sql`
    WITH last AS (
      SELECT a.escalation_id, a.n FROM assignment a
      WHERE a.id = ${after}::uuid AND NOT EXISTS (
        SELECT FROM assignment b WHERE b.escalation_id = a.escalation_id AND b.n > a.n)),
    x AS (
      UPDATE escalation SET owner_id = ${route.person}::uuid, state = 'assigned',
        accept_due_at = moment(${acceptDueAt}::bigint), contact_due_at = moment(${contactDueAt}::bigint),
        feedback_due_at = NULL
      FROM last WHERE escalation.id = last.escalation_id AND escalation.id = ${escalationId}::uuid
        AND escalation.ended_at IS NULL AND escalation.state = ${inState}
        AND NOT EXISTS (SELECT FROM disposition d WHERE d.escalation_id = escalation.id
          AND d.kind IN ('rejected', 'won', 'lost', 'closed'))
      RETURNING escalation.id, last.n),
    p AS (
      UPDATE person SET last_assigned_at = moment(${at}::bigint) FROM x WHERE person.id = ${route.person}::uuid)
    INSERT INTO assignment (id, escalation_id, n, person_id, cause, reason, created_at)
    SELECT ${newId<AssignmentId>()}::uuid, id, n + 1, ${route.person}::uuid, ${route.cause}, ${route.reason},
      moment(${at}::bigint) FROM x`);
  if (rows > 0)
    await announce(session, {
      ...{ escalationId, kind: 'escalation.reassigned', at },
      originKey: `${escalationId}/reassigned/after ${after}`,
    });
  return rows > 0;
}

/** An escalation that waits until somebody has room. */
export interface Queued {
  id: EscalationId;
  leadId: LeadId;
  grade: 'A' | 'B' | 'C' | 'D';
  fields: LeadFields;
  assignment: AssignmentId;
}

/** Those that wait for a rep: the best and of these the oldest first. */
export async function queuedEscalations(session: Session): Promise<Queued[]> {
  return session.$queryRaw<Queued[]>(sql`
    SELECT x.id, x.lead_id AS "leadId", x.grade, ${leadFields} AS fields,
      (SELECT a.id FROM assignment a WHERE a.escalation_id = x.id ORDER BY a.n DESC LIMIT 1) AS assignment
    FROM escalation x JOIN lead l ON l.id = x.lead_id
    WHERE x.state = 'queued' ORDER BY x.grade, x.created_at, x.id LIMIT ${mostPlaced}`);
}

/**
 * Has the workflows look at the leads that are with somebody who does not take any more, or that such a one was to do
 * something for; they find somebody else.
 * @returns how many these are
 */
export async function raiseOrphaned(session: Session, at: Instant): Promise<number> {
  return session.$executeRaw(sql`
    UPDATE lead SET revision = revision + 1, revised_at = moment(${at}::bigint)
    WHERE id IN (
      SELECT x.lead_id FROM escalation x JOIN person p ON p.id = x.owner_id
      WHERE x.ended_at IS NULL AND NOT p.active
      UNION ALL
      SELECT e.lead_id FROM task t JOIN person p ON p.id = t.person_id JOIN enrollment e ON e.id = t.enrollment_id
      WHERE t.state = 'open' AND NOT p.active)`);
}

/**
 * Notes that somebody was told something.
 * @returns false when that was noted before
 */
export async function noteTold(
  session: Session,
  key: string,
  escalationId: EscalationId | null,
  at: Instant,
): Promise<boolean> {
  const rows = await session.$executeRaw(sql`
    INSERT INTO notice (key, escalation_id, at)
    VALUES (${key}, ${escalationId}::uuid, moment(${at}::bigint)) ON CONFLICT DO NOTHING`);
  return rows > 0;
}

/** Takes the note back, because it could not be told. */
export async function unnoteTold(session: Session, key: string): Promise<void> {
  await session.notice.deleteMany({ where: { key } });
}
