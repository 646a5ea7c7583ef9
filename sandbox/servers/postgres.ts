import { spawn } from 'node:child_process';
import {
  access,
  mkdtemp,
  readFile,
  realpath,
  rename,
  rm,
  writeFile,
  chown,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { findPostgres, type PostgresBinaries } from './postgres-binaries.ts';
import { end, identify, processesIn, type ProcessIdentity } from './process-identity.ts';
import { lastLines, openLog } from './server-log.ts';
import { untilReady } from './until-ready.ts';
import { ownedFolder, unprivileged } from './unprivileged.ts';

const user = 'lockstep';
const database = 'lockstep';
const readyWithinMs = 30_000;

export interface PostgresOptions {
  /** Holds the cluster in `postgres/` and its log in `logs/`. */
  folder: string;
  port: number;
  password: string;
  /** Trades durability for speed; for throw-away test clusters only. */
  throwAway?: boolean;
}

export interface RunningServer {
  process: ProcessIdentity;
  /** Resolves with the exit code (or signal) when the process ends, however it ends. */
  exited: Promise<string>;
  stop: () => Promise<void>;
}

/** The embedded PostgreSQL could not be made or started; the message ends in its last log lines. */
class PostgresError extends Error {
  override readonly name = 'PostgresError';
}

export function postgresUrl({ port, password }: PostgresOptions): string {
  return `postgresql://${user}:${password}@127.0.0.1:${port}/${database}`;
}

/**
 * Starts PostgreSQL on a cluster of the workspace, making the cluster first if there is none.
 * Ends a server that a killed run left on the same cluster.
 * @throws PostgresError, PostgresMissingError
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningServer> {
  const binaries = await findPostgres();
  const base = await realpath(await ownedFolder(join(options.folder, 'postgres')));
  const data = join(base, 'data');
  const log = join(options.folder, 'logs', 'postgres.log');
  await makeCluster(binaries, data, options.password, log);
  await endLeftover(data);
  const { descriptor, close } = openLog(log);
  const settings = {
    port: options.port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    ...(options.throwAway
      ? { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' }
      : {}),
  };
  const child = spawn(
    binaries.postgres,
    ['-D', data, ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])],
    { cwd: '/', detached: true, stdio: ['ignore', descriptor, descriptor], ...unprivileged() },
  );
  close();
  const exited = new Promise<string>(resolve => {
    child.once('exit', (code, signal) => resolve(signal ?? String(code)));
    child.once('error', error => resolve(error.message));
  });
  const running = await untilReady(() => isReady(options, data, log), exited, readyWithinMs).catch(
    (error: unknown) => {
      child.kill('SIGINT');
      throw error;
    },
  );
  const process = running && child.pid !== undefined ? await identify(child.pid) : null;
  if (process === null)
    throw new PostgresError(
      `PostgreSQL did not start. Its log ${log} ends:\n${await lastLines(log)}`,
    );
  // SIGINT is PostgreSQL's fast shutdown: roll back what is open, write what is committed, end.
  return { process, exited, stop: () => end(process, 'SIGINT', 15_000) };
}

async function makeCluster(
  { initdb }: PostgresBinaries,
  data: string,
  password: string,
  log: string,
): Promise<void> {
  if (await exists(join(data, 'PG_VERSION'))) return;
  const owner = unprivileged();
  // Made beside and moved into place whole: a killed run leaves no half-made cluster, and of two
  // runs at once the loser throws its own away.
  const beside = await mkdtemp(`${data}.`);
  const passwordFile = `${beside}.password`;
  const { descriptor, close } = openLog(log);
  try {
    await writeFile(passwordFile, password, { mode: 0o600 });
    const { uid, gid } = owner;
    if (uid !== undefined && gid !== undefined)
      await Promise.all([beside, passwordFile].map(path => chown(path, uid, gid)));
    const args = ['-D', beside, '-U', user, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
    const child = spawn(initdb, [...args, '-E', 'UTF8', '--locale=C.UTF-8', '-k', '--no-sync'], {
      cwd: '/',
      stdio: ['ignore', descriptor, descriptor],
      ...owner,
    });
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('exit', resolve);
      child.once('error', reject);
    });
    if (code !== 0)
      throw new PostgresError(
        `PostgreSQL could not make its data folder (initdb ended with ${code}); ` +
          `the user it runs as must be known to the system. Its log ${log} ends:\n${await lastLines(log)}`,
      );
    await rename(beside, data).catch(async (error: unknown) => {
      if (!(await exists(join(data, 'PG_VERSION')))) throw error;
    });
  } finally {
    close();
    await rm(passwordFile, { force: true });
    await rm(beside, { recursive: true, force: true });
  }
}

/**
 * After a kill, `postmaster.pid` may name a server that still runs, or a pid that something else
 * has by now, which PostgreSQL takes for a running server and refuses to start. Whether one runs is
 * told by the working directory of processes, never by the pid alone.
 */
async function endLeftover(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n', 1)[0]);
  if (!pid) return;
  const here = await processesIn(data);
  const leftover =
    here.find(process => process.pid === pid) ??
    (process.platform === 'linux' ? null : await identify(pid));
  if (leftover !== null) await end(leftover, 'SIGINT', 15_000);
  for (const child of await processesIn(data)) await end(child, 'SIGKILL', 5_000);
  await rm(file, { force: true });
}

/** Ready is a server that answers a query, and whose data are ours. */
async function isReady(options: PostgresOptions, data: string, log: string): Promise<boolean> {
  const client = new pg.Client({ ...connection(options), connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    if (rows[0]?.data_directory !== data)
      throw new PostgresError(`Port ${options.port} is answered by a PostgreSQL that is not ours.`);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [
      database,
    ]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${database}`);
    return true;
  } catch (error) {
    if (error instanceof PostgresError) throw error;
    if ((error as { code?: string }).code === '28P01')
      throw new PostgresError(
        `The data in ${dirname(data)} belong to another workspace (its password differs). See ${log}.`,
      );
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function connection({ port, password }: PostgresOptions): pg.ClientConfig {
  return { host: '127.0.0.1', port, user, password, database: 'postgres' };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
