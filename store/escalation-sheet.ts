import {
  endStates,
  isEnd,
  isOpenState,
  type AnswerKind,
  type EscalationStatus,
} from '../domain/escalation/life.ts';
import type { Grade } from '../domain/agreement/grade.ts';
import type { AssignmentId, EscalationId, PersonId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { KnownLead } from '../domain/lead/as-told.ts';
import type { Cause } from '../domain/nurture/cause.ts';
import type { Way } from './answer.ts';
import { sql, type Session } from './database.ts';
import type { AttemptKind } from './escalation.ts';

/** Who said something, and by which way. */
interface SaidBy {
  note: string | null;
  at: Instant;
  by: { key: string; name: string };
  way: Way;
}

/** An escalation as another system is told of it. */
export interface EscalationSheet {
  id: EscalationId;
  /** What was said ends it at once here, although its workflow ends it a moment later. */
  state: EscalationStatus;
  grade: Grade;
  cause: Cause;
  since: Instant;
  endedAt: Instant | null;
  due: { answer: Instant; contact: Instant; feedback: Instant | null };
  lead: KnownLead;
  owner: { key: string; name: string };
  /** The last of it, which the rep's page is of. */
  assignment: AssignmentId;
  dispositions: (SaidBy & {
    kind: AnswerKind;
    reason: string | null;
    /** What was won, in the currency's minor unit. */
    minor: number | null;
    currency: string | null;
  })[];
  attempts: (SaidBy & { kind: AttemptKind })[];
}

/** Which escalations are asked for; what is null is not asked about. */
export interface SheetFilter {
  state: EscalationStatus | 'open' | null;
  owner: PersonId | null;
  grade: Grade | null;
  after: EscalationId | null;
}

/** What was said at last of an escalation that is called `x`, if it ends it. */
const endSaid = sql`(
  SELECT d.kind FROM disposition d WHERE d.escalation_id = x.id AND d.kind = ANY(${[...endStates]}::text[]))`;

/** An escalation by its id; null when there is none. */
export async function escalationSheet(
  session: Session,
  id: EscalationId,
): Promise<EscalationSheet | null> {
  const [sheet] = await sheets(session, sql`SELECT * FROM escalation WHERE id = ${id}::uuid`);
  return sheet ?? null;
}

/**
 * Escalations in the order of their ids, which is the order in which they began; so one that changes meanwhile keeps its
 * place.
 */
export async function escalationSheets(
  session: Session,
  { state, owner, grade, after }: SheetFilter,
  limit: number,
): Promise<EscalationSheet[]> {
  // Only what is asked for: a condition that may be empty is never looked up in an index.
  const conditions = [
    ...(after === null ? [] : [sql`AND x.id > ${after}::uuid`]),
    ...(owner === null ? [] : [sql`AND x.owner_id = ${owner}::uuid`]),
    ...(grade === null ? [] : [sql`AND x.grade = ${grade}`]),
    ...(state === null ? [] : [inState(state)]),
  ].reduce((all, condition) => sql`${all} ${condition}`, sql``);
  return sheets(
    session,
    sql`SELECT * FROM escalation x WHERE true ${conditions} ORDER BY x.id LIMIT ${limit}`,
  );
}

function inState(state: EscalationStatus | 'open') {
  if (state === 'open') return sql`AND x.ended_at IS NULL AND ${endSaid} IS NULL`;
  if (isOpenState(state))
    return sql`AND x.ended_at IS NULL AND x.state = ${state} AND ${endSaid} IS NULL`;
  return isEnd(state)
    ? sql`AND (x.state = ${state} OR x.ended_at IS NULL AND ${endSaid} = ${state})`
    : sql`AND x.state = ${state}`;
}

/** Looked up one by one: a plan for any number of them would read all leads. */
async function sheets(session: Session, chosen: typeof endSaid): Promise<EscalationSheet[]> {
  return session.$queryRaw<EscalationSheet[]>(sql`
    WITH x AS MATERIALIZED (${chosen})
    SELECT x.id, CASE WHEN x.ended_at IS NULL THEN coalesce(${endSaid}, x.state) ELSE x.state END AS state,
      x.grade, x.cause, ms(x.created_at)::float AS since, ms(x.ended_at)::float AS "endedAt",
      json_build_object('answer', ms(x.accept_due_at), 'contact', ms(x.contact_due_at),
        'feedback', ms(x.feedback_due_at)) AS due,
      (SELECT json_build_object('id', l.id, 'address', l.address, 'firstName', l.first_name,
          'lastName', l.last_name, 'company', l.company)
        FROM lead l WHERE l.id = x.lead_id) AS lead,
      (SELECT json_build_object('key', p.key, 'name', p.name) FROM person p WHERE p.id = x.owner_id) AS owner,
      (SELECT a.id FROM assignment a WHERE a.escalation_id = x.id ORDER BY a.n DESC LIMIT 1) AS assignment,
      coalesce((
        SELECT json_agg(json_build_object('kind', d.kind, 'reason', d.reason, 'note', d.note, 'at', ms(d.at),
          'by', json_build_object('key', w.key, 'name', w.name), 'way', d.way, 'minor', d.amount_minor,
          'currency', d.currency) ORDER BY d.seq)
        FROM disposition d JOIN person w ON w.id = d.person_id WHERE d.escalation_id = x.id), '[]') AS dispositions,
      coalesce((
        SELECT json_agg(json_build_object('kind', t.kind, 'note', t.note, 'at', ms(t.at),
          'by', json_build_object('key', w.key, 'name', w.name), 'way', t.way) ORDER BY t.id)
        FROM attempt t JOIN person w ON w.id = t.person_id WHERE t.escalation_id = x.id), '[]') AS attempts
    FROM x ORDER BY x.id`);
}
