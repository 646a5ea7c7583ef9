import { dirname } from 'node:path';
import { Command } from 'commander';
import colors from 'picocolors';
import { lintAgreed } from '../../intake/set-up.ts';
import { agreementFolder, templatesFolder } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { AgreementError } from './agreement.ts';
import { jsonOption } from './options.ts';

export function command(): Command {
  return new Command('lint')
    .description('check agreement.yaml, segments.yaml, people.yaml, and templates/sales/')
    .argument('[folder]', 'where they are', agreementFolder)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ npx lockstep agreement lint\n  $ npx lockstep agreement lint --json',
    )
    .action(async (folder: string, options: { json?: boolean }) => {
      const terminal = new Terminal(options.json === true);
      const problems = await lintAgreed({ agreement: folder, templates: templatesFolder });
      terminal.result(problems);
      for (const { file, line, column, message } of problems)
        terminal.say(`${file}:${line}:${column}: ${colors.red('error')} ${message}`);
      if (problems.length > 0)
        throw new AgreementError(
          `${problems.length} ${problems.length === 1 ? 'error' : 'errors'} in ${foldersOf(problems)}.`,
        );
      terminal.say(`${colors.green('✔')} agreement/: nothing wrong.`);
    });
}

function foldersOf(problems: readonly { file: string }[]): string {
  return [...new Set(problems.map(({ file }) => `${dirname(file)}/`))].join(' and ');
}
