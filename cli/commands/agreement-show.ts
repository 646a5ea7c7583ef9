import { Argument, Command } from 'commander';
import colors from 'picocolors';
import { agreementById } from '../../store/agreement.ts';
import { signaturesOf } from '../../store/approval.ts';
import { withOpen } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { day, versionIn, versionsOf } from './agreement.ts';
import { jsonOption, wholeNumber, workspaceOption } from './options.ts';

export function command(): Command {
  return new Command('show')
    .description('a version as it was written, and who signed it')
    .addArgument(
      new Argument('[version]', 'the one in force when left out').argParser(
        wholeNumber('a version', 1, 1_000_000),
      ),
    )
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ npx lockstep agreement show\n  $ npx lockstep agreement show 2 --json',
    )
    .action(async (number: number | undefined, options: { json?: boolean; workspace: string }) => {
      const terminal = new Terminal(options.json === true);
      await withOpen(options.workspace, async ({ database }) => {
        const { heads, active } = await versionsOf(database);
        const head = versionIn(heads, number, active);
        const { agreement } = await agreementById(database, head.id);
        const signatures = await signaturesOf(database, head.id);
        terminal.result({ ...head, agreement, signatures });
        terminal.say(colors.bold(`Version ${head.version}: ${head.state}`));
        terminal.say(`SHA-256 ${head.contentHash}`);
        for (const { team, person, way, at } of signatures)
          terminal.say(
            `Signed for ${team} by ${person.name} on ${day(at)} UTC${way === 'link' ? '' : ', on the command line'}`,
          );
        if (signatures.length === 0)
          terminal.say(
            head.state === 'draft'
              ? 'Nobody has signed it.'
              : 'Taken over when Lockstep was set up; nobody signed it.',
          );
        for (const [name, text] of Object.entries(head.files ?? {})) {
          terminal.say();
          terminal.say(colors.dim(`# ${name}`));
          terminal.say(text.trimEnd());
        }
      });
    });
}
