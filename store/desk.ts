import type { Cause } from '../domain/nurture/cause.ts';
import type { Crossing } from '../domain/nurture/why-now.ts';
import type { OpenState } from '../domain/escalation/life.ts';
import type { Grade } from '../domain/agreement/grade.ts';
import type { AssignmentId, EscalationId, LeadId, PersonId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { LeadFields } from '../domain/lead/fields.ts';
import { sql, type Session } from './database.ts';
import { leadFields } from './lead-fields.ts';
import { explainedCrossings } from './lead-sheet.ts';

/** Something that the owner of an escalation is to do by a moment. */
export type Duty = 'answer' | 'first contact' | 'feedback';

/** What is still to do in each state, what is due first before the rest. The moments are those of `dueOf`. */
const dutiesOf: Readonly<Record<OpenState, readonly Duty[]>> = {
  queued: [],
  assigned: ['answer', 'first contact'],
  accepted: ['first contact'],
  contacted: ['feedback'],
  qualified: [],
};

/** By when each is to be done, of an escalation that is called `x`. */
const dueOf: Readonly<Record<Duty, typeof leadFields>> = {
  answer: sql`x.accept_due_at`,
  'first contact': sql`x.contact_due_at`,
  feedback: sql`x.feedback_due_at`,
};

/** All of these moments as JSON, by their names. */
const everyDue = Object.entries(dueOf).reduce(
  (given, [duty, due]) => sql`${given} || jsonb_build_object(${duty}::text, ms(${due}))`,
  sql`'{}'::jsonb`,
);

/** The moment that is due first in the state that the escalation is in. */
const nextDue = Object.entries(dutiesOf).reduce(
  (otherwise, [state, [duty]]) =>
    duty === undefined
      ? otherwise
      : sql`CASE WHEN x.state = ${state}::text THEN ${dueOf[duty]} ELSE ${otherwise} END`,
  // What nothing is due of comes last.
  sql`'infinity'::timestamptz`,
);

/** A lead that is with sales. */
export interface DeskLead {
  id: EscalationId;
  leadId: LeadId;
  /** The last of it, which the rep's page is of. */
  assignment: AssignmentId;
  owner: { id: PersonId; name: string; country: string | null };
  state: OpenState;
  grade: Grade;
  /** When sales got it. */
  since: Instant;
  cause: Cause;
  fields: LeadFields;
  /** What its owner is to do, and by when; what is due first comes first. */
  duties: { duty: Duty; due: Instant }[];
  /** Why it is with sales; null when that is not known any more. */
  crossing: Crossing | null;
}

/** A lead that was with sales, and what was said of it in the end. */
export interface DeskPast {
  leadId: LeadId;
  owner: { id: PersonId; name: string };
  grade: Grade;
  fields: LeadFields;
  endedAt: Instant;
  said: { kind: string; reason: string | null; note: string | null; person: string } | null;
}

/** Leads that are shown at once; the rest is counted. */
const mostOpen = 100;
const mostPast = 50;

/**
 * What is with sales, due first.
 * @param owner null is everybody
 */
export async function openDesk(
  session: Session,
  owner: PersonId | null,
): Promise<{ leads: DeskLead[]; total: number }> {
  const rows = await session.$queryRaw<
    (Omit<DeskLead, 'crossing' | 'duties'> & {
      dues: Record<Duty, Instant | null>;
      total: number;
    })[]
  >(sql`
    WITH x AS MATERIALIZED (
      SELECT x.id, x.lead_id, x.owner_id, x.state, x.grade, x.created_at, x.cause, ${everyDue} AS dues, ${nextDue} AS due,
        count(*) OVER ()::int AS total
      FROM escalation x WHERE x.ended_at IS NULL ${ownedBy(owner)} ORDER BY due, x.grade, x.id LIMIT ${mostOpen})
    SELECT x.id, x.lead_id AS "leadId", x.state, x.grade,
      ms(x.created_at)::float AS since, x.cause, x.dues, x.total, a.id AS assignment,
      jsonb_build_object('id', p.id, 'name', p.name, 'country', p.country) AS owner, ${leadFields} AS fields
    FROM x JOIN lead l ON l.id = x.lead_id JOIN person p ON p.id = x.owner_id
    CROSS JOIN LATERAL (SELECT id FROM assignment WHERE escalation_id = x.id ORDER BY n DESC LIMIT 1) a
    ORDER BY x.due, x.grade, x.id`);
  const crossings = await explainedCrossings(session, rows);
  const leads = rows.map(({ dues, ...row }) => ({
    ...row,
    duties: dutiesOf[row.state].flatMap(duty => {
      const due = dues[duty];
      return due === null ? [] : [{ duty, due }];
    }),
    crossing: crossings.get(row.id) ?? null,
  }));
  return { leads, total: rows[0]?.total ?? 0 };
}

/**
 * What ended since a moment, the latest first.
 * @param owner null is everybody
 */
export async function pastDesk(
  session: Session,
  owner: PersonId | null,
  since: Instant,
): Promise<DeskPast[]> {
  return session.$queryRaw<DeskPast[]>(sql`
    WITH x AS MATERIALIZED (
      SELECT x.id, x.lead_id, x.owner_id, x.grade, x.ended_at FROM escalation x
      WHERE x.ended_at >= moment(${since}::bigint) ${ownedBy(owner)}
      ORDER BY x.ended_at DESC, x.id DESC LIMIT ${mostPast})
    SELECT x.lead_id AS "leadId", x.grade, ms(x.ended_at)::float AS "endedAt",
      jsonb_build_object('id', p.id, 'name', p.name) AS owner, ${leadFields} AS fields, (
        SELECT jsonb_build_object('kind', d.kind, 'reason', d.reason, 'note', d.note, 'person', who.name)
        FROM disposition d JOIN person who ON who.id = d.person_id
        WHERE d.escalation_id = x.id ORDER BY d.seq DESC LIMIT 1) AS said
    FROM x JOIN lead l ON l.id = x.lead_id JOIN person p ON p.id = x.owner_id
    ORDER BY x.ended_at DESC, x.id DESC`);
}

function ownedBy(owner: PersonId | null) {
  return owner === null ? sql`` : sql`AND x.owner_id = ${owner}::uuid`;
}
