import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillWithLeads } from '../crowd.ts';
import { createDatabase, type TestDatabase } from '../database.ts';
import { merged } from './bad-merges.ts';
import { badRows } from './bad-rows.ts';
import { aTask } from './bad-tasks.ts';
import { anotherLive, theirs } from './copy-of.ts';

let test: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  test = await createDatabase();
  await fillWithLeads(test.url, 1_000);
  client = new pg.Client({ connectionString: test.url });
  await client.connect();
  // What the crowd has none of: signatures, an activation, an outcome, webhooks that wait, somebody away, somebody logged
  // in, a post under a key, a mail whose answer was lost.
  await client.query(`
    INSERT INTO approval (id, agreement_id, content_hash, team, person_id, way, at)
    SELECT gen_random_uuid(), g.id, g.content_hash, p.team, p.id, 'link', now()
    FROM agreement g JOIN person p ON p.key IN ('nora', 'theo');
    INSERT INTO activation (id, agreement_id, at, running_slot, total, last_lead_id, looked)
    SELECT gen_random_uuid(), id, now(), 1, 9, '01980000-0000-7000-8000-000000000000', 1 FROM agreement;
    INSERT INTO outcome (id, source, external_id, lead_id, kind, at, recorded_at)
    SELECT gen_random_uuid(), 'crm', '1', id, 'won', now(), now() FROM lead LIMIT 1;
    INSERT INTO hook (id, escalation_id, kind, origin_key, at)
    SELECT gen_random_uuid(), id, 'escalation.assigned', id || '/assigned', now() FROM escalation LIMIT 2;
    INSERT INTO time_off SELECT gen_random_uuid(), id, now(), now() + interval '1 week' FROM person WHERE key = 'theo';
    INSERT INTO login SELECT gen_random_uuid(), id, now(), now(), NULL FROM person WHERE key = 'theo';
    INSERT INTO idempotency_key VALUES (repeat('a', 64), repeat('b', 64), true, NULL, now());
    INSERT INTO proposal SELECT gen_random_uuid(), name, hash, NULL, now() FROM sequence_version LIMIT 1;
    INSERT INTO comment SELECT gen_random_uuid(), p.id, v.name, v.id, '01-welcome', 'Good.', now()
    FROM sequence_version v JOIN person p ON p.key = 'theo' WHERE v.name = 'c-nurture';
    -- Two leads that nothing else is about became another, and one of those merges was undone.
    INSERT INTO lead (id, address, source_id, revised_at, created_at)
    SELECT v, 'person-' || n || '@two.example', (SELECT id FROM source LIMIT 1), now(), now()
    FROM unnest(ARRAY['${merged.survivor}', '${merged.gone}', '${merged.back}']::uuid[]) WITH ORDINALITY AS p(v, n)`);
  await client.query(`
    BEGIN;
    INSERT INTO merge (id, merged_id, into_id, survivor_id, at, way, undone_at)
    SELECT v, l, '${merged.survivor}', '${merged.survivor}', now(), 'cli', u
    FROM (VALUES ('${merged.id}'::uuid, '${merged.gone}'::uuid, NULL::timestamptz),
      ('${merged.undone}', '${merged.back}', now())) AS m(v, l, u);
    UPDATE lead SET merge_id = '${merged.id}', address = NULL WHERE id = '${merged.gone}';
    INSERT INTO lead_alias (address, lead_id, merge_id, main) VALUES ('person-2@two.example', '${merged.survivor}', '${merged.id}', true);
    COMMIT`);
  await client.query(`
    INSERT INTO send (id, enrollment_id, step_key, lead_id, content_key, state, attempt_token, attempted_at, at)
    SELECT gen_random_uuid(), id, 'lost', lead_id, 'lost', 'unknown', gen_random_uuid(), now(), now()
    FROM enrollment WHERE ended_at IS NULL LIMIT 1`);
  await client.query(`
    INSERT INTO task (id, enrollment_id, step_key, person_id, kind, note, created_at, due_at, lapses_at)
    SELECT '${aTask}', e.id, 'ring', p.id, 'call', 'Ask', now(), now() + interval '1 day', now() + interval '2 days'
    FROM (SELECT id FROM enrollment WHERE ended_at IS NULL LIMIT 1) e JOIN person p ON p.key = 'theo'`);
});
afterAll(async () => {
  await client.end();
  await test.drop();
});

