import { isLeadOfSales } from '../domain/escalation/leading.ts';
import {
  hasEnded,
  isOpenState,
  stateAfter,
  type AnswerKind,
  type EscalationStatus,
} from '../domain/escalation/life.ts';
import type { EscalationId, LeadId, PersonId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Money } from '../domain/money.ts';
import { newId, sql, type Database, type Session } from './database.ts';
import { announce } from './hook.ts';
import type { AttemptKind } from './escalation.ts';

/** By which way something was said. */
export type Way = 'page' | 'cli' | 'api' | 'ops';

/** What is said of a lead with sales, and by which way. */
export interface Answer {
  escalationId: EscalationId;
  /** Its owner, whoever leads sales, or whom ops speak for. */
  personId: PersonId;
  kind: AnswerKind;
  /** Of what was rejected or lost. */
  reason?: string | null;
  note?: string | null;
  /** When the lead asked to be called again; of a rejection. */
  wakeAt?: Instant | null;
  /** The address of the right person, or of whom it is a duplicate; of a rejection. */
  about?: string | null;
  /** What was won. */
  money?: Money | null;
  /** By when sales says how it goes; set with the first contact. */
  feedbackDueAt?: Instant | null;
  way: Way;
}

/** Why an answer could not be taken. */
export type AnswerRefusal = 'not the owner' | 'answered already' | 'out of order' | 'unknown';

/** What became of an answer. Not recorded: it had been said before, and nothing has changed. */
export type Recorded = { recorded: boolean } | { refused: AnswerRefusal };

/**
 * Records what the owner, or whoever leads sales, says and raises the lead's revision, so that the workflow looks.
 * Saying the same twice is harmless; of two different answers that end it the first stands.
 */
export async function recordAnswer(
  database: Database,
  answer: Answer,
  at: Instant,
): Promise<Recorded> {
  return database.transaction(session => answerIn(session, answer, at));
}

/** The same in a transaction that does more. */
export async function answerIn(session: Session, answer: Answer, at: Instant): Promise<Recorded> {
  const { escalationId, personId, kind, reason = null, note = null, way } = answer;
  const row = await lockEscalation(session, escalationId);
  if (row === null) return { refused: 'unknown' };
  if (way !== 'ops' && !(await mayAnswer(session, row, personId)))
    return { refused: 'not the owner' };
  const said = await session.disposition.findMany({
    where: { escalationId },
    orderBy: { seq: 'asc' },
    select: { kind: true, reason: true },
  });
  // What ends it is said first, and then done by its workflow.
  const isOver = hasEnded({ state: row.state, dispositions: said });
  const next = isOver ? null : stateAfter(row.state, kind);
  if (next === null) {
    const isSaid = said.some(earlier => earlier.kind === kind && earlier.reason === reason);
    if (isSaid && kind !== 'feedback') return { recorded: false };
    return { refused: isOver ? 'answered already' : 'out of order' };
  }
  const { wakeAt = null, about = null, money = null, feedbackDueAt = null } = answer;
  await session.disposition.create({
    data: {
      ...{ id: newId(), escalationId, personId, kind, reason, note, way, about },
      seq: said.length + 1,
      wakeAt: wakeAt === null ? null : new Date(wakeAt),
      amountMinor: money === null ? null : BigInt(money.minor),
      currency: money?.currency ?? null,
      at: new Date(at),
    },
  });
  if (isOpenState(next))
    await session.$executeRaw(sql`
      UPDATE escalation SET state = ${next},
        feedback_due_at = coalesce(feedback_due_at, moment(${feedbackDueAt}::bigint))
      WHERE id = ${escalationId}::uuid`);
  await announce(session, {
    ...{ escalationId, kind: `escalation.${kind}` as const, at },
    originKey: `${escalationId}/${kind}/${said.length + 1}`,
  });
  await raise(session, row.leadId, at);
  return { recorded: true };
}

/** Somebody tried to reach the lead. */
export interface Attempt {
  escalationId: EscalationId;
  /** The owner of its escalation, or whoever leads sales. */
  personId: PersonId;
  kind: AttemptKind;
  note: string | null;
  way: Exclude<Way, 'ops'>;
}

/** Notes that somebody tried to reach the lead. */
export async function attemptIn(
  session: Session,
  attempt: Attempt,
  at: Instant,
): Promise<Recorded> {
  const row = await lockEscalation(session, attempt.escalationId);
  if (row === null) return { refused: 'unknown' };
  if (!(await mayAnswer(session, row, attempt.personId))) return { refused: 'not the owner' };
  if (!isOpenState(row.state)) return { refused: 'answered already' };
  await session.attempt.create({ data: { id: newId(), ...attempt, at: new Date(at) } });
  return { recorded: true };
}

async function lockEscalation(session: Session, id: EscalationId) {
  const [row] = await session.$queryRaw<
    { leadId: LeadId; ownerId: PersonId; state: EscalationStatus }[]
  >(sql`
    SELECT lead_id AS "leadId", owner_id AS "ownerId", state FROM escalation
    WHERE id = ${id}::uuid FOR NO KEY UPDATE`);
  return row ?? null;
}

async function mayAnswer(
  session: Session,
  { ownerId }: { ownerId: PersonId },
  personId: PersonId,
): Promise<boolean> {
  if (ownerId === personId) return true;
  const person = await session.person.findUnique({
    where: { id: personId, active: true },
    select: { team: true, role: true },
  });
  return person !== null && isLeadOfSales(person);
}

/** Something of a lead became another, so that its workflow looks. */
async function raise(session: Session, leadId: LeadId, at: Instant): Promise<void> {
  await session.$executeRaw(sql`
    UPDATE lead SET revision = revision + 1, revised_at = moment(${at}::bigint) WHERE id = ${leadId}::uuid`);
}
