import { Command, Option } from 'commander';
import type { Change } from '../../domain/agreement/diff.ts';
import { readAgreed } from '../../intake/set-up.ts';
import { contentHashOf } from '../../store/agreement.ts';
import { changesOfFiles, changesOfVersions } from '../../store/draft.ts';
import { agreementFolder, templatesFolder, withOpen } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { AgreementError, versionIn, versionsOf } from './agreement.ts';
import { jsonOption, wholeNumber, workspaceOption } from './options.ts';

interface Options {
  from?: number;
  to?: number;
  json?: boolean;
  workspace: string;
}

export function command(): Command {
  const number = wholeNumber('a version', 1, 1_000_000);
  return new Command('diff')
    .description(
      'what agreement/ says differently than what is in force, or one version than another',
    )
    .argument('[folder]', 'where the draft is', agreementFolder)
    .addOption(new Option('--from <version>', 'instead of the version in force').argParser(number))
    .addOption(new Option('--to <version>', 'instead of the folder agreement/').argParser(number))
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ npx lockstep agreement diff\n  $ npx lockstep agreement diff --from 1 --to 2 --json',
    )
    .action(async (folder: string, options: Options) => {
      const terminal = new Terminal(options.json === true);
      await withOpen(options.workspace, async ({ database }) => {
        const { heads, active } = await versionsOf(database);
        const from = versionIn(heads, options.from, active);
        let changes: Change[];
        if (options.to !== undefined) {
          changes = await changesOfVersions(database, from, versionIn(heads, options.to, active));
        } else {
          const { agreement, files } = await readAgreed({
            agreement: folder,
            templates: templatesFolder,
          });
          if (from.files === null)
            throw new AgreementError(
              `The text of version ${from.version} was not kept; compare versions with --from and --to.`,
            );
          changes =
            contentHashOf(agreement) === from.contentHash ? [] : changesOfFiles(from.files, files);
        }
        const to = options.to === undefined ? 'agreement/' : `version ${options.to}`;
        terminal.result({ from: from.version, to: options.to ?? null, changes });
        if (changes.length === 0) terminal.say(`${to} says the same as version ${from.version}.`);
        else terminal.say(`${to} against version ${from.version}:`);
        sayChanges(terminal, changes);
      });
    });
}

/** Changes, each on lines of its own, so that they fit a narrow terminal. */
export function sayChanges(terminal: Terminal, changes: readonly Change[]): void {
  for (const { path, before, after } of changes) {
    terminal.say(`  ${path.join(' › ')}`);
    if (before !== null) terminal.say(`    - ${before}`);
    if (after !== null) terminal.say(`    + ${after}`);
  }
}