/** Which constraint or trigger refuses a change, at the latest when it is committed; null when none does. */
async function refusalOf(change: string): Promise<string | null> {
  await client.query('BEGIN');
  try {
    await client.query(change);
    // As a commit does.
    await client.query('SET CONSTRAINTS ALL IMMEDIATE');
    return null;
  } catch (error) {
    if (error instanceof pg.DatabaseError) return error.constraint ?? error.message;
    throw error;
  } finally {
    await client.query('ROLLBACK');
  }
}

const id = '0198aaaa-0000-7000-8000-000000000001';
const open = 'WHERE ended_at IS NULL';
const rep = '(SELECT id FROM person WHERE catch_all_slot IS NULL LIMIT 1)';
const copied = (table: string, changed: string) => `INSERT INTO ${table}
  SELECT (jsonb_populate_record(original, '${changed}')).* FROM ${table} AS original LIMIT 1`;

describe('the database itself refuses what breaks', () => {
  it.each(Object.entries(badRows))('%s', async (name, changes) => {
    for (const change of changes) expect(await refusalOf(change), change).toBe(name);
  });

  it.each([
    ['one lead for each address', 'lead_address_key', copied('lead', `{"id": "${id}"}`)],
    [
      'one enrollment for each cause',
      'enrollment_origin_key_key',
      copied('enrollment', `{"id": "${id}"}`),
    ],
    [
      'one mail of a step (P1)',
      'send_enrollment_id_step_key_key',
      copied('send', `{"id": "${id}", "provider_id": null, "content_key": "x"}`),
    ],
    [
      'one mail of a content (P1)',
      'send_lead_id_content_key_key',
      copied('send', `{"id": "${id}", "provider_id": null, "step_key": "x"}`),
    ],
    [
      'one escalation of a crossing (P3)',
      'escalation_origin_key_key',
      copied('escalation', `{"id": "${id}", "enrollment_id": null}`),
    ],
    [
      'one event of a key (P6)',
      'event_provider_key_key',
      copied('event', `{"id": "${id}", "natural_hash": "${id}"}`),
    ],
    [
      'one event of a content (P6)',
      'event_natural_hash_key',
      copied('event', `{"id": "${id}", "provider_key": "x"}`),
    ],
    ['one end', 'disposition_ends_once', copied('disposition', `{"id": "${id}", "seq": 2}`)],
    [
      'an explanation that adds up (P4)',
      'score_lines_add_up',
      copied('score', `{"id": "${id}", "fit": 3499}`),
    ],
    ['an address that is never mailed again (P2)', 'suppression_kept', 'DELETE FROM suppression'],
    [
      'one open thing of a lead',
      'open_slot_pkey',
      'INSERT INTO open_slot SELECT * FROM open_slot LIMIT 1',
    ],
    [
      'one signature of a team under a version',
      'approval_agreement_id_team_key',
      copied('approval', `{"id": "${id}"}`),
    ],
    [
      'no signature on another text',
      'approval_agreement_id_content_hash_fkey',
      `INSERT INTO agreement (id, version, content_hash, content, lookback_ms, created_at)
       VALUES ('${id}', 99, 'x', '{}', 1, now()); ${copied('approval', `{"id": "${id}", "agreement_id": "${id}"}`)}`,
    ],
    [
      'one activation at a time',
      'activation_running_slot_key',
      copied('activation', `{"id": "${id}"}`),
    ],
    [
      'one outcome of an id of its source',
      'outcome_source_external_id_key',
      copied('outcome', `{"id": "${id}"}`),
    ],
    ['one task of a step', 'task_enrollment_id_step_key_key', copied('task', `{"id": "${id}"}`)],
    ['one telling of a transition', 'hook_origin_key_key', copied('hook', `{"id": "${id}"}`)],
    [
      'one answer to a key',
      'idempotency_key_pkey',
      copied('idempotency_key', '{"recorded": false}'),
    ],
    [
      'one publication after another, of two at once',
      'publication_pkey',
      `ALTER TABLE publication DISABLE TRIGGER publication_next; ${copied('publication', '{}')}`,
    ],
    [
      'one version that waits to be signed',
      'proposal_sequence_key',
      copied('proposal', `{"id": "${id}"}`),
    ],
    ['one catch-all owner', 'person_catch_all_slot_key', 'UPDATE person SET catch_all_slot = 1'],
  ])('%s', async (_, name, change) => {
    expect(await refusalOf(change)).toBe(name);
  });
});

