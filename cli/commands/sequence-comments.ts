import { Command } from 'commander';
import colors from 'picocolors';
import { commentsOn } from '../../store/comment.ts';
import { withOpen } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { wrap } from '../wrap.ts';
import { day } from './agreement.ts';
import { jsonOption, workspaceOption } from './options.ts';

export function command(): Command {
  return new Command('comments')
    .description('what reps and marketers say of the mails of a sequence')
    .argument('<name>', 'the sequence')
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ npx lockstep sequence comments c-nurture\n\nEverybody who sees a lead can comment on a mail that it was sent, on its page.',
    )
    .action(async (name: string, options: { json?: boolean; workspace: string }) => {
      const terminal = new Terminal(options.json === true);
      await withOpen(options.workspace, async ({ database }) => {
        const comments = await commentsOn(database, name);
        terminal.result(comments);
        if (comments.length === 0) terminal.say(`Nobody has said anything of ${name} yet.`);
        for (const { mail, version, by, text, at } of comments) {
          const head = `${mail}, version ${version}: ${by.name} of ${by.team}, ${day(at)}`;
          terminal.say(`${colors.bold(head)}\n${wrap(text)}\n`);
        }
      });
    });
}
