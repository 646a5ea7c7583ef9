import type { Acquainted, Taker } from '../domain/task/taker.ts';
import type { Grade } from '../domain/agreement/grade.ts';
import type { TaskKind, TaskState } from '../domain/task/task.ts';
import type { LeadId, PersonId, TaskId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Address } from '../domain/lead/address.ts';
import type { LeadFields } from '../domain/lead/fields.ts';
import { accountTies } from './account-ties.ts';
import { sql, type Session } from './database.ts';
import { leadFields } from './lead-fields.ts';

/** A task as people read it. */
export interface Task {
  id: TaskId;
  leadId: LeadId;
  fields: LeadFields;
  grade: Grade | null;
  /** The sequence that asks, its step, and the segment that the lead is in it by. */
  sequence: string;
  stepKey: string;
  segment: string | null;
  kind: TaskKind;
  note: string | null;
  person: { id: PersonId; key: string; name: string; address: Address; country: string | null };
  state: TaskState;
  createdAt: Instant;
  dueAt: Instant;
  endedAt: Instant | null;
  /** Who said that it is done, or skipped it. */
  endedBy: string | null;
  remark: string | null;
  /** Why the lead left the sequence; null while it is in it. */
  left: string | null;
}

/** Tasks that are read at once; the rest is counted. */
const most = 100;

const columns = sql`t.id, e.lead_id AS "leadId", ${leadFields} AS fields, l.grade, v.name AS sequence, t.step_key AS "stepKey",
  e.segment, t.kind, t.note, t.state, ms(t.created_at)::float AS "createdAt", ms(t.due_at)::float AS "dueAt",
  ms(t.ended_at)::float AS "endedAt", b.name AS "endedBy", t.remark, e.end_reason AS left,
  jsonb_build_object('id', p.id, 'key', p.key, 'name', p.name, 'address', p.address, 'country', p.country) AS person`;
const parts = sql`JOIN enrollment e ON e.id = t.enrollment_id JOIN lead l ON l.id = e.lead_id
  JOIN sequence_version v ON v.id = e.version_id JOIN person p ON p.id = t.person_id
  LEFT JOIN person b ON b.id = t.ended_by`;

export async function taskById(session: Session, id: TaskId): Promise<Task | null> {
  const [task] = await session.$queryRaw<Task[]>(sql`
    SELECT ${columns} FROM task t ${parts} WHERE t.id = ${id}::uuid`);
  return task ?? null;
}

/** All that people were asked to do for a lead, the newest first. */
export async function tasksOfLead(session: Session, lead: LeadId): Promise<Task[]> {
  return session.$queryRaw<Task[]>(sql`
    SELECT ${columns} FROM task t ${parts} WHERE e.lead_id = ${lead}::uuid
    ORDER BY t.created_at DESC, t.id DESC LIMIT ${most}`);
}

/**
 * What waits for people, due first.
 * @param person null is everybody
 */
export async function openTasks(
  session: Session,
  person: PersonId | null,
): Promise<{ tasks: Task[]; total: number }> {
  const whose = person === null ? sql`` : sql`AND person_id = ${person}::uuid`;
  const rows = await session.$queryRaw<(Task & { total: number })[]>(sql`
    WITH t AS MATERIALIZED (
      SELECT *, count(*) OVER ()::int AS total FROM task WHERE state = 'open' ${whose}
      ORDER BY due_at, id LIMIT ${most})
    SELECT ${columns}, t.total FROM t ${parts} ORDER BY t.due_at, t.id`);
  return { tasks: rows, total: rows[0]?.total ?? 0 };
}

/**
 * Tasks as ops list them, due first.
 * @param which overdue are those that are open and were due before `at`
 */
