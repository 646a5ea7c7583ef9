import { readFile, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import pg from 'pg';
// Prisma's own migration engine, compiled to WebAssembly: the same tables and checksums as
// `prisma migrate deploy`, without a binary that has to be downloaded.
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';

/** The part of the platform's WebAssembly that is used here; Node's types do not describe it. */
declare const WebAssembly: {
  instantiate: (
    code: Buffer,
    imports: Record<string, unknown>,
  ) => Promise<{ instance: { exports: { __wbindgen_start: () => void } } }>;
};

const prismaFolder = fileURLToPath(new URL('../prisma/', import.meta.url));
const everything = { externalTables: [], externalEnums: [] };

/** A migration could not be applied; the message names it and says why. */
class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/** A script failed on the server; the message is the server's, the cause is the engine's error. */
class ScriptError extends Error {
  override readonly name = 'ScriptError';
}

/**
 * Brings the database to the newest schema. Migrations run in the order of their names, each once.
 * @param folder holds one folder a migration; tests name another to stop at an earlier schema
 * @returns the names of the migrations that were applied now
 * @throws MigrationError
 */
export async function migrate(
  databaseUrl: string,
  folder: string = join(prismaFolder, 'migrations'),
): Promise<string[]> {
  const migrationsList = await readMigrations(folder);
  try {
    return await withEngine(databaseUrl, async engine => {
      const input = { migrationsList, filters: everything };
      return (await engine.applyMigrations(input)).appliedMigrationNames;
    });
  } catch (error) {
    if (!(error instanceof ScriptError))
      throw new MigrationError(`The database could not be migrated: ${(error as Error).message}`);
    // The engine's error names the migration in the middle of a trace.
    const [, name = ''] = /migration_name=\\?"([^"\\]+)/.exec(String(error.cause)) ?? [];
    // A script is one transaction, so a failed one is gone; unless that is noted, none is ever tried again.
    await withEngine(databaseUrl, engine =>
      engine.markMigrationRolledBack({ migrationName: name }),
    );
    throw new MigrationError(
      `The migration ${name} failed, and nothing of it was applied: ${error.message}. ` +
        'The migrations before it are in place. Mend what the message names, then start again.',
    );
  }
}

/**
 * The SQL that leads from one schema to another, to be read and completed by hand.
 * @param from the older text of `schema.prisma`, or null for an empty database
 */
export async function draftMigration(
  databaseUrl: string,
  from: string | null,
  to: string,
): Promise<string> {
  const target = (content: string) => ({
    tag: 'schemaDatamodel' as const,
    files: [{ path: join(prismaFolder, 'schema.prisma'), content }],
  });
  return withEngine(databaseUrl, async engine => {
    const { stdout } = await engine.diff({
      from: from === null ? { tag: 'empty' } : target(from),
      to: target(to),
      script: true,
      exitCode: null,
      filters: everything,
    });
    return stdout ?? '';
  });
}

let loaded: Promise<void> | undefined;

/** Loads the engine's code, once: its bindings keep a single instance for the whole process. */
async function load(): Promise<void> {
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm');
  const code = await readFile(join(dirname(entry), 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(code, { './schema_engine_bg.js': bindings });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}

/**
 * Prisma's adapter cuts a script at every semicolon, also within a function's body. Here a script
 * goes to the server whole, which also makes a migration one transaction.
 */
class WholeScripts extends PrismaPg {
  readonly #url: string;
  readonly #open: Awaited<ReturnType<PrismaPg['connect']>>[] = [];
  /** What the server said of the script that failed; the engine's own error does not hold it. */
  failure: unknown;

  constructor(url: string) {
    super({ connectionString: url });
    this.#url = url;
  }

  override async connect(): ReturnType<PrismaPg['connect']> {
    const adapter = await super.connect();
    adapter.executeScript = async script => {
      const client = new pg.Client({ connectionString: this.#url });
      await client.connect();
      try {
        await client.query(script);
      } catch (error) {
        this.failure = error;
        throw error;
      } finally {
        await client.end();
      }
    };
    this.#open.push(adapter);
    return adapter;
  }

  /** Closes the connections, which the engine leaves open. */
  async dispose(): Promise<void> {
    await Promise.all(this.#open.map(adapter => adapter.dispose()));
  }
}

async function withEngine<T>(
  databaseUrl: string,
  work: (engine: bindings.SchemaEngine) => Promise<T>,
): Promise<T> {
  await (loaded ??= load());
  const factory = new WholeScripts(databaseUrl);
  const bound = bindMigrationAwareSqlAdapterFactory(factory);
  try {
    const engine = await bindings.SchemaEngine.new(
      { datamodels: undefined },
      () => undefined,
      bound,
    );
    try {
      return await work(engine);
    } catch (error) {
      if (!(factory.failure instanceof Error)) throw error;
      throw new ScriptError(factory.failure.message, { cause: error });
    } finally {
      engine.free();
    }
  } finally {
    await factory.dispose();
  }
}

async function readMigrations(folder: string): Promise<bindings.MigrationList> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter(entry => entry.isDirectory()).map(entry => entry.name);
  return {
    baseDir: folder,
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.toSorted().map(async name => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: {
            tag: 'ok' as const,
            value: await readFile(join(folder, name, 'migration.sql'), 'utf8'),
          },
        },
      })),
    ),
  };
}
