import { Command } from 'commander';
import { realClock } from '../../engine/clock.ts';
import { importEvents } from '../../intake/import-events.ts';
import { ImportError } from '../../intake/import-file.ts';
import { activeAgreement } from '../../store/agreement.ts';
import { tellOfFile, withFileBar } from '../file-import.ts';
import { withOpen } from '../open.ts';
import { takeIn } from '../take-in.ts';
import { Terminal } from '../terminal.ts';
import { collect, dayFirstOption, dryRunOption, jsonOption, workspaceOption } from './options.ts';

interface Options {
  dayFirst?: boolean;
  map?: string[];
  dryRun?: boolean;
  json?: boolean;
  workspace: string;
}

export function command(): Command {
  return new Command('import')
    .description('tell from a CSV file what leads did before: pages, forms, downloads, webinars')
    .argument('<file>', 'the CSV file: comma, semicolon or tab; UTF-8, UTF-16 or Latin-1')
    .addOption(dayFirstOption())
    .option('--map <heading=field>', 'say what a column is; can be repeated', collect)
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      `
Examples:
  $ npx lockstep events import activities.csv --dry-run
  $ npx lockstep events import visits.csv --map "Visitor=email" --map "Seen=at"

Fields: email, event, name, at. Each event counts by its age, as if it had been told on its day; the same file again
adds nothing. Rows that cannot be used are written to <file>.rejected.csv with their line and the reason.`,
    )
    .action(async (path: string, { dayFirst, map = [], ...options }: Options) => {
      const terminal = new Terminal(options.json === true);
      const dryRun = options.dryRun === true;
      await withOpen(options.workspace, async opened => {
        const { database } = opened;
        const active = await activeAgreement(database);
        if (active === null)
          throw new ImportError(
            'There is no active agreement yet, which says what counts and for how long.',
          );
        const dates = dayFirst === true ? 'day' : 'month';
        const result = await withFileBar(terminal, onProgress =>
          importEvents(
            database,
            active.agreement,
            { path, map, dates, dryRun, onProgress },
            realClock.now(),
          ),
        );
        if (!dryRun) await takeIn(opened, terminal, result.importId);
        if (dryRun) terminal.say('This was a dry run: nothing has changed.');
        const { rows, stored, repeated, rejected, touched, toSales } = result;
        terminal.table(
          ['rows', 'stored', 'there already', 'rejected'],
          [[rows, stored, repeated, rejected].map(String)],
        );
        terminal.say(
          toSales === null
            ? `Leads that were looked at again, because something still counts: ${touched}.`
            : `Something would still count for ${touched} leads; ${toSales} of them would go to sales.`,
        );
        tellOfFile(terminal, result);
        terminal.result({ ...result, dryRun });
      });
    });
}
