import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { draftMigration, migrate } from '../../store/schema-engine.ts';
import { createEmptyDatabase } from '../database.ts';

let url: string;
let drop: () => Promise<void>;
let folder: string;
beforeEach(async () => {
  ({ url, drop } = await createEmptyDatabase());
  folder = await mkdtemp(join(tmpdir(), 'lockstep-migrations-'));
});
afterEach(async () => {
  await drop();
  await rm(folder, { recursive: true });
});

async function query<Row extends pg.QueryResultRow>(statement: string, of = url): Promise<Row[]> {
  const client = new pg.Client({ connectionString: of });
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}

async function aMigration(name: string, script: string): Promise<void> {
  await mkdir(join(folder, name));
  await writeFile(join(folder, name, 'migration.sql'), script);
}

/** Everything about tables that Prisma's schema can say, in order. */
async function catalog(of: string): Promise<unknown[]> {
  return Promise.all(
    [
      `SELECT table_name, column_name, data_type, is_nullable, column_default, datetime_precision
       FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2`,
      // What holds an exclusion is beyond it; the catalog test knows of that.
      `SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
         AND indexname NOT IN (SELECT conname FROM pg_constraint WHERE contype = 'x') ORDER BY 1`,
      `SELECT conrelid::regclass::text AS of, pg_get_constraintdef(oid) AS def FROM pg_constraint
       WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'f', 'u') ORDER BY 1, 2`,
    ].map(statement => query(statement, of)),
  );
}

const shipped = 'prisma/migrations';
const shippedNames = async () =>
  (await readdir(shipped, { withFileTypes: true }))
    .filter(entry => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();

describe('migrations', () => {
  it('bring an empty database to the schema, each once', async () => {
    expect(await migrate(url)).toEqual(await shippedNames());
    expect(await migrate(url)).toEqual([]);
  });

  it('lead to what the schema says: the same columns, keys and indexes', async () => {
    const schema = await readFile('prisma/schema.prisma', 'utf8');
    await migrate(url);
    await query('DROP TABLE _prisma_migrations');
    const migrated = await catalog(url);
    const fresh = await createEmptyDatabase();
    try {
      await query(await draftMigration(fresh.url, null, schema), fresh.url);
      expect(migrated).toEqual(await catalog(fresh.url));
    } finally {
      await fresh.drop();
    }
  });

  it('go on from where an installation stands, and leave its rows as they are', async () => {
    await cp(shipped, folder, { recursive: true });
    await migrate(url, folder);
    await query(
      `INSERT INTO source (id, key, created_at) VALUES ('01980000-0000-7000-8000-000000000001', 'fair', now())`,
    );
    await aMigration(
      '29990101000000_next',
      'ALTER TABLE source ADD COLUMN note text; UPDATE source SET note = key;',
    );
    expect(await migrate(url, folder)).toEqual(['29990101000000_next']);
    expect(await query('SELECT key, note FROM source')).toEqual([{ key: 'fair', note: 'fair' }]);
  });

  it('are whole: one that fails half-way has done nothing, and is named', async () => {
    await aMigration('1_good', 'CREATE TABLE good (id int);');
    await aMigration('2_bad', 'CREATE TABLE half (id int); INSERT INTO nowhere VALUES (1);');
    await expect(migrate(url, folder)).rejects.toThrow(
      'The migration 2_bad failed, and nothing of it was applied: relation "nowhere" does not exist.',
    );
    const tables = await query<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE tablename IN ('good', 'half')`,
    );
    expect(tables.map(({ name }) => name)).toEqual(['good']);
    await writeFile(join(folder, '2_bad', 'migration.sql'), 'CREATE TABLE half (id int);');
    expect(await migrate(url, folder)).toEqual(['2_bad']);
  });

  it('of two processes that start at once are applied by one', async () => {
    const applied = await Promise.all([migrate(url), migrate(url)]);
    expect(applied.flat().toSorted()).toEqual(await shippedNames());
  });
});
