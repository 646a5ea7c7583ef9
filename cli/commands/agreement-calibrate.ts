import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { targets, type Target } from '../../domain/agreement/calibrate/case.ts';
import { realClock } from '../../engine/clock.ts';
import { agreementFolder, withOpen } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { jsonOption, workspaceOption } from './options.ts';

interface Options {
  outcome: Target;
  out?: string;
  json?: boolean;
  workspace: string;
}

/** The draft would be written over what is there. */
class OverwriteError extends Error {
  override readonly name = 'OverwriteError';
}

export function command(): Command {
  return new Command('calibrate')
    .description('what became of leads, held against the points they had; proposes, never changes')
    .addOption(
      new Option('--outcome <which>', 'what a lead should come to')
        .choices(targets)
        .default('accepted'),
    )
    .option('--out <file>', 'writes a draft with the proposed points, and the reason beside each')
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      `
Examples:
  $ npx lockstep agreement calibrate
  $ npx lockstep agreement calibrate --outcome won --out drafts/agreement.yaml
  $ npx lockstep agreement forecast drafts/agreement.yaml

A draft is written from agreement/agreement.yaml, whose points must be those in force. In --json, times are in
milliseconds, and rates from 0 to 1.`,
    )
    .action(async ({ outcome, out, json, workspace }: Options) => {
      const { calibrate } = await import('../../outlook/calibrate.ts');
      const { withProposals } = await import('../../domain/agreement/calibrate/rewrite.ts');
      const { tellCalibration } = await import('../calibration-tables.ts');
      const terminal = new Terminal(json === true);
      await withOpen(workspace, async ({ database }) => {
        const calibration = await calibrate(database, outcome, realClock.now());
        const file = out === undefined ? null : resolve(out);
        if (file !== null) {
          const text = await readFile(join(agreementFolder, 'agreement.yaml'), 'utf8');
          await writeNew(file, withProposals(text, calibration.proposals));
        }
        terminal.result(file === null ? calibration : { ...calibration, out: file });
        tellCalibration(terminal, calibration);
        if (file !== null)
          terminal.say(
            `\nThe draft: ${file}\nWhat it would mean: npx lockstep agreement forecast ${out ?? ''}`,
          );
      });
    });
}

/** @throws OverwriteError what somebody wrote is not written over */
async function writeNew(file: string, text: string): Promise<void> {
  await writeFile(file, text, { flag: 'wx' }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new OverwriteError(`${file} is there already; name another file.`);
  });
}
