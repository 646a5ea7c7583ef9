import { createHash } from 'node:crypto';
import { chown, cp, mkdir, mkdtemp, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/**
 * PostgreSQL refuses to run as root. When Lockstep is run by root, its servers run as `nobody`,
 * who may not enter every folder root may: a clone under /root or under a `mktemp -d` is closed
 * to it. What it must read or write then lives under `publicRoot`, linked from where it belongs.
 */
const nobody = 65534;
const publicRoot = '/var/lib/lockstep';

export interface SpawnIdentity {
  uid?: number;
  gid?: number;
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** The user that an unprivileged server is spawned as: nobody for root, else the present user. */
export function unprivileged(): SpawnIdentity {
  return isRoot() ? { uid: nobody, gid: nobody } : {};
}

async function othersMayEnter(folder: string): Promise<boolean> {
  for (let path = resolve(folder); ; path = dirname(path)) {
    const mode = (await stat(path).catch(() => null))?.mode;
    if (mode !== undefined && (mode & 0o001) === 0) return false;
    if (path === dirname(path)) return true;
  }
}

/**
 * A folder that the unprivileged user can enter and owns: `folder` itself, or what it links to. The
 * link is the only record of that, so a workspace that is deleted and made again begins empty.
 */
export async function ownedFolder(folder: string): Promise<string> {
  if (!isRoot()) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return folder;
  }
  const parent = dirname(folder);
  await mkdir(parent, { recursive: true });
  if (await othersMayEnter(parent)) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chown(folder, nobody, nobody);
    return folder;
  }
  const linked = await readlink(folder).catch(() => null);
  const elsewhere = linked ?? (await mkdtemp(join(await madePublicRoot(), 'data-')));
  await mkdir(elsewhere, { recursive: true });
  await chown(elsewhere, nobody, nobody);
  if (linked === null) await symlink(elsewhere, folder);
  return elsewhere;
}

/**
 * A copy of `folder` that the unprivileged user can read: `folder` itself when it already can.
 * @param name tells one content of the folder from the next, such as its version
 */
export async function readableFolder(folder: string, name: string): Promise<string> {
  if (!isRoot() || (await othersMayEnter(folder))) return folder;
  const copy = join(publicRoot, `${name}-${shortHash(folder)}`);
  if ((await stat(copy).catch(() => null)) !== null) return copy;
  const partial = `${copy}.${process.pid}`;
  await madePublicRoot();
  await cp(folder, partial, { recursive: true, verbatimSymlinks: true });
  await rename(partial, copy).catch(() => rm(partial, { recursive: true, force: true }));
  return copy;
}

/** Deletes an owned folder and, where it was a link, what it points to. */
export async function removeOwnedFolder(folder: string): Promise<void> {
  const linked = await readlink(folder).catch(() => null);
  if (linked !== null) await rm(linked, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
}

async function madePublicRoot(): Promise<string> {
  await mkdir(publicRoot, { recursive: true, mode: 0o755 });
  return publicRoot;
}

function shortHash(text: string): string {
  return createHash('sha256').update(resolve(text)).digest('hex').slice(0, 16);
}
