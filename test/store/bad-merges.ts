import { copyOf, id, otherLead } from './copy-of.ts';

/** Who was merged into whom: one merge that stands, one that was undone. */
export const merged = {
  survivor: '0198bbbb-0000-7000-8000-000000000001',
  gone: '0198bbbb-0000-7000-8000-000000000002',
  back: '0198bbbb-0000-7000-8000-000000000003',
  id: '0198bbbb-0000-7000-8000-000000000004',
  undone: '0198bbbb-0000-7000-8000-000000000005',
};
const ofMerged = (table: string, more: Record<string, unknown>) =>
  copyOf(table, { id, lead_id: merged.gone, ...more });
/** What would come by a merge that is undone by now. */
const ofUndone = (table: string, more: Record<string, unknown>) =>
  copyOf(table, { id, lead_id: merged.survivor, merge_id: merged.undone, ...more });
/** Rows that go to another lead without a merge, or back without its undoing. */
const strays = (table: string) => [
  `UPDATE ${table} SET lead_id = ${otherLead}`,
  `UPDATE ${table} SET lead_id = '${merged.survivor}', merge_id = '${merged.id}'`,
  `UPDATE ${table} SET lead_id = '${merged.survivor}', merge_id = '${merged.undone}'`,
];

/** What the database refuses of leads that were merged, and of what they have. */
export const badMerges: Readonly<Record<string, readonly string[]>> = {
  enrollment_follows_merge: strays('enrollment'),
  enrollment_not_of_merged: [ofMerged('enrollment', { origin_key: 'x' })],
  escalation_follows_merge: strays('escalation'),
  escalation_not_of_merged: [
    `INSERT INTO score SELECT (jsonb_populate_record(s, '{"id": "${id}", "lead_id": "${merged.gone}"}')).* FROM score s LIMIT 1;
     ${ofMerged('escalation', { origin_key: 'x', score_id: id, enrollment_id: null })}`,
  ],
  event_follows_merge: strays('event'),
  event_not_of_merged: [
    ofMerged('event', { provider_key: 'x', natural_hash: id }),
    ofUndone('event', { provider_key: 'x', natural_hash: id }),
  ],
  lead_alias_follows_merge: strays('lead_alias'),
  lead_alias_main: [`UPDATE lead_alias SET main = true WHERE merge_id IS NULL`],
  lead_merged_has_no_address: [
    `UPDATE lead SET address = 'person-2@two.example' WHERE id = '${merged.gone}'`,
  ],
  lead_merged_whole: [
    `UPDATE lead SET merge_id = NULL WHERE id = '${merged.gone}'`,
    `UPDATE lead SET merge_id = '${merged.undone}', address = NULL WHERE id = '${merged.back}'`,
    `UPDATE lead SET merge_id = '${merged.id}', address = NULL WHERE id = '${merged.back}'`,
  ],
  merge_ended_escalation: [
    copyOf('merge', { id, undone_at: '2026-01-01', ended_escalation_state: 'assigned' }),
  ],
  merge_filled: [copyOf('merge', { id, undone_at: '2026-01-01', filled: [] })],
  merge_keeps_what: [
    `UPDATE merge SET merged_id = '${merged.back}' WHERE id = '${merged.id}'`,
    `UPDATE merge SET at = at - interval '1 day' WHERE id = '${merged.id}'`,
    `UPDATE merge SET undone_at = NULL WHERE id = '${merged.undone}'`,
  ],
  merge_kept: [`DELETE FROM merge`],
  merge_two_leads: [
    copyOf('merge', { id, into_id: merged.back }, `id = '${merged.undone}'`),
    `UPDATE merge SET survivor_id = merged_id WHERE id = '${merged.id}'`,
  ],
  merge_way: [copyOf('merge', { id, undone_at: '2026-01-01', way: 'telephone' })],
  merge_whole: [
    copyOf('merge', { id, undone_at: null }, `id = '${merged.undone}'`),
    `UPDATE merge SET undone_at = now() WHERE id = '${merged.id}'`,
    `UPDATE merge SET survivor_id = '${merged.back}' WHERE id = '${merged.id}'`,
    `INSERT INTO merge (id, merged_id, into_id, survivor_id, at, way)
     VALUES ('${id}', '${merged.survivor}', '${merged.back}', '${merged.back}', now(), 'cli')`,
    `INSERT INTO merge (id, merged_id, into_id, survivor_id, at, way)
     VALUES ('${id}', '${merged.back}', '${merged.gone}', '${merged.gone}', now(), 'cli')`,
  ],
  outcome_not_of_merged: [
    ofMerged('outcome', { external_id: 'x' }),
    ofUndone('outcome', { external_id: 'x' }),
  ],
  send_follows_merge: strays('send'),
  send_not_of_merged: [
    `INSERT INTO enrollment SELECT (jsonb_populate_record(e, '{"id": "${id}", "origin_key": "x", "lead_id": "${merged.back}"}')).*
     FROM enrollment e WHERE ended_at IS NOT NULL LIMIT 1;
     INSERT INTO merge (id, merged_id, into_id, survivor_id, at, way)
     VALUES ('${id}', '${merged.back}', '${merged.survivor}', '${merged.survivor}', now(), 'cli');
     ${copyOf('send', { id, lead_id: merged.back, enrollment_id: id, provider_id: null })}`,
  ],
};
