import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environment, isProduction, readConfig, workspacesHome, type Config } from '../config.ts';
import { connectClient } from '../engine/connect.ts';
import { Engine } from '../engine/engine.ts';
import { environmentOfRunning, WorkspaceError } from '../sandbox/workspace.ts';
import { openDatabase, type Database } from '../store/database.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** The folder that holds all local workspaces. */
export const home = (): string => workspacesHome(root);
export const templatesFolder = resolve(root, 'templates');
export const agreementFolder = resolve(root, 'agreement');
/** Who plays in a rehearsal, unless another file is given. */
export const personasFile = resolve(root, 'sandbox/people/personas.yaml');

/** What a command works with, where something runs. */
export interface Opened {
  config: Config;
  database: Database;
  engine: Engine;
}

/**
 * Connects to what runs: the services of the environment in production, else the workspace. Closes
 * everything when the work is done, however it ends.
 */
export async function withOpen<T>(
  workspace: string,
  work: (opened: Opened) => Promise<T>,
): Promise<T> {
  const config = readConfig(
    isProduction() ? environment() : await environmentOfRunning(home(), workspace),
  );
  const database = openDatabase(config.databaseUrl);
  try {
    const client = await connectClient(config);
    try {
      return await work({ config, database, engine: new Engine(client) });
    } finally {
      await client.connection.close();
    }
  } finally {
    await database.close();
  }
}

/** What a command works with that reads and writes, and tells nobody. */
export type Stored = Omit<Opened, 'engine'>;

/**
 * Connects to the database alone, of what runs as `withOpen` does.
 * @param work is given null where there is no production configuration, and the workspace does not run
 */
export async function withDatabase<T>(
  workspace: string,
  work: (stored: Stored | null) => Promise<T>,
): Promise<T> {
  const env = isProduction()
    ? environment()
    : await environmentOfRunning(home(), workspace).catch((error: unknown) => {
        if (error instanceof WorkspaceError) return null;
        throw error;
      });
  if (env === null) return work(null);
  const config = readConfig(env);
  const database = openDatabase(config.databaseUrl);
  try {
    return await work({ config, database });
  } finally {
    await database.close();
  }
}
