import { copyOf, ended, id, otherPerson } from './copy-of.ts';

/** A task that is open, beside the crowd that has none. */
export const aTask = '0198cccc-0000-7000-8000-000000000001';

const another = { id, step_key: 'another' };
const done = `state = 'done', ended_at = now(), ended_by = person_id, way = 'page'`;

/** What the database refuses of tasks. */
export const badTasks: Readonly<Record<string, readonly string[]>> = {
  // What stays open when its enrollment ends would be known by its state.
  enrollment_lapses_tasks: [
    `WITH gone AS (UPDATE enrollment SET ended_at = now(), end_reason = 'finished' WHERE ended_at IS NULL RETURNING id)
     DELETE FROM open_slot USING gone WHERE enrollment_id = gone.id;
     DO $$ BEGIN
       IF (SELECT state FROM task WHERE id = '${aTask}') = 'lapsed' THEN
         RAISE EXCEPTION 'lapsed' USING CONSTRAINT = 'enrollment_lapses_tasks';
       END IF;
     END $$`,
  ],
  task_ended_by_somebody: [
    `UPDATE task SET state = 'done', ended_at = now()`,
    `UPDATE task SET state = 'done', ended_at = now(), ended_by = person_id`,
    `UPDATE task SET state = 'lapsed', ended_at = now(), ended_by = person_id, way = 'page'`,
    `UPDATE task SET remark = 'so far'`,
  ],
  task_ended_whole: [`UPDATE task SET state = 'lapsed'`, `UPDATE task SET ended_at = now()`],
  task_ends_once: [
    `UPDATE task SET ${done}; UPDATE task SET state = 'skipped'`,
    `UPDATE task SET ${done}; UPDATE task SET remark = 'and more'`,
    `UPDATE task SET ${done}; UPDATE task SET state = 'open', ended_at = NULL, ended_by = NULL, way = NULL`,
    `UPDATE task SET state = 'lapsed', ended_at = now(); UPDATE task SET ${done}`,
  ],
  task_keeps_what: [
    `UPDATE task SET due_at = due_at + interval '1 hour'`,
    `UPDATE task SET note = 'another'`,
    `UPDATE task SET ${done}; UPDATE task SET person_id = ${otherPerson}`,
  ],
  task_kept: [`DELETE FROM task`],
  task_kind: [copyOf('task', { ...another, kind: 'dream' })],
  task_note: [
    copyOf('task', { ...another, note: '' }),
    copyOf('task', { ...another, note: 'x'.repeat(301) }),
  ],
  task_of_the_enrolled: [
    `INSERT INTO task SELECT (jsonb_populate_record(t, jsonb_build_object('id', '${id}', 'enrollment_id', e.id))).*
     FROM task t CROSS JOIN (SELECT id FROM enrollment ${ended} LIMIT 1) e`,
  ],
  task_remark: [
    `UPDATE task SET ${done}, remark = ''`,
    `UPDATE task SET ${done}, remark = repeat('x', 501)`,
  ],
  task_state: [`UPDATE task SET state = 'forgotten', ended_at = now()`],
  task_step_key: [copyOf('task', { id, step_key: '' })],
  task_times: [
    copyOf('task', { ...another, due_at: '2020-01-01T00:00:00Z' }),
    copyOf('task', { ...another, lapses_at: '2020-01-01T00:00:00Z' }),
  ],
  task_way: [`UPDATE task SET ${done.replace('page', 'telephone')}`],
};
