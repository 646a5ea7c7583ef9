import { anotherLive, copyOf, id, open, otherPerson } from './copy-of.ts';

/** A version that is not live. */
const other = copyOf('sequence_version', { id, version: 99, hash: 'f'.repeat(64) });
const itsNext = `(SELECT max(n) + 1 FROM publication p WHERE p.sequence = v.name)`;
/** An agreement by which sales signs sequences. */
const signedBySales = `
  INSERT INTO agreement (id, version, content_hash, content, lookback_ms, created_at)
  VALUES ('${id}', 99, 'x', '{"sequences": {"signed_by_sales": true}}', 1, now());
  INSERT INTO approval SELECT gen_random_uuid(), '${id}', 'x', team, person_id, way, at FROM approval;
  UPDATE agreement SET active_slot = NULL;
  UPDATE agreement SET active_slot = 1, activated_at = now() WHERE id = '${id}'`;

/** What the database refuses of what is published, of what waits to be signed, and of what is said of mails. */
export const badPublications: Readonly<Record<string, readonly string[]>> = {
  comment_on_a_mail: [
    `INSERT INTO comment SELECT '${id}', person_id, sequence, version_id, 'nothing', text, at FROM comment`,
  ],
  comment_text: ['', 'x'.repeat(2_001)].map(text => copyOf('comment', { id, text })),
  comment_unchanged: [`UPDATE comment SET text = 'x'`],

  proposal_end_reason: [`UPDATE proposal SET ended_at = now(), end_reason = 'forgotten'`],
  proposal_ended_whole: [`UPDATE proposal SET ended_at = now()`],
  proposal_ends_once: [
    `UPDATE proposal SET at = at + interval '1 day'`,
    `UPDATE proposal SET person_id = ${otherPerson}`,
    `UPDATE proposal SET ended_at = now(), end_reason = 'withdrawn';
     UPDATE proposal SET ended_at = NULL, end_reason = NULL`,
  ],
  proposal_kept: [`DELETE FROM proposal`],
  proposal_signed: [`UPDATE proposal SET ended_at = now(), end_reason = 'signed'`],

  publication_append_only: [`UPDATE publication SET at = now()`, `DELETE FROM publication`],
  publication_back_to_what_was: [
    `${other}; INSERT INTO publication SELECT v.name, ${itsNext}, v.id, 'rolled back', NULL, now()
     FROM sequence_version v WHERE v.id = '${id}'`,
  ],
  publication_is_live: [
    `${other}; INSERT INTO publication SELECT v.name, ${itsNext}, v.id, 'published', NULL, now()
     FROM sequence_version v WHERE v.id = '${id}'`,
  ],
  publication_kind: [
    `INSERT INTO publication SELECT v.name, ${itsNext}, v.id, 'leaked', NULL, now() FROM sequence_version v LIMIT 1`,
  ],
  publication_next: [
    `INSERT INTO publication SELECT v.name, ${itsNext} + 1, v.id, 'published', NULL, now() FROM sequence_version v LIMIT 1`,
    `INSERT INTO publication SELECT v.name, 0, v.id, 'published', NULL, now() FROM sequence_version v LIMIT 1`,
  ],
  publication_signed: [`${signedBySales}; ${anotherLive(open)}`],

  sequence_live_was_published: [
    `${other}; UPDATE sequence s SET current_id = '${id}' FROM sequence_version v WHERE v.id = '${id}' AND s.name = v.name`,
  ],
};
