/** A copy of a row of a filled database, with some of its columns changed. */
export function copyOf(table: string, changes: Record<string, unknown>, where = 'true'): string {
  const given = JSON.stringify(changes).replaceAll("'", "''");
  return `INSERT INTO ${table}
    SELECT (jsonb_populate_record(original, '${given}')).* FROM ${table} AS original WHERE ${where} LIMIT 1`;
}

/** Ids of rows that are not there yet. */
export const id = '0198aaaa-0000-7000-8000-000000000001';
export const otherLead = `(SELECT id FROM lead ORDER BY id DESC LIMIT 1)`;
