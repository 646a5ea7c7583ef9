import { Command } from 'commander';
import { activations } from '../../store/activation.ts';
import { signaturesOf, teams } from '../../store/approval.ts';
import { withOpen } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { day, versionsOf } from './agreement.ts';
import { jsonOption, workspaceOption } from './options.ts';

export function command(): Command {
  return new Command('history')
    .description('every version: who signed it, when it was in force, what it did to the leads')
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText('after', '\nExample:\n  $ npx lockstep agreement history')
    .action(async (options: { json?: boolean; workspace: string }) => {
      const terminal = new Terminal(options.json === true);
      await withOpen(options.workspace, async ({ database }) => {
        const { heads } = await versionsOf(database);
        const every = await Promise.all(
          heads.map(async ({ id, version, state, contentHash, createdAt, activatedAt }) => ({
            ...{ version, state, contentHash, createdAt, activatedAt },
            signatures: await signaturesOf(database, id),
          })),
        );
        const done = await activations(database);
        terminal.result({ versions: every, activations: done });
        terminal.table(
          ['version', 'state', 'since', ...teams.map(team => `signed by ${team}`)],
          every.map(({ version, state, createdAt, activatedAt, signatures }) => [
            String(version),
            state,
            day(activatedAt ?? createdAt),
            ...teams.map(team => {
              const signature = signatures.find(each => each.team === team);
              if (signature === undefined) return '';
              return `${signature.person.name}${signature.way === 'link' ? '' : ' (command line)'}`;
            }),
          ]),
        );
        if (done.length === 0) return;
        terminal.say();
        terminal.table(
          ['put into force', 'version', 'leads', 'other grade', 'crossed', 'let through'],
          done.map(({ at, version, looked, total, changed, crossed, released }) => [
            day(at),
            String(version),
            looked === total ? String(total) : `${looked} of ${total}`,
            String(changed),
            String(crossed),
            String(released),
          ]),
        );
      });
    });
}
