import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createBrotliDecompress } from 'node:zlib';
import { chromium, type Browser } from 'playwright-core';

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
];

/** A real browser: an installed one where CHROME_PATH names it, else the one that npm carries. */
export async function launchBrowser(): Promise<Browser> {
  const installed = process.env.CHROME_PATH;
  if (installed !== undefined) return chromium.launch({ executablePath: installed, args });
  const folder = await unpackedBrowser();
  const executablePath = join(folder, 'chromium');
  const isComplete = !(await promisify(execFile)('ldd', [executablePath])).stdout.includes(
    'not found',
  );
  return chromium.launch({
    executablePath,
    args,
    env: {
      ...process.env,
      FONTCONFIG_PATH: join(folder, 'fonts'),
      ...(isComplete ? {} : { LD_LIBRARY_PATH: join(folder, 'lib') }),
    },
  });
}

/**
 * The browser of `@sparticuz/chromium`, unpacked once for each version into `node_modules/.cache/`,
 * with its fonts and with the shared libraries that a bare machine lacks. (The package's own way
 * unpacks to a fixed path of the temporary folder, where two runs at once meet half a browser.)
 */
async function unpackedBrowser(): Promise<string> {
  const packed = join(
    dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')),
    '../../bin',
  );
  const cache = fileURLToPath(new URL('../node_modules/.cache/lockstep/', import.meta.url));
  const { version } = createRequire(import.meta.url)(join(packed, '../package.json')) as {
    version: string;
  };
  const folder = join(cache, `chromium-${version}`);
  const isThere = await access(folder).then(
    () => true,
    () => false,
  );
  if (isThere) return folder;
  await mkdir(cache, { recursive: true });
  const beside = await mkdtemp(`${folder}.`);
  try {
    const inflate = (name: string, to: string) =>
      pipeline(
        createReadStream(join(packed, name)),
        createBrotliDecompress(),
        createWriteStream(join(beside, to)),
      );
    await mkdir(join(beside, 'fonts'));
    await Promise.all([
      inflate('chromium.br', 'chromium'),
      inflate('fonts.tar.br', 'fonts.tar'),
      inflate('al2023.tar.br', 'lib.tar'),
    ]);
    await promisify(execFile)('tar', ['-xf', 'fonts.tar', '-C', 'fonts'], { cwd: beside });
    await promisify(execFile)('tar', ['-xf', 'lib.tar'], { cwd: beside });
    // The package's own file names the folders of the machine that it is made for.
    await writeFile(
      join(beside, 'fonts', 'fonts.conf'),
      `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${folder}/fonts</dir></fontconfig>`,
    );
    await chmod(join(beside, 'chromium'), 0o755);
    await rename(beside, folder).catch(() => access(folder));
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
  return folder;
}
