import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, readFile, readdir, rename, writeFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Environment } from '../config.ts';
import { end, identify, isAlive } from './servers/process-identity.ts';
import { removeOwnedFolder } from './servers/unprivileged.ts';

/** A folder that holds everything of one local installation: its database, Temporal store, mails. */
export interface Workspace {
  name: string;
  folder: string;
  secrets: Secrets;
}

const secretsSchema = z.object({
  databasePassword: z.string(),
  linkSecret: z.string(),
  apiKey: z.string(),
  sendgridKey: z.string(),
  /** PEM; the sandbox signs its event webhooks with it. */
  webhookPrivateKey: z.string(),
});
export type Secrets = z.infer<typeof secretsSchema>;

export interface Ports {
  http: number;
  inbox: number;
  postgres: number;
  temporal: number;
  temporalUi: number;
}

const runSchema = z.object({
  supervisor: z.object({ pid: z.number(), startedAt: z.string() }),
  processes: z.array(z.object({ pid: z.number(), startedAt: z.string() })),
  env: z.record(z.string(), z.string()),
});
/** What a running workspace leaves for other commands to find, and for the next run to clean up. */
export type RunRecord = z.infer<typeof runSchema>;

/** A workspace that cannot be opened, or is not running where it must. */
export class WorkspaceError extends Error {
  override readonly name = 'WorkspaceError';
}

/**
 * Opens a workspace, making its folder and secrets when it is new.
 * @param home the folder that holds all workspaces
 */
export async function openWorkspace(home: string, name: string): Promise<Workspace> {
  if (!/^[a-z0-9][a-z0-9-]{0,40}$/.test(name))
    throw new WorkspaceError(
      `"${name}" cannot name a workspace: use up to 41 lower-case letters, digits and hyphens, such as "mine".`,
    );
  const folder = resolve(home, name);
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'secrets.json');
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text !== null) return { name, folder, secrets: secretsSchema.parse(JSON.parse(text)) };
  const secrets = makeSecrets();
  await writeWhole(file, JSON.stringify(secrets, null, 2));
  return { name, folder, secrets };
}

export async function listWorkspaces(home: string): Promise<string[]> {
  const entries = await readdir(home, { withFileTypes: true }).catch(() => []);
  return entries.filter(entry => entry.isDirectory()).map(entry => entry.name);
}

/** The environment that describes the workspace's local servers to every process. */
export function workspaceEnvironment(
  { name, secrets }: Workspace,
  ports: Ports,
  databaseUrl: string,
): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: `127.0.0.1:${ports.temporal}`,
    TEMPORAL_NAMESPACE: 'default',
    SENDGRID_API_KEY: secrets.sendgridKey,
    SENDGRID_BASE_URL: `http://127.0.0.1:${ports.inbox}/`,
    SENDGRID_WEBHOOK_PUBLIC_KEY: createPublicKey(createPrivateKey(secrets.webhookPrivateKey))
      .export({ type: 'spki', format: 'der' })
      .toString('base64'),
    LOCKSTEP_PUBLIC_URL: `http://localhost:${ports.http}`,
    LOCKSTEP_HTTP_PORT: String(ports.http),
    LOCKSTEP_SECRET: secrets.linkSecret,
    LOCKSTEP_API_KEY: secrets.apiKey,
    LOCKSTEP_WORKSPACE: name,
    LOCKSTEP_CLICK_HOLD: '5',
    LOCKSTEP_TEMPORAL_UI: `http://localhost:${ports.temporalUi}`,
    LOCKSTEP_INBOX: `http://localhost:${ports.inbox}`,
  };
}

/** The record of a run, whether it still runs or was killed; null when it was stopped in order. */
export async function readRun(folder: string): Promise<RunRecord | null> {
  const text = await readFile(join(folder, 'run.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  const parsed = runSchema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : null;
}

export async function writeRun(folder: string, record: RunRecord): Promise<void> {
  await writeWhole(join(folder, 'run.json'), JSON.stringify(record));
}

const rehearsalSchema = z.object({ from: z.string(), to: z.string(), isOver: z.boolean() });
/** What was rehearsed in a workspace, by its first and last day; or is, or would have been, had nobody ended it. */
export type RehearsalRecord = z.infer<typeof rehearsalSchema>;

export async function readRehearsal(folder: string): Promise<RehearsalRecord | null> {
  const text = await readFile(join(folder, 'rehearsal.json'), 'utf8').catch(() => null);
  return text === null ? null : rehearsalSchema.parse(JSON.parse(text));
}

export async function writeRehearsal(folder: string, record: RehearsalRecord): Promise<void> {
  await writeWhole(join(folder, 'rehearsal.json'), JSON.stringify(record));
}

export async function forgetRun(folder: string): Promise<void> {
  await rm(join(folder, 'run.json'), { force: true });
}

/**
 * Ends what a killed run left behind.
 * @throws WorkspaceError when the workspace is running
 */
export async function endLeftovers({
  name,
  folder,
}: Pick<Workspace, 'name' | 'folder'>): Promise<void> {
  const run = await readRun(folder);
  if (run === null) return;
  if (await isAlive(run.supervisor))
    throw new WorkspaceError(
      `The workspace "${name}" is running already (process ${run.supervisor.pid}). Its pages are at ${run.env.LOCKSTEP_PUBLIC_URL ?? ''}; stop it there with Ctrl-C, or open another with --workspace.`,
    );
  await Promise.all(run.processes.map(process => end(process, 'SIGTERM', 10_000)));
  await forgetRun(folder);
}

/**
 * Opens a workspace that holds nothing: whatever was there is removed.
 * @throws WorkspaceError when it is running
 */
export async function clearWorkspace(home: string, name: string): Promise<Workspace> {
  const { folder } = await openWorkspace(home, name);
  await endLeftovers({ name, folder });
  await removeOwnedFolder(join(folder, 'postgres'));
  await removeOwnedFolder(folder);
  return openWorkspace(home, name);
}

/**
 * The environment of a workspace that runs now.
 * @throws WorkspaceError when it does not
 */
export async function environmentOfRunning(home: string, name: string): Promise<Environment> {
  const run = await readRun(join(home, name));
  if (run === null || !(await isAlive(run.supervisor))) {
    const start = name === 'sample' ? 'npm start' : `npm start -- --workspace ${name}`;
    throw new WorkspaceError(
      `The workspace "${name}" is not running. Start it in another terminal with \`${start}\`, ` +
        'name another with --workspace, or set DATABASE_URL and the other variables of a production configuration.',
    );
  }
  return run.env;
}

/** The identity of this very process, for a run record. */
export async function ownIdentity(): Promise<RunRecord['supervisor']> {
  const identity = await identify(process.pid);
  if (identity === null) throw new WorkspaceError('This process cannot be identified.');
  return identity;
}

function makeSecrets(): Secrets {
  const random = () => randomBytes(24).toString('base64url');
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return {
    databasePassword: random(),
    linkSecret: random(),
    apiKey: random(),
    sendgridKey: `SG.${random()}`,
    webhookPrivateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** Writes a file that is either the old one or the new one, never half of it; readable by its owner only. */
async function writeWhole(file: string, text: string): Promise<void> {
  const beside = `${file}.${process.pid}`;
  await writeFile(beside, text, { mode: 0o600 });
  await rename(beside, file);
}