export async function listTasks(
  session: Session,
  which: 'all' | 'open' | 'overdue',
  at: Instant,
): Promise<{ tasks: Task[]; total: number }> {
  const chosen = {
    all: sql`true`,
    open: sql`state = 'open'`,
    overdue: sql`state = 'open' AND due_at < moment(${at}::bigint)`,
  }[which];
  const rows = await session.$queryRaw<(Task & { total: number })[]>(sql`
    WITH t AS MATERIALIZED (
      SELECT *, count(*) OVER ()::int AS total FROM task WHERE ${chosen}
      ORDER BY state <> 'open', due_at, id LIMIT ${most})
    SELECT ${columns}, t.total FROM t ${parts} ORDER BY t.state <> 'open', t.due_at, t.id`);
  return { tasks: rows, total: rows[0]?.total ?? 0 };
}

/** Everybody of sales who may be given a task of a lead, and who of them knows it. */
export async function takersFor(
  session: Session,
  lead: LeadId,
  at: Instant,
): Promise<{ takers: Taker[]; known: Acquainted }> {
  const [takers, known] = await Promise.all([
    session.$queryRaw<Taker[]>(sql`
      SELECT p.id, p.role, nullif(p.territory, '{}') AS territory, p.country, p.catch_all_slot IS NOT NULL AS "isCatchAll",
        EXISTS (SELECT FROM time_off o WHERE o.person_id = p.id
          AND o.from_at <= moment(${at}::bigint) AND o.until_at > moment(${at}::bigint)) AS "isAway",
        (SELECT count(*)::int FROM task WHERE person_id = p.id AND state = 'open') AS open,
        (SELECT ms(max(created_at))::float FROM task WHERE person_id = p.id) AS "lastAt"
      FROM person p WHERE p.active AND p.team = 'sales' ORDER BY p.id`),
    accountTies(session, lead, at),
  ]);
  return { takers, known };
}

/** Notes that whoever is asked was told, unless somebody else is by now. */
export async function noteTaskTold(
  session: Session,
  { id, person }: Pick<Task, 'id' | 'person'>,
  at: Instant,
): Promise<void> {
  await session.$executeRaw(sql`
    UPDATE task SET told_at = moment(${at}::bigint)
    WHERE id = ${id}::uuid AND person_id = ${person.id}::uuid AND told_at IS NULL`);
}

/** What somebody says of a task. */
export interface TaskSaid {
  id: TaskId;
  state: 'done' | 'skipped';
  /** Who says it, and whether they may for others. */
  person: PersonId;
  leadsSales: boolean;
  remark: string | null;
  way: 'page';
}

/** What became of it. Not recorded: the same was said before. */
export type TaskHeard =
  { recorded: boolean } | { refused: 'unknown' | 'not theirs' | 'ended already' };

/**
 * Ends a task, once, and raises its lead's revision, so that the sequence goes on at once. The lead is locked first, as
 * turns do.
 */
export async function endTask(session: Session, said: TaskSaid, at: Instant): Promise<TaskHeard> {
  const { id, state, person, leadsSales, remark, way } = said;
  const [row] = await session.$queryRaw<{ recorded: number }[]>(sql`
    WITH held AS MATERIALIZED (
      SELECT l.id FROM lead l JOIN enrollment e ON e.lead_id = l.id JOIN task t ON t.enrollment_id = e.id
      WHERE t.id = ${id}::uuid FOR NO KEY UPDATE OF l),
    t AS (
      UPDATE task SET state = ${state}, ended_at = moment(${at}::bigint), ended_by = ${person}::uuid, way = ${way},
        remark = ${remark}
      FROM held WHERE task.id = ${id}::uuid AND task.state = 'open'
        AND (${leadsSales}::boolean OR task.person_id = ${person}::uuid)
      RETURNING held.id),
    l AS (
      UPDATE lead SET revision = revision + 1, revised_at = moment(${at}::bigint) FROM t WHERE lead.id = t.id)
    SELECT count(*)::int AS recorded FROM t`);
  if (row?.recorded === 1) return { recorded: true };
  const task = await taskById(session, id);
  if (task === null) return { refused: 'unknown' };
  if (task.state === state) return { recorded: false };
  return { refused: task.state === 'open' ? 'not theirs' : 'ended already' };
}
