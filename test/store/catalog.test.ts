import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Prisma } from '../../prisma/generated/client.ts';
import { createDatabase, type TestDatabase } from '../database.ts';
import { badRows } from './bad-rows.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createDatabase();
});
afterAll(() => test.drop());

/** What the catalog tells, a line for each thing, in order. Prisma's own table is left out. */
async function told(query: string): Promise<string[]> {
  const rows = await test.database.$queryRawUnsafe<{ line: string }[]>(query);
  return rows.map(({ line }) => line).toSorted();
}
const ours = `relnamespace = 'public'::regnamespace AND relname <> '_prisma_migrations'`;

const uniques = [
  'account (domain)',
  'activation (running_slot)',
  'agreement (active_slot)',
  'agreement (content_hash)',
  'agreement (id, content_hash)',
  'agreement (version)',
  'approval (agreement_id, person_id)',
  'approval (agreement_id, team)',
  'approval (proposal_id, team)',
  'assignment (escalation_id, n)',
  "disposition (escalation_id) where (kind = ANY (ARRAY['rejected'::text, 'won'::text, 'lost'::text, 'closed'::text]))",
  'disposition (escalation_id, seq)',
  'enrollment (origin_key)',
  'escalation (enrollment_id)',
  'escalation (origin_key)',
  'event (natural_hash)',
  'event (provider_key)',
  'exposure (enrollment_id, split, variant)',
  'hook (origin_key)',
  'import (hash)',
  'import_row (import_id, lead_id)',
  'lead (address)',
  'lead_alias (merge_id) where main',
  'merge (merged_id) where (undone_at IS NULL)',
  'open_slot (enrollment_id)',
  'open_slot (escalation_id)',
  'outcome (source, external_id)',
  'person (address)',
  'person (catch_all_slot)',
  'person (key)',
  'proposal (id, content_hash)',
  'proposal (sequence) where (ended_at IS NULL)',
  'send (enrollment_id, step_key)',
  'send (lead_id, content_key)',
  'send (provider_id)',
  'sequence (current_id)',
  'sequence_version (name, hash)',
  'sequence_version (name, id)',
  'sequence_version (name, version)',
  'source (key)',
  'task (enrollment_id, step_key)',
];

const primaryKeys = (
  'account activation agreement approval assignment attempt audit comment disposition enrollment escalation event extension ' +
  'hook import lead login merge outcome person proposal score send sequence_version source task time_off'
)
  .split(' ')
  .map(table => `${table} (id)`);

const otherPrimaryKeys = [
  'control (key)',
  'exposure (enrollment_id, split)',
  'idempotency_key (key_hash)',
  'import_row (import_id, seq)',
  'lead_alias (address)',
  'notice (key)',
  'open_slot (lead_id)',
  'ops_update (escalation_id, update_id)',
  'publication (sequence, n)',
  'sequence (name)',
  'suppression (address_hash, scope)',
];

