/** A copy of a row of a filled database, with some of its columns changed. */
export function copyOf(table: string, changes: Record<string, unknown>, where = 'true'): string {
  const given = JSON.stringify(changes).replaceAll("'", "''");
  return `INSERT INTO ${table}
    SELECT (jsonb_populate_record(original, '${given}')).* FROM ${table} AS original WHERE ${where} LIMIT 1`;
}

/** The id of a row that is not there yet. */
export const id = '0198aaaa-0000-7000-8000-000000000001';

export const otherLead = `(SELECT id FROM lead ORDER BY id DESC LIMIT 1)`;
export const otherPerson = `(SELECT id FROM person WHERE catch_all_slot IS NULL LIMIT 1)`;
export const open = 'WHERE ended_at IS NULL';
export const ended = 'WHERE ended_at IS NOT NULL';

/** Of the sequence that some enrollments are in, a version that does the same is made and put live. */
export const anotherLive = (which: string) => `
  INSERT INTO sequence_version SELECT '${id}', name, 99, repeat('e', 64), content, published_at FROM sequence_version
  WHERE id = (SELECT version_id FROM enrollment ${which} LIMIT 1);
  UPDATE sequence SET current_id = '${id}' WHERE name = (SELECT name FROM sequence_version WHERE id = '${id}');
  INSERT INTO publication SELECT sequence, n + 1, '${id}', kind, person_id, at FROM publication
  WHERE sequence = (SELECT name FROM sequence_version WHERE id = '${id}');
  UPDATE enrollment SET segment = 'theirs' ${which}
    AND (SELECT name FROM sequence_version v WHERE v.id = version_id) = (SELECT name FROM sequence_version WHERE id = '${id}')`;
export const theirs = `WHERE id = (SELECT id FROM enrollment WHERE segment = 'theirs' LIMIT 1)`;
