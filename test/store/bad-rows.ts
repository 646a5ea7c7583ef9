import { badAccountRows } from './bad-account-rows.ts';
import { badPeople } from './bad-people.ts';
import { badTasks } from './bad-tasks.ts';
import { badMerges } from './bad-merges.ts';
import { badHooks } from './bad-hooks.ts';
import { badIdempotencyKeys } from './bad-idempotency-keys.ts';
import { badPublications } from './bad-publications.ts';
import { badEscalationRows } from './bad-escalation-rows.ts';
import { anotherLive, copyOf, ended, id, open, otherLead, theirs } from './copy-of.ts';

/** That a variant fell to the first enrollment that has mails. */
const exposed = (variant: string, split = 'a split') =>
  `INSERT INTO exposure SELECT enrollment_id, '${split}', '${variant}', now() FROM send LIMIT 1`;
const unsigned = { active_slot: null, activated_at: null };
const endedNow = { running_slot: null, ended_at: '2026-01-01T00:00:00Z' };
const line = { axis: 'fit', rule: 'title', points: 3500 };

/**
 * For each constraint and trigger of the database what it exists to refuse: statements on a filled database
 * that break this one promise.
 */
export const badRows: Readonly<Record<string, readonly string[]>> = {
  ...badMerges,
  ...badAccountRows,

  activation_counts: [
    { looked: -1 },
    { changed: 9 },
    { crossed: 9 },
    { total: -1 },
    { released: -1 },
  ].map(counts => copyOf('activation', { id, ...endedNow, ...counts })),
  activation_goes_forward: [
    `UPDATE activation SET total = total + 1`,
    `UPDATE activation SET looked = looked - 1`,
    `UPDATE activation SET last_lead_id = '00000000-0000-7000-8000-000000000000'`,
    `UPDATE activation SET running_slot = NULL, ended_at = now();
     UPDATE activation SET running_slot = 1, ended_at = NULL`,
  ],
  activation_kept: [`DELETE FROM activation`],
  activation_one_runs: [`UPDATE activation SET running_slot = 2`],
  activation_runs_or_ended: [
    `UPDATE activation SET running_slot = NULL`,
    `UPDATE activation SET ended_at = now()`,
  ],

  agreement_active_since: [`UPDATE agreement SET activated_at = NULL`],
  agreement_always_active: [`UPDATE agreement SET active_slot = NULL`],
  agreement_immutable: [
    `UPDATE agreement SET content = '{}'`,
    `UPDATE agreement SET lookback_ms = 1`,
    `UPDATE agreement SET version = 7`,
  ],
  agreement_kept: [`DELETE FROM agreement`],
  agreement_lookback: [copyOf('agreement', { id, ...unsigned, lookback_ms: 0 })],
  agreement_one_active: [`UPDATE agreement SET active_slot = 2`],
  agreement_made_signed: [copyOf('agreement', { id, version: 9 })],
  agreement_signed: [
    `${copyOf('agreement', { id, version: 9, content_hash: 'x', ...unsigned })};
     UPDATE agreement SET active_slot = NULL;
     UPDATE agreement SET active_slot = 1, activated_at = now() WHERE id = '${id}'`,
  ],
  agreement_version: [copyOf('agreement', { id, ...unsigned, version: 0 })],

  approval_append_only: [`UPDATE approval SET at = now()`, `DELETE FROM approval`],
  approval_by_a_member: [copyOf('approval', { id, team: 'sales' }, "team = 'marketing'")],
  approval_of_one: [copyOf('approval', { id, agreement_id: null })],
  approval_of_sequence_by_sales: [
    `INSERT INTO approval SELECT '${id}', NULL, p.content_hash, a.team, a.person_id, 'link', now(), p.id
     FROM proposal p CROSS JOIN approval a WHERE a.team = 'marketing'`,
  ],
  approval_way: [copyOf('approval', { id, way: 'telephone' })],

  audit_append_only: [`UPDATE audit SET who = 'nobody'`, `DELETE FROM audit`],

  control_key: [`INSERT INTO control VALUES ('Mail', 'off', now())`],
  control_value: [`INSERT INTO control VALUES ('mail', 'Off', now())`],

  enrollment_blocked: [
    '{}',
    '{"code": "x", "mail": "a", "detail": "b"}',
    '{"code": "template"}',
  ].map(blocked => `UPDATE enrollment SET blocked = '${blocked}'`),
  enrollment_cursor: [`UPDATE enrollment SET cursor = -1`],
  enrollment_end_reason: ['bored', 'exit: '].map(
    reason => `UPDATE enrollment SET ended_at = now(), end_reason = '${reason}' ${open}`,
  ),
  enrollment_ended_whole: [
    `UPDATE enrollment SET end_reason = 'finished' ${open}`,
    `UPDATE enrollment SET ended_at = now() ${open}`,
  ],
  enrollment_ends_once: [
    `UPDATE enrollment SET ended_at = NULL, end_reason = NULL ${ended}`,
    `UPDATE enrollment SET end_reason = 'customer' ${ended}`,
  ],
  enrollment_holds_slot: [
    copyOf('enrollment', { id, origin_key: 'again' }, 'ended_at IS NULL'),
    `UPDATE enrollment SET ended_at = now(), end_reason = 'finished' ${open}`,
  ],
  enrollment_keeps_origin: [`UPDATE enrollment SET origin_key = id::text`],
  enrollment_keeps_version: [
    // To what is not live, to another sequence, when it has ended, while a mail is on its way, or to another step.
    `WITH v AS (${copyOf('sequence_version', { id, version: 99, hash: 'x' })} RETURNING id)
     UPDATE enrollment SET version_id = '${id}' ${open}`,
    `UPDATE enrollment SET version_id = (SELECT current_id FROM sequence s
       JOIN sequence_version v ON v.id = enrollment.version_id WHERE s.current_id <> v.id LIMIT 1) ${open}`,
    `${anotherLive(ended)}; UPDATE enrollment SET version_id = '${id}' ${theirs}`,
    `${anotherLive(open)};
     INSERT INTO send (id, enrollment_id, step_key, lead_id, content_key, state, attempt_token, attempted_at, at)
     SELECT gen_random_uuid(), id, 'y', lead_id, 'y', 'dispatching', gen_random_uuid(), now(), now()
     FROM enrollment ${theirs};
     UPDATE enrollment SET version_id = '${id}' ${theirs}`,
    `${anotherLive(open)}; UPDATE enrollment SET version_id = '${id}', cursor = cursor + 1 ${theirs}`,
  ],
  enrollment_paused_whole: [
    `UPDATE enrollment SET paused_at = now() ${open}`,
    `UPDATE enrollment SET remaining_ms = 1 ${open}`,
  ],
  enrollment_remaining: [`UPDATE enrollment SET paused_at = now(), remaining_ms = -1 ${open}`],

  event_append_only: [`UPDATE event SET kind = 'form'`, `UPDATE event SET detail = '{}'`],
  event_kept: [`DELETE FROM event`],
  event_kind: [copyOf('event', { id, kind: 'dream' })],

  ...badHooks,
  ...badTasks,
  ...badPublications,
  ...badIdempotencyKeys,

  import_row_seq: [`UPDATE import_row SET seq = 0 WHERE seq = 1`],

  lead_address_normalized: ['Upper@case.example', 'with space@x.example', 'no-at', '@x'].map(
    address => `UPDATE lead SET address = '${address}'`,
  ),
  lead_alias_address_normalized: ['Upper@case.example', 'line\nbreak@x.example', 'no-at'].map(
    address => `UPDATE lead_alias SET address = '${address}'`,
  ),
  lead_consent_has_basis: [`UPDATE lead SET consent_at = now()`],
  lead_counts: [{ revision: 0, seen_revision: 0 }, { seen_revision: -1 }, { turn: -1 }].map(
    counts => copyOf('lead', { id, address: null, ...counts }),
  ),
  lead_country: [`UPDATE lead SET country = 'Germany'`],
  lead_crossing: [
    `UPDATE lead SET crossing = 'due' WHERE grade = 'B'`,
    `UPDATE lead SET crossing = 'waiting' WHERE grade = 'C'`,
  ],
  lead_employees: [`UPDATE lead SET employees = -1`],
  lead_engagement_band: [`UPDATE lead SET engagement_band = 5`],
  lead_fit_band: [`UPDATE lead SET fit_band = 'E'`],
  lead_grade: [`UPDATE lead SET grade = 'E'`],
  lead_hold_fit: [`UPDATE lead SET hold_fit = -1`, `UPDATE lead SET hold_fit = 10001`],
  lead_only_rises: [
    `UPDATE lead SET revision = revision - 1 WHERE revision > seen_revision`,
    `UPDATE lead SET seen_revision = seen_revision - 1`,
    `UPDATE lead SET turn = turn - 1`,
  ],
  lead_scored_whole: [`UPDATE lead SET scored_at = NULL`],
  lead_seen: [`UPDATE lead SET seen_revision = revision + 1`],

  open_slot_held_by_what_is_open: [
    `DELETE FROM open_slot`,
    `INSERT INTO open_slot (lead_id, enrollment_id) SELECT lead_id, id FROM enrollment
     WHERE end_reason = 'finished' AND lead_id NOT IN (SELECT lead_id FROM open_slot) LIMIT 1`,
    `WITH freed AS (DELETE FROM open_slot WHERE enrollment_id IS NOT NULL RETURNING enrollment_id)
     INSERT INTO open_slot (lead_id, enrollment_id)
     SELECT (SELECT id FROM lead WHERE id NOT IN (SELECT lead_id FROM open_slot) LIMIT 1), enrollment_id
     FROM freed LIMIT 1`,
  ],
  open_slot_holds_one: [
    `INSERT INTO open_slot (lead_id) SELECT id FROM lead WHERE id NOT IN (SELECT lead_id FROM open_slot) LIMIT 1`,
    `INSERT INTO open_slot SELECT x.lead_id, e.id, x.id FROM escalation x CROSS JOIN enrollment e LIMIT 1`,
  ],
  open_slot_never_handed_on: [`UPDATE open_slot SET lead_id = ${otherLead}`],

  outcome_amount: [
    { amount_minor: 1 },
    { currency: 'EUR' },
    { amount_minor: -1, currency: 'EUR' },
    { amount_minor: 1, currency: 'euro' },
    { amount_minor: 1, currency: 'EUR', kind: 'qualified' },
  ].map(changes => copyOf('outcome', { id, ...changes })),
  outcome_kind: [copyOf('outcome', { id, kind: 'maybe' })],
  outcome_named: [
    copyOf('outcome', { id, source: '' }),
    copyOf('outcome', { id, external_id: '' }),
  ],
  outcome_reason: [
    copyOf('outcome', { id, reason: 'too small' }),
    copyOf('outcome', { id, kind: 'lost', reason: '' }),
  ],

  score_append_only: [`UPDATE score SET grade = 'A'`, `DELETE FROM score`],
  score_engagement: [copyOf('score', { id, engagement: 10_001 })],
  score_engagement_band: [copyOf('score', { id, engagement_band: 0 })],
  score_fit: [copyOf('score', { id, fit: -1 })],
  score_fit_band: [copyOf('score', { id, fit_band: 'E' })],
  score_grade: [copyOf('score', { id, grade: 'E' })],
  score_lines_add_up: [
    copyOf('score', { id, lines: [] }),
    copyOf('score', { id, lines: [{ ...line, points: 3499 }] }),
  ],
  score_lines_list: [copyOf('score', { id, lines: line })],
  score_lines_name_rules: [
    { axis: 'luck', rule: 'x', points: 1 },
    { axis: 'fit', rule: '', points: 0 },
    { rule: 'x', points: 0 },
    { axis: 'engagement', rule: 'page', points: 0 },
    { axis: 'engagement', rule: 'page', points: 0, events: [] },
  ].map(bad => copyOf('score', { id, lines: [line, bad] })),

  exposure_append_only: [`UPDATE exposure SET variant = 'b'`, `DELETE FROM exposure`].map(
    change => `${exposed('a')}; ${change}`,
  ),
  exposure_split: [exposed('a', '')],
  exposure_variant: [exposed('')],
  send_confirmed: [copyOf('send', { id, state: 'unknown', confirmed: true })],
  send_goes_forward: [
    `UPDATE send SET state = 'dispatching' WHERE state = 'accepted'`,
    `UPDATE send SET state = 'unknown' WHERE state = 'accepted'`,
    `UPDATE send SET state = 'dispatching' WHERE state = 'unknown'`,
  ],
  send_keeps_mail: [
    `UPDATE send SET step_key = 'another'`,
    `UPDATE send SET content_key = 'another'`,
    `${exposed('b', '01-welcome')}; UPDATE send SET variant = 'b'`,
    `UPDATE send SET enrollment_id = (SELECT id FROM enrollment e WHERE e.id <> enrollment_id LIMIT 1)`,
  ],
  send_kept: [
    `DELETE FROM send WHERE state = 'accepted'`,
    `DELETE FROM send WHERE state = 'unknown'`,
  ],
  send_refused_why: [copyOf('send', { id, state: 'refused', reason: null })],
  send_state: [copyOf('send', { id, state: 'lost' })],
  send_variant: [
    `${exposed('hold_out', 'x')}; ${copyOf('send', { id, step_key: 'x', content_key: 'x', variant: 'hold_out' })}`,
  ],
  send_to_the_enrolled: [
    `INSERT INTO send SELECT (jsonb_populate_record(s, jsonb_build_object('id', '${id}', 'lead_id', ${otherLead}))).*
     FROM send s LIMIT 1`,
  ],

  sequence_current_is_its_own: [
    `UPDATE sequence SET current_id = (SELECT id FROM sequence_version v WHERE v.name <> sequence.name LIMIT 1)`,
    `INSERT INTO sequence SELECT 'of another name', id FROM sequence_version LIMIT 1`,
  ],
  sequence_version_immutable: [
    `UPDATE sequence_version SET name = 'x'`,
    `DELETE FROM sequence_version`,
  ],
  sequence_version_version: [copyOf('sequence_version', { id, version: 0 })],

  source_cost: [`UPDATE source SET cost_minor = -1, currency = 'EUR'`],
  source_cost_has_currency: [
    `UPDATE source SET cost_minor = 1`,
    `UPDATE source SET currency = 'EUR'`,
  ],
  source_currency: [`UPDATE source SET cost_minor = 1, currency = 'euro'`],

  suppression_hash: [copyOf('suppression', { address_hash: 'ada@x.example' })],
  suppression_kept: [`UPDATE suppression SET reason = 'x'`, `DELETE FROM suppression`],
  suppression_scope: [copyOf('suppression', { scope: 'newsletters' })],

  ...badEscalationRows,
  ...badPeople,
};