/** What happens to a row when the row that it names is deleted. */
const foreignKeys = [
  'account.owner_id person SET NULL',
  'activation.agreement_id agreement RESTRICT',
  'approval.agreement_id agreement RESTRICT',
  'approval.content_hash agreement RESTRICT',
  'approval.content_hash proposal RESTRICT',
  'approval.person_id person RESTRICT',
  'approval.proposal_id proposal RESTRICT',
  'assignment.escalation_id escalation RESTRICT',
  'assignment.person_id person RESTRICT',
  'attempt.escalation_id escalation RESTRICT',
  'attempt.person_id person RESTRICT',
  'comment.person_id person RESTRICT',
  'comment.sequence sequence_version RESTRICT',
  'comment.version_id sequence_version RESTRICT',
  'disposition.escalation_id escalation RESTRICT',
  'disposition.person_id person RESTRICT',
  'enrollment.lead_id lead RESTRICT',
  'enrollment.merge_id merge SET NULL',
  'enrollment.version_id sequence_version RESTRICT',
  'escalation.enrollment_id enrollment SET NULL',
  'escalation.joins_id escalation RESTRICT',
  'escalation.lead_id lead RESTRICT',
  'escalation.merge_id merge SET NULL',
  'escalation.owner_id person RESTRICT',
  'escalation.score_id score RESTRICT',
  'event.lead_id lead SET NULL',
  'event.merge_id merge SET NULL',
  'event.send_id send SET NULL',
  'exposure.enrollment_id enrollment RESTRICT',
  'extension.escalation_id escalation RESTRICT',
  'hook.escalation_id escalation RESTRICT',
  'import.source_id source RESTRICT',
  'import_row.import_id import RESTRICT',
  'import_row.lead_id lead RESTRICT',
  'lead.account_id account SET NULL',
  'lead.merge_id merge SET NULL',
  'lead.source_id source RESTRICT',
  'lead_alias.lead_id lead RESTRICT',
  'lead_alias.merge_id merge SET NULL',
  'login.person_id person RESTRICT',
  'merge.ended_enrollment_id enrollment SET NULL',
  'merge.ended_escalation_id escalation SET NULL',
  'merge.into_id lead RESTRICT',
  'merge.merged_id lead RESTRICT',
  'merge.person_id person SET NULL',
  'merge.survivor_id lead RESTRICT',
  'notice.escalation_id escalation SET NULL',
  'open_slot.enrollment_id enrollment SET NULL',
  'open_slot.escalation_id escalation SET NULL',
  'open_slot.lead_id lead RESTRICT',
  'ops_update.escalation_id escalation RESTRICT',
  'outcome.lead_id lead RESTRICT',
  'outcome.merge_id merge SET NULL',
  'proposal.content_hash sequence_version RESTRICT',
  'proposal.person_id person RESTRICT',
  'proposal.sequence sequence_version RESTRICT',
  'publication.person_id person RESTRICT',
  'publication.sequence sequence RESTRICT',
  'publication.sequence sequence_version RESTRICT',
  'publication.version_id sequence_version RESTRICT',
  'score.agreement_id agreement RESTRICT',
  'score.lead_id lead RESTRICT',
  'send.enrollment_id enrollment RESTRICT',
  'send.enrollment_id exposure RESTRICT',
  'send.lead_id lead RESTRICT',
  'send.merge_id merge SET NULL',
  'send.step_key exposure RESTRICT',
  'send.variant exposure RESTRICT',
  'sequence.current_id sequence_version RESTRICT',
  'task.ended_by person RESTRICT',
  'task.enrollment_id enrollment RESTRICT',
  'task.person_id person RESTRICT',
  'time_off.person_id person RESTRICT',
];

/** Columns that may be empty; every other column of every table must be filled. */
const nullable: Readonly<Record<string, string>> = {
  account: 'name owner_id status',
  activation: 'ended_at graded_at last_lead_id running_slot',
  agreement: 'activated_at active_slot files forecast',
  approval: 'agreement_id proposal_id',
  assignment: 'notified_at',
  attempt: 'note',
  audit: 'detail subject',
  disposition: 'about amount_minor currency note reason wake_at',
  enrollment:
    'blocked end_reason ended_at merge_id paused_at remaining_ms segment turned_at wake_at',
  escalation: 'ended_at enrollment_id feedback_due_at joins_id merge_id segment turned_at wake_at',
  event: 'detail hold_until lead_id merge_id send_id subject',
  hook: 'dead_at delivered_at last_error',
  idempotency_key: 'recorded refusal',
  import: 'finished_at',
  lead:
    'account_id address company consent_at consent_basis country crossing disqualified employees engagement_band ' +
    'engagement_from first_name fit_band grade hold_fit hold_until industry last_name merge_id region scored_at title wake_at zone',
  lead_alias: 'merge_id',
  login: 'ended_at used_at',
  merge: 'ended_enrollment_id ended_escalation_id ended_escalation_state person_id undone_at',
  notice: 'escalation_id',
  open_slot: 'enrollment_id escalation_id',
  outcome: 'amount_minor currency merge_id reason',
  person: 'capacity catch_all_slot country last_assigned_at territory',
  proposal: 'end_reason ended_at person_id',
  publication: 'person_id',
  send: 'merge_id provider_id reason variant',
  source: 'channel cost_minor currency',
  task: 'ended_at ended_by note remark told_at way',
};

