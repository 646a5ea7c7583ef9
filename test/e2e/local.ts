import { setTimeout as sleep } from 'node:timers/promises';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { freePorts } from '../../sandbox/servers/ports.ts';
import { openDatabase, type Database } from '../../store/database.ts';
import { removeOwnedFolder } from '../../sandbox/servers/unprivileged.ts';

/** A run of `npm start` in a folder of its own, driven as a person would. */
export interface LocalRun {
  home: string;
  workspace: string;
  pages: string;
  inbox: string;
  temporal: string;
  /** Every line that it said, as JSON. */
  lines: Record<string, unknown>[];
  process: ChildProcess;
  /** Resolves with the exit code, or the signal. */
  exited: Promise<number | string>;
}

interface Place {
  home: string;
  ports: number[];
}

/** A home for workspaces that only its owner may enter, and ports that nobody uses. */
export async function makePlace(): Promise<Place> {
  const home = await mkdtemp(join(tmpdir(), 'lockstep-e2e-'));
  await chmod(home, 0o700);
  return { home, ports: await freePorts(5) };
}

export async function removePlace({ home }: Place): Promise<void> {
  for (const workspace of ['sample', 'mine'])
    await removeOwnedFolder(join(home, workspace, 'postgres'));
  await removeOwnedFolder(home);
}

/** Starts it and waits until everything is up. */
export async function start(
  { home, ports }: Place,
  workspace = 'sample',
  command = [process.execPath, 'cli/lockstep.mjs', 'up'],
  isReady?: (said: Record<string, unknown>) => boolean,
  rehearse = 0,
): Promise<LocalRun> {
  const [http = 0, inbox = 0, postgres = 0, temporal = 0, ui = 0] = ports;
  // Most tests are about leads that just came; a rehearsed past takes its time.
  const args = [...command, '--json', '--workspace', workspace, '--rehearse', String(rehearse)];
  const options = { http, inbox, postgres, temporal, 'temporal-ui': ui };
  for (const [name, port] of Object.entries(options)) args.push(`--${name}-port`, String(port));
  const run: LocalRun = {
    home,
    workspace,
    pages: `http://localhost:${http}`,
    inbox: `http://localhost:${inbox}`,
    temporal: `127.0.0.1:${temporal}`,
    ...(await untilReady(args, cleanEnvironment(home), isReady)),
  };
  return run;
}

type Running = Pick<LocalRun, 'lines' | 'process' | 'exited'>;

/** Starts it against the services of a run, as if they were production's. */
export async function startProduction(of: LocalRun, httpPort: number): Promise<Running> {
  const { env } = await recordOf(of);
  const { LOCKSTEP_WORKSPACE, LOCKSTEP_TEMPORAL_UI, LOCKSTEP_INBOX, ...services } = env;
  expect([LOCKSTEP_WORKSPACE, LOCKSTEP_TEMPORAL_UI, LOCKSTEP_INBOX]).not.toContain(undefined);
  return untilReady([process.execPath, 'cli/lockstep.mjs', 'up', '--json'], {
    ...cleanEnvironment(of.home),
    ...services,
    LOCKSTEP_HTTP_PORT: String(httpPort),
    LOCKSTEP_PUBLIC_URL: `http://localhost:${httpPort}`,
  });
}

async function untilReady(
  command: string[],
  env: NodeJS.ProcessEnv,
  isReady: (said: Record<string, unknown>) => boolean = said => said.ready === true,
): Promise<Running> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  const run: Running = {
    lines: [],
    process: child,
    exited: new Promise(resolve =>
      child.once('exit', (code, signal) => resolve(signal ?? code ?? -1)),
    ),
  };
  let complaint = '';
  child.stderr.on('data', chunk => (complaint += String(chunk)));
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', line => {
      const said = JSON.parse(line) as Record<string, unknown>;
      run.lines.push(said);
      if (isReady(said)) resolve();
    });
    void run.exited.then(how => reject(new Error(`It ended (${how}): ${complaint}`)));
  });
  return run;
}

/** Ctrl-C. */
export async function stop({ process: child, exited }: Running): Promise<number | string> {
  child.kill('SIGINT');
  return exited;
}

/** Runs a command of `lockstep` beside it and returns what it said as JSON. */
export async function lockstep(place: { home: string }, ...args: string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['cli/lockstep.mjs', ...args, '--json'],
    {
      env: cleanEnvironment(place.home),
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  return JSON.parse(stdout);
}

/** The ids of the processes that a run's record names. */
export async function recorded(run: LocalRun): Promise<{ pid: number }[]> {
  return (await recordOf(run)).processes;
}

async function recordOf({ home, workspace }: LocalRun) {
  const text = await readFile(join(home, workspace, 'run.json'), 'utf8');
  return JSON.parse(text) as { processes: { pid: number }[]; env: Record<string, string> };
}

/** The database of a run, for what no command tells. */
export async function databaseOf(run: LocalRun): Promise<Database> {
  return openDatabase((await recordOf(run)).env.DATABASE_URL ?? '', 1);
}

/** The processes of a run whose command holds a text. */
export async function processesWith(run: LocalRun, text: string): Promise<number[]> {
  const found: number[] = [];
  for (const { pid } of await recorded(run)) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes(text)) found.push(pid);
  }
  return found;
}

function cleanEnvironment(home: string): NodeJS.ProcessEnv {
  const { PATH, HOME, NODE_EXTRA_CA_CERTS } = process.env;
  return { PATH, HOME, NODE_EXTRA_CA_CERTS, LOCKSTEP_HOME: home };
}

/** Looks again and again until what is there is right. */
export async function eventually<T>(
  look: () => Promise<T>,
  isRight: (value: T) => boolean,
  withinMs = 30_000,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const value = await look();
    if (isRight(value)) return value;
    if (Date.now() > deadline)
      throw new Error(`It never came to this; last seen: ${JSON.stringify(value).slice(0, 500)}`);
    await sleep(250);
  }
}
