// Makes a fresh clone runnable with nothing but Node and npm: installs the packages of the lock
// file and generates the database client, each only when what it was made from has changed.
// Plain JavaScript without imports of packages, because it runs before there are any.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = name => `${root}${name}`;
const digest = (...names) =>
  names
    .reduce((hash, name) => hash.update(readFileSync(at(name))), createHash('sha256'))
    .digest('hex');

function run(what, command, args, env = {}) {
  process.stderr.write(`${what} …\n`);
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  });
  if (status === 0) return;
  process.stderr.write(
    `${what} failed${error ? `: ${error.message}` : ` (exit code ${status})`}.\n` +
      'Mend what the lines above name (most often: no network, or no disk space), then run the same command again.\n',
  );
  process.exit(1);
}

/** Does the step unless its result is there, and its stamp says that it was made of exactly this content. */
function once(stamp, content, result, step) {
  const file = at(`node_modules/${stamp}`);
  if (existsSync(at(result)) && existsSync(file) && readFileSync(file, 'utf8') === content) return;
  step();
  writeFileSync(file, content);
}

export function install() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    process.stderr.write(
      `Lockstep needs Node 20.19 or newer; this is ${process.versions.node}. Install a newer Node, then run the same command again.\n`,
    );
    process.exit(1);
  }
  const packages = digest('package-lock.json');
  once('.lockstep-packages', packages, 'node_modules/tsx', () =>
    run('Installing packages (once, about a minute)', 'npm', [
      'install',
      '--no-save',
      '--loglevel=error',
      '--ignore-scripts',
    ]),
  );
  const client = digest('prisma/schema.prisma', 'package-lock.json');
  once('.lockstep-client', client, 'prisma/generated/client.ts', () =>
    run(
      'Generating the database client',
      process.execPath,
      ['node_modules/prisma/build/index.js', 'generate', '--no-hints'],
      {
        // Prisma looks for a migration engine even where none is used; a file that exists keeps it from downloading one.
        PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
        CHECKPOINT_DISABLE: '1',
      },
    ),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) install();