/** Looked at when a transaction commits, because within it both sides are changed one after the other. */
const deferred = [
  'agreement_always_active',
  'assignment_asks_owner',
  'enrollment_holds_slot',
  'escalation_holds_slot',
  'escalation_owner_asked',
  'extension_puts_off',
  'lead_merged_whole',
  'merge_whole',
  'open_slot_held_by_what_is_open',
  'person_catch_all_exists',
  'publication_is_live',
  'score_lines_add_up',
  'sequence_live_was_published',
];

describe('the catalog of the database tells', () => {
  it('every table of the schema, column by column', async () => {
    const models = Object.keys(Prisma.ModelName).map(
      name => `${name[0]?.toLowerCase() ?? ''}${name.slice(1)}`,
    );
    expect(models.length).toBeGreaterThan(15);
    for (const name of models) {
      const model = Reflect.get(test.database, name) as { findFirst: () => Promise<unknown> };
      await model.findFirst();
    }
  });

  it('every check and trigger that a bad row is known for, and no other; all of them in force', async () => {
    const checks = await told(`
      SELECT conname || CASE WHEN convalidated THEN '' ELSE ' (not of older rows)' END AS line
      FROM pg_constraint WHERE contype IN ('c', 'x') AND connamespace = 'public'::regnamespace`);
    const triggers = await told(`
      SELECT tgname || CASE tgenabled WHEN 'O' THEN '' ELSE ' (off)' END AS line
      FROM pg_trigger WHERE NOT tgisinternal`);
    expect([...checks, ...triggers].toSorted()).toEqual(Object.keys(badRows).toSorted());
  });

  it('what is looked at when a transaction commits', async () => {
    const lines = await told(`
      SELECT tgname AS line FROM pg_trigger WHERE NOT tgisinternal AND tgdeferrable AND tginitdeferred`);
    expect(lines).toEqual(deferred);
  });

  it('what is there once', async () => {
    const lines = (primary: boolean) =>
      told(`
        SELECT relname || ' (' || (
            SELECT string_agg(attname, ', ' ORDER BY n) FROM unnest(indkey) WITH ORDINALITY AS k(number, n)
            JOIN pg_attribute ON attrelid = indrelid AND attnum = number) || ')'
          || coalesce(' where ' || pg_get_expr(indpred, indrelid), '')
          || CASE WHEN indisvalid THEN '' ELSE ' (not valid)' END AS line
        FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
        WHERE indisunique AND indisprimary = ${primary} AND ${ours}`);
    expect(await lines(false)).toEqual(uniques.toSorted());
    expect(await lines(true)).toEqual([...primaryKeys, ...otherPrimaryKeys].toSorted());
  });

  it('what names what, and what comes of it when that is deleted', async () => {
    const lines = await told(`
      SELECT conrelid::regclass || '.' || attname || ' ' || confrelid::regclass || ' '
        || CASE confdeltype WHEN 'r' THEN 'RESTRICT' WHEN 'n' THEN 'SET NULL' ELSE confdeltype::text END
        || CASE WHEN convalidated THEN '' ELSE ' (not of older rows)' END AS line
      FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY(conkey)
      WHERE contype = 'f' AND connamespace = 'public'::regnamespace`);
    expect(lines).toEqual(foreignKeys);
  });

  it('what may be empty', async () => {
    const lines = await told(`
      SELECT relname || ': ' || string_agg(attname, ' ' ORDER BY attname) AS line
      FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
      WHERE relkind = 'r' AND ${ours} AND attnum > 0 AND NOT attisdropped AND NOT attnotnull
      GROUP BY relname`);
    expect(lines).toEqual(
      Object.entries(nullable).map(([table, columns]) => `${table}: ${columns}`),
    );
  });
});
