import { copyOf, ended, id, open, otherLead, otherPerson } from './copy-of.ts';

/** A rep's try to reach the lead of some escalation. */
function attempt({ kind = 'call', way = 'page' }: { kind?: string; way?: string } = {}): string {
  return `INSERT INTO attempt (id, escalation_id, person_id, kind, way, at)
    SELECT '${id}', id, owner_id, '${kind}', '${way}', now() FROM escalation LIMIT 1`;
}

/** Another escalation of some lead, which joins one. */
function joining(which: string): string {
  return `INSERT INTO escalation SELECT (jsonb_populate_record(x, jsonb_build_object('id', '${id}',
    'origin_key', 'x', 'enrollment_id', NULL, 'joins_id', ${which}))).* FROM escalation x LIMIT 1`;
}

/** What breaks a promise about escalations, by the constraint or trigger that refuses it. */
export const badEscalationRows: Readonly<Record<string, readonly string[]>> = {
  assignment_asks_owner: [
    `INSERT INTO assignment (id, escalation_id, n, person_id, reason, created_at)
    SELECT '${id}', id, 2, ${otherPerson}, 'in territory', now() FROM escalation LIMIT 1`,
  ],
  assignment_cause: [copyOf('assignment', { id, n: 2, cause: 'whim' })],
  assignment_keeps_what: [
    `UPDATE assignment SET reason = 'nobody eligible'`,
    `UPDATE assignment SET person_id = ${otherPerson}`,
  ],
  assignment_kept: [`DELETE FROM assignment`],
  assignment_n: [copyOf('assignment', { id, n: 0 })],
  assignment_reason: [copyOf('assignment', { id, reason: '' })],

  attempt_append_only: [`UPDATE attempt SET at = now()`, `DELETE FROM attempt`].map(
    change => `${attempt()}; ${change}`,
  ),
  attempt_kind: [attempt({ kind: 'pigeon' })],
  attempt_way: [attempt({ way: 'telephone' })],

  disposition_about: [
    copyOf('disposition', { id, seq: 2, kind: 'accepted', reason: null, about: 'a@b.example' }),
    copyOf('disposition', { id, about: '' }),
  ],
  disposition_amount: [
    { amount_minor: 1 },
    { currency: 'EUR' },
    { amount_minor: -1, currency: 'EUR' },
    { amount_minor: 1, currency: 'euro' },
  ]
    .map(changes => copyOf('disposition', { id, seq: 2, kind: 'won', reason: null, ...changes }))
    .concat(copyOf('disposition', { id, amount_minor: 1, currency: 'EUR' })),
  disposition_append_only: [`UPDATE disposition SET note = 'x'`, `DELETE FROM disposition`],
  disposition_kind: [copyOf('disposition', { id, kind: 'maybe', reason: null })],
  disposition_reason: [
    copyOf('disposition', { id, reason: null }),
    copyOf('disposition', { id, kind: 'accepted' }),
  ],
  disposition_seq: [copyOf('disposition', { id, seq: 0 })],
  disposition_wake: [
    copyOf('disposition', { id, wake_at: '2020-01-01' }),
    copyOf('disposition', { id, seq: 2, kind: 'accepted', reason: null, wake_at: '2099-01-01' }),
  ],
  disposition_way: [copyOf('disposition', { id, way: 'telephone' })],

  escalation_cause: [copyOf('escalation', { id, cause: 'whim' })],
  escalation_due: [
    `UPDATE escalation SET accept_due_at = created_at - interval '1 minute'`,
    `UPDATE escalation SET contact_due_at = created_at - interval '1 minute'`,
  ],
  escalation_ended_whole: [
    `UPDATE escalation SET state = 'rejected' ${open}`,
    `UPDATE escalation SET ended_at = now() ${open}`,
  ],
  escalation_ends_once: [
    `UPDATE escalation SET state = 'assigned', ended_at = NULL ${ended}`,
    `UPDATE escalation SET ended_at = now() ${ended}`,
  ],
  escalation_grade: [copyOf('escalation', { id, grade: 'E' })],
  escalation_holds_slot: [`UPDATE escalation SET state = 'rejected', ended_at = now() ${open}`],
  escalation_joins_another: [joining(`'${id}'::uuid`)],
  escalation_joins_colleague: [
    joining('x.id'),
    joining(`(SELECT o.id FROM escalation o JOIN lead l ON l.id = o.lead_id
      WHERE l.account_id <> (SELECT account_id FROM lead WHERE id = x.lead_id) LIMIT 1)`),
  ],
  escalation_keeps_origin: [
    `UPDATE escalation SET cause = 'reply'`,
    `UPDATE escalation SET score_id = (SELECT id FROM score LIMIT 1)`,
    `UPDATE escalation SET joins_id = (SELECT id FROM escalation ORDER BY id DESC LIMIT 1)`,
  ],
  escalation_of_its_lead: [
    `INSERT INTO escalation SELECT (jsonb_populate_record(x, jsonb_build_object('id', '${id}', 'origin_key', 'x',
       'score_id', (SELECT id FROM score WHERE lead_id = ${otherLead} LIMIT 1)))).* FROM escalation x LIMIT 1`,
    `UPDATE escalation SET enrollment_id = (SELECT id FROM enrollment WHERE lead_id = ${otherLead} LIMIT 1)`,
  ],
  escalation_owner_asked: [`UPDATE escalation SET owner_id = ${otherPerson}`],
  escalation_feedback_due: [
    `UPDATE escalation SET feedback_due_at = created_at - interval '1 minute'`,
  ],
  escalation_state: [`UPDATE escalation SET state = 'gone', ended_at = now() ${open}`],

  notice_key: [`INSERT INTO notice (key, at) VALUES ('', now())`],
};
