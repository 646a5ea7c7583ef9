import { Command } from 'commander';
import { status } from '../../store/status.ts';
import { withOpen } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { jsonOption, workspaceOption } from './options.ts';

export function command(): Command {
  return new Command('status')
    .description('how many leads are nurtured, paused, blocked, with sales, at rest')
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText('after', '\nExample:\n  $ npx lockstep ops status --json')
    .action(async (options: { json?: boolean; workspace: string }) => {
      const terminal = new Terminal(options.json === true);
      await withOpen(options.workspace, async ({ database }) => {
        const { leads, mail } = await status(database);
        terminal.result({ ...leads, mail });
        terminal.table(Object.keys(leads), [Object.values(leads).map(String)]);
        if (mail === 'off')
          terminal.warn(
            'All mail is off. Switch it on again with `npx lockstep ops resume --all`.',
          );
      });
    });
}
