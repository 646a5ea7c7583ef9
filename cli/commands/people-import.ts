import { Command } from 'commander';
import type { ChangedPerson } from '../../domain/escalation/people-changes.ts';
import { realClock } from '../../engine/clock.ts';
import { importPeople } from '../../intake/import-people.ts';
import { withOpen } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { dryRunOption, jsonOption, workspaceOption } from './options.ts';
import { leadsHeld } from './people.ts';

interface Options {
  dryRun?: boolean;
  json?: boolean;
  workspace: string;
}

export function command(): Command {
  return new Command('import')
    .description('make the members of both teams those of a people.yaml')
    .argument('<file>', 'a file like agreement/people.yaml; it names everybody')
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      `
Examples:
  $ npx lockstep people import agreement/people.yaml --dry-run
  $ npx lockstep people import agreement/people.yaml

Who is the same is told by the key. Who is not in the file any more gets no new leads and can no longer log in; what
they did stays in the record. Times off stay as they are.`,
    )
    .action(async (path: string, options: Options) => {
      const terminal = new Terminal(options.json === true);
      const dryRun = options.dryRun === true;
      await withOpen(options.workspace, async ({ database }) => {
        const changes = await importPeople(database, { path, dryRun }, realClock.now());
        terminal.result({ ...changes, dryRun });
        const { added, returned, changed, deactivated, unchanged } = changes;
        const rows = [
          ...added.map(({ key, name }) => [name, key, 'added', '']),
          ...returned.map(person => [person.name, person.key, 'back', inWords(person)]),
          ...changed.map(person => [person.name, person.key, 'changed', inWords(person)]),
          ...deactivated.map(({ key, name, open }) => [
            name,
            key,
            'leaves',
            open === 0 ? '' : `with ${leadsHeld(open)}`,
          ]),
        ];
        if (rows.length > 0) terminal.table(['name', 'key', '', ''], rows);
        terminal.say(
          rows.length === 0
            ? `Nothing changes: all ${unchanged} are there as the file says.`
            : `${unchanged} stay as they are.`,
        );
        const holding = deactivated.filter(({ open }) => open > 0);
        for (const { name, open } of holding)
          terminal.warn(
            `${name} leaves with ${leadsHeld(open)}, which go to somebody else within a minute.`,
          );
        if (dryRun) terminal.say('This was a dry run: nothing has changed.');
      });
    });
}

function inWords({ changes }: ChangedPerson): string {
  return changes.map(({ field, before, after }) => `${field}: ${before} → ${after}`).join('\n');
}
