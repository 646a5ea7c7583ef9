import { Command } from 'commander';
import colors from 'picocolors';
import { realClock } from '../../engine/clock.ts';
import { endAway } from '../../store/time-off.ts';
import { withOpen } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { jsonOption, workspaceOption } from './options.ts';
import { memberNamed, timeOffInWords } from './people.ts';

export function command(): Command {
  return new Command('back')
    .description('note that somebody is back, or does not go away after all')
    .argument('<name>', 'a key, an address, or a part of the name that only one has')
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ npx lockstep people back lena\n\nWho is away now is back now, and what is planned for later stays. Of somebody who is there, all that is planned is taken back.',
    )
    .action(async (word: string, options: { json?: boolean; workspace: string }) => {
      const terminal = new Terminal(options.json === true);
      await withOpen(options.workspace, async ({ database }) => {
        const at = realClock.now();
        const { member, zone } = await memberNamed(database, word, at);
        const ended = await endAway(database, member.id, at);
        const { key, name } = member;
        terminal.result({ key, name, zone, ended });
        if (ended.length === 0) terminal.say(`${name} is not away, and nothing is planned.`);
        else if (ended.some(({ from }) => from <= at))
          terminal.say(`${colors.green('✔')} ${name} is back, and gets leads again.`);
        else
          for (const time of ended)
            terminal.say(
              `${colors.green('✔')} ${name} is there ${timeOffInWords(time, zone)} after all.`,
            );
      });
    });
}
