import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * The workflows' code in one file, built once for each content of the workflows' folder, this file and the lock
 * file, and kept in `node_modules/.cache/`.
 */
export async function workflowBundle(): Promise<{ codePath: string }> {
  const file = join(
    root,
    'node_modules',
    '.cache',
    'lockstep',
    `workflows-${await contentHash()}.js`,
  );
  const known = await readFile(file).catch(() => null);
  if (known === null) {
    const workflowsPath = join(root, 'workflows', 'index.ts');
    const { code } = await bundleWorkflowCode({
      workflowsPath,
      // Evaluated once and not for each workflow that is kept: no module of ours remembers anything.
      preloadModules: [workflowsPath],
      logger: silent,
    });
    await mkdir(dirname(file), { recursive: true });
    const beside = `${file}.${process.pid}`;
    await writeFile(beside, code);
    await rename(beside, file);
  }
  return { codePath: file };
}

async function contentHash(): Promise<string> {
  const folder = join(root, 'workflows');
  const names = (await readdir(folder)).filter(name => name.endsWith('.ts')).toSorted();
  const hash = createHash('sha256');
  const others = [fileURLToPath(import.meta.url), join(root, 'package-lock.json')];
  for (const file of [...names.map(name => join(folder, name)), ...others])
    hash.update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
}

/** Webpack reports every module; nobody reads that. */
const silent = {
  log: () => undefined,
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
