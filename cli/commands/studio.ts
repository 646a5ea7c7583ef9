import { spawn } from 'node:child_process';
import { Command, Option } from 'commander';
import { templatesFolder } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { jsonOption, wholeNumber, workspaceOption } from './options.ts';

interface Options {
  port: number;
  workspace: string;
  open: boolean;
  json?: boolean;
}

export function command(): Command {
  return new Command('studio')
    .description('look at sequences and their mails in the browser, as they are saved')
    .addOption(
      new Option('--port <port>', 'port of its pages; 0 for any that is free')
        .default(3030)
        .argParser(wholeNumber('port', 0, 65_535)),
    )
    .addOption(workspaceOption())
    .option('--no-open', 'do not open a browser')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  $ npx lockstep studio
  $ npx lockstep studio --port 4000 --no-open

It shows what is in templates/, on this machine alone, and changes nothing. Live numbers are those of the workspace
while that is running; \`npm start\` has the studio too.`,
    )
    .action(async ({ port, workspace, open, json }: Options) => {
      const terminal = new Terminal(json === true);
      // What makes mails is much to load, and whoever asks for help waits for it.
      const { runStudio } = await import('../run-studio.ts');
      const { address, stop } = await runStudio(templatesFolder, workspace, port);
      terminal.result({ address });
      terminal.say(`  Studio  ${address}\n\n  Ctrl-C ends it.`);
      if (open && process.stdout.isTTY) openInBrowser(address);
      await new Promise<void>(resolve => {
        process.once('SIGINT', resolve);
        process.once('SIGTERM', resolve);
      });
      await stop();
    });
}

/** Opens a page for whoever sits here; where that cannot be done, the address has been said. */
function openInBrowser(address: string): void {
  const [program, words] =
    process.platform === 'darwin'
      ? ['open', [address]]
      : process.platform === 'win32'
        ? ['cmd', ['/c', 'start', '', address]]
        : ['xdg-open', [address]];
  const opening = spawn(program, words, { stdio: 'ignore', detached: true });
  opening.on('error', () => undefined);
  opening.unref();
}
