import { Command } from 'commander';
import pLimit from 'p-limit';
import type { LeadId } from '../../domain/ids.ts';
import { realClock } from '../../engine/clock.ts';
import { importAccounts } from '../../intake/import-accounts.ts';
import { openWork } from '../../store/slot.ts';
import { tellOfFile, withFileBar } from '../file-import.ts';
import { withOpen, type Opened } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { collect, dryRunOption, jsonOption, workspaceOption } from './options.ts';

interface Options {
  map?: string[];
  dryRun?: boolean;
  json?: boolean;
  workspace: string;
}

export function command(): Command {
  return new Command('import')
    .description('tell from a CSV file of any CRM what companies are to you, and who owns them')
    .argument('<file>', 'the CSV file: comma, semicolon or tab; UTF-8, UTF-16 or Latin-1')
    .option('--map <heading=field>', 'say what a column is; can be repeated', collect)
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      `
Examples:
  $ npx lockstep accounts import accounts.csv --dry-run
  $ npx lockstep accounts import companies.csv --map "Web=domain" --map "Kind=status"

Fields: domain, name, owner, status. An owner is somebody of sales, by key or address; a status is customer, open
opportunity, competitor or none. A blank says nothing, and "none" takes away what was known. Rows that cannot be used
are written to <file>.rejected.csv with their line and the reason.`,
    )
    .action(async (path: string, { map = [], ...options }: Options) => {
      const terminal = new Terminal(options.json === true);
      const dryRun = options.dryRun === true;
      await withOpen(options.workspace, async opened => {
        const { toNudge, ...result } = await withFileBar(terminal, onProgress =>
          importAccounts(opened.database, { path, map, dryRun, onProgress }, realClock.now()),
        );
        if (!dryRun) await nudge(opened, terminal, toNudge);
        if (dryRun) terminal.say('This was a dry run: nothing has changed.');
        const { rows, unchanged, updated, repeated, rejected, touched } = result;
        terminal.table(
          ['rows', 'new', 'updated', 'unchanged', 'repeated', 'rejected'],
          [[rows, result.new, updated, unchanged, repeated, rejected].map(String)],
        );
        terminal.say(
          dryRun
            ? `Leads that would be looked at again: ${touched}.`
            : `Leads that are looked at again: ${touched}.`,
        );
        tellOfFile(terminal, result);
        terminal.result({ ...result, dryRun });
      });
    });
}

/** Leads whose open rows are read at once, and workflows that are told at once. */
const page = 200;
const width = 16;

/** Has leads looked at again. Whom a kill leaves out, the sweep finds. */
async function nudge(
  { database, engine }: Opened,
  terminal: Terminal,
  leads: readonly LeadId[],
): Promise<void> {
  const bar = terminal.bar('telling', leads.length);
  const inTurn = pLimit(width);
  for (let n = 0; n < leads.length; n += page) {
    const work = await openWork(database, leads.slice(n, n + page));
    await Promise.all(work.map(each => inTurn(() => engine.nudge(each, { shift: 0 }))));
    bar.to(n + work.length);
  }
  bar.stop();
}
