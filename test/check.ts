import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import pLimit from 'p-limit';

/** What is looked at, the longest first: types, lint, format, walls between the parts, dead code. */
const checks = [
  ['eslint', '.'],
  ['tsc', '-p', '.'],
  ['xss-scan'],
  ['knip'],
  ['depcruise', '.'],
  ['prettier', '--check', '.'],
] as const;

interface Checked {
  what: string;
  isSound: boolean;
  said: string;
}

function check([tool, ...words]: (typeof checks)[number]): Promise<Checked> {
  const program = resolve('node_modules', '.bin', tool);
  return new Promise(done => {
    execFile(
      program,
      words,
      { maxBuffer: 2 ** 26, shell: process.platform === 'win32' },
      (failure, out, error) =>
        done({ what: [tool, ...words].join(' '), isSound: failure === null, said: out + error }),
    );
  });
}

// As many at once as there are processors: each of them uses one.
const inTurn = pLimit(Math.max(1, availableParallelism()));
const checked = await Promise.all(checks.map(each => inTurn(() => check(each))));
for (const { what, isSound, said } of checked)
  process.stdout.write(`${isSound ? '✔' : '✘'} ${what}\n${isSound ? '' : `${said}\n`}`);
process.exitCode = checked.every(({ isSound }) => isSound) ? 0 : 1;
