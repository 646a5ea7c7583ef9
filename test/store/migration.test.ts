import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrate } from '../../store/schema-engine.ts';
import { fillWithLeads } from '../crowd.ts';
import { createDatabase, createEmptyDatabase } from '../database.ts';

const shipped = 'prisma/migrations';
const first = '20261123000000_first';

let url: string;
let drop: () => Promise<void>;
let client: pg.Client;
beforeEach(async () => {
  ({ url, drop } = await createEmptyDatabase());
  await migrateTo(first);
  client = new pg.Client({ connectionString: url });
  await client.connect();
});
afterEach(async () => {
  await client.end();
  await drop();
});

/** Applies one migration alone. */
async function migrateTo(name: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-migrations-'));
  try {
    await cp(join(shipped, name), join(folder, name), { recursive: true });
    expect(await migrate(url, folder)).toEqual([name]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What an installation has before its leads, written as its own version wrote it. */
const house = `
  INSERT INTO agreement (id, version, content_hash, content, lookback_ms, active_slot, created_at, activated_at)
  VALUES (gen_random_uuid(), 1, 'a', '{}', 5184000000, NULL, now(), now()),
    (gen_random_uuid(), 2, 'b', '{"name": "b"}', 5184000000, 1, now(), now());
  INSERT INTO sequence_version (id, name, version, hash, content, published_at)
  SELECT gen_random_uuid(), name, 1, 'a', '{}', now() FROM unnest('{c-nurture, d-long-cycle}'::text[]) AS name;
  INSERT INTO sequence (name, current_id) SELECT name, id FROM sequence_version;
  INSERT INTO person (id, key, name, address, team, role, capacity, catch_all_slot)
  VALUES (gen_random_uuid(), 'lena', 'Lena', 'lena@x.example', 'sales', 'rep', 10, NULL),
    (gen_random_uuid(), 'theo', 'Theo', 'theo@x.example', 'sales', 'manager', NULL, 1);
  INSERT INTO control (key, value, at) VALUES ('mail', 'off', now())`;

/** What single leads have. */
const oddities = `
  UPDATE enrollment SET paused_at = now(), remaining_ms = 60000
  WHERE id IN (SELECT id FROM enrollment WHERE ended_at IS NULL LIMIT 20);
  UPDATE enrollment SET blocked = '{"code": "template", "mail": "one", "detail": "a field is missing"}'
  WHERE id IN (SELECT id FROM enrollment WHERE ended_at IS NULL AND paused_at IS NULL LIMIT 20);
  UPDATE lead SET consent_basis = 'opt-in', consent_at = now() WHERE employees = 500;
  INSERT INTO send (id, enrollment_id, step_key, lead_id, content_key, state, attempt_token, attempted_at, at, reason)
  SELECT gen_random_uuid(), e.id, state, e.lead_id, state, state, gen_random_uuid(), now(), now(), 'no answer'
  FROM (SELECT * FROM enrollment WHERE ended_at IS NULL LIMIT 20) e
  CROSS JOIN unnest('{dispatching, unknown, refused}'::text[]) AS state`;

interface Table {
  table: string;
  /** Each with its type. */
  columns: Record<string, string>;
}

async function tablesOf(connection: pg.Client): Promise<Table[]> {
  const { rows } = await connection.query<Table>(`
    SELECT table_name AS table, jsonb_object_agg(column_name, udt_name) AS columns
    FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name <> '_prisma_migrations' GROUP BY 1 ORDER BY 1`);
  return rows;
}

/** What is to be found again: columns that have the same type when all migrations are applied. */
async function lastingParts(): Promise<Table[]> {
  const newest = await createDatabase();
  const there = new pg.Client({ connectionString: newest.url });
  await there.connect();
  const after = new Map((await tablesOf(there)).map(({ table, columns }) => [table, columns]));
  await there.end();
  await newest.drop();
  return (await tablesOf(client)).map(({ table, columns }) => ({
    table,
    columns: Object.fromEntries(
      Object.entries(columns).filter(([name, type]) => after.get(table)?.[name] === type),
    ),
  }));
}

interface Contents {
  table: string;
  count: number;
  /** Of all rows together; any change of any value changes it. */
  sum: string;
}

async function contentsOf(tables: readonly Table[]): Promise<Contents[]> {
  const contents: Contents[] = [];
  for (const { table, columns } of tables) {
    const { rows } = await client.query<Contents>(`
      SELECT '${table}' AS table, count(*)::int,
        sum(hashtextextended(ROW(${Object.keys(columns).toSorted().join(', ')})::text, 0))::text AS sum
      FROM ${table}`);
    contents.push(...rows);
  }
  return contents;
}

describe('on an installation that is in use, the migrations since the first', () => {
  it('leave every row as it was, and hold for rows that were there before', async () => {
    await client.query(house);
    await fillWithLeads(url, 2_000);
    await client.query(oddities);
    const parts = await lastingParts();
    const before = await contentsOf(parts);
    for (const { table, count } of before) expect(count, table).toBeGreaterThan(0);
    expect(before.find(({ table }) => table === 'event')?.count).toBe(40_000);

    const all = (await readdir(shipped, { withFileTypes: true })).filter(entry =>
      entry.isDirectory(),
    );
    const since = all.map(({ name }) => name).filter(name => name !== first);
    expect(await migrate(url)).toEqual(since.toSorted());

    expect(await contentsOf(parts)).toEqual(before);
    const { rows: doubtful } = await client.query(`
      SELECT conname FROM pg_constraint WHERE NOT convalidated
      UNION ALL SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE NOT indisvalid`);
    expect(doubtful).toEqual([]);
  });

  it('refuse rows that break what was promised, by the name of the promise, and change nothing', async () => {
    await client.query("INSERT INTO control (key, value, at) VALUES ('Mail', 'off', now())");
    await expect(migrate(url)).rejects.toThrow('"control_key"');
    await client.query("UPDATE control SET key = 'mail'");
    expect(await migrate(url)).not.toEqual([]);
  });
});