describe('the database lets go through', () => {
  it.each([
    [
      'a lead that leaves its sequence',
      `WITH gone AS (UPDATE enrollment SET ended_at = now(), end_reason = 'exit: moved on' ${open} RETURNING id)
       DELETE FROM open_slot USING gone WHERE enrollment_id = gone.id`,
    ],
    [
      'an enrollment that is moved to the version that is live, at the step that it stands at (P5)',
      `${anotherLive(open)}; DELETE FROM send WHERE state = 'dispatching';
       UPDATE enrollment SET version_id = '${id}' ${theirs}`,
    ],
    [
      'an event that settles a mail',
      `UPDATE send SET state = 'accepted', confirmed = true WHERE state = 'unknown'`,
    ],
    [
      'a mail that was proven not to have left, and is taken back',
      `INSERT INTO send SELECT (jsonb_populate_record(s, '{"id": "${id}", "provider_id": null, "step_key": "x",
         "content_key": "x", "state": "dispatching"}')).* FROM send s LIMIT 1;
       DELETE FROM send WHERE id = '${id}'`,
    ],
    [
      'an escalation that somebody else is asked to take',
      `UPDATE escalation SET owner_id = ${rep} ${open};
       INSERT INTO assignment SELECT gen_random_uuid(), id, 2, owner_id, 'on holiday', now(), NULL FROM escalation ${open}`,
    ],
    [
      'another agreement that both teams signed, and then the one before it again',
      `INSERT INTO agreement (id, version, content_hash, content, lookback_ms, created_at)
       VALUES ('${id}', 99, 'x', '{}', 1, now());
       INSERT INTO approval SELECT gen_random_uuid(), '${id}', 'x', team, person_id, way, at FROM approval;
       UPDATE agreement SET active_slot = NULL;
       UPDATE agreement SET active_slot = 1, activated_at = now() WHERE id = '${id}';
       UPDATE agreement SET active_slot = NULL;
       UPDATE agreement SET active_slot = 1 WHERE id <> '${id}'`,
    ],
    [
      'a webhook that was given up on, is tried again, arrives, and is cleared away',
      `UPDATE hook SET attempts = 1, last_error = 'status 500', dead_at = now();
       UPDATE hook SET attempts = 0, last_error = NULL, dead_at = NULL;
       UPDATE hook SET attempts = 1, delivered_at = now(); DELETE FROM hook`,
    ],
    [
      'a key that is used for another post a day later, and cleared away',
      `UPDATE idempotency_key SET request_hash = repeat('c', 64), at = at + interval '24 hours';
       DELETE FROM idempotency_key`,
    ],
    [
      'a task that goes on to somebody else, is done, and ends nothing again when its lead leaves',
      `UPDATE task SET person_id = ${rep}, told_at = now();
       UPDATE task SET state = 'done', ended_at = now(), ended_by = person_id, way = 'page', remark = 'well';
       WITH gone AS (UPDATE enrollment SET ended_at = now(), end_reason = 'finished' ${open} RETURNING id)
       DELETE FROM open_slot USING gone WHERE enrollment_id = gone.id`,
    ],
    [
      'another catch-all owner',
      `UPDATE person SET catch_all_slot = NULL; UPDATE person SET catch_all_slot = 1 WHERE id = ${rep}`,
    ],
    [
      'somebody who is away again from the moment on at which they were back, and others meanwhile',
      `INSERT INTO time_off SELECT '${id}', person_id, until_at, until_at + interval '1 day' FROM time_off;
       INSERT INTO time_off SELECT gen_random_uuid(), ${rep}, from_at, until_at FROM time_off`,
    ],
    [
      'a person who asks to be erased',
      'UPDATE lead SET address = NULL, first_name = NULL, last_name = NULL',
    ],
  ])('%s', async (_, change) => {
    expect(await refusalOf(change)).toBeNull();
  });
});
