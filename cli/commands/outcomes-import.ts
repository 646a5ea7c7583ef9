import { Command, InvalidArgumentError, Option } from 'commander';
import { currencyCode } from '../../domain/amount.ts';
import { realClock } from '../../engine/clock.ts';
import { currencies } from '../../intake/currencies.ts';
import { importOutcomes } from '../../intake/import-outcomes.ts';
import { tellOfFile, withFileBar } from '../file-import.ts';
import { withOpen } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { collect, dayFirstOption, dryRunOption, jsonOption, workspaceOption } from './options.ts';

interface Options {
  source: string;
  currency?: string;
  dayFirst?: boolean;
  map?: string[];
  dryRun?: boolean;
  json?: boolean;
  workspace: string;
}

export function command(): Command {
  return new Command('import')
    .description(
      'tell from a CSV file of any CRM what became of leads: accepted, rejected, qualified, won, lost',
    )
    .argument('<file>', 'the CSV file: comma, semicolon or tab; UTF-8, UTF-16 or Latin-1')
    .option('--source <name>', 'the system that the file is from', 'crm')
    .addOption(
      new Option(
        '--currency <code>',
        'what amounts are in where no column says it, such as EUR',
      ).argParser(readCurrency),
    )
    .addOption(dayFirstOption())
    .option('--map <heading=field>', 'say what a column is; can be repeated', collect)
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      `
Examples:
  $ npx lockstep outcomes import deals.csv --source pipedrive --dry-run
  $ npx lockstep outcomes import opportunities.csv --source salesforce --currency EUR --map "Contact: Email=email"

Fields: email, outcome, at, won_at, lost_at, amount, currency, reason, id. The same file again changes nothing; a later
one corrects what has the same id. Rows that cannot be used are written to <file>.rejected.csv with their line and the
reason; what is not decided yet is passed over.`,
    )
    .action(async (path: string, { source, currency, dayFirst, map = [], ...options }: Options) => {
      const terminal = new Terminal(options.json === true);
      const dryRun = options.dryRun === true;
      await withOpen(options.workspace, async ({ database }) => {
        const result = await withFileBar(terminal, onProgress =>
          importOutcomes(
            database,
            {
              path,
              source,
              currency: currency ?? null,
              dates: dayFirst === true ? 'day' : 'month',
              map,
              dryRun,
              onProgress,
            },
            realClock.now(),
          ),
        );
        if (dryRun) terminal.say('This was a dry run: nothing has changed.');
        const { rows, unchanged, updated, passedOver, rejected } = result;
        terminal.table(
          ['rows', 'new', 'updated', 'unchanged', 'not decided yet', 'rejected'],
          [[rows, result.new, updated, unchanged, passedOver, rejected].map(String)],
        );
        tellOfFile(terminal, result);
        terminal.result({ ...result, dryRun });
      });
    });
}

function readCurrency(text: string): string {
  const code = currencyCode(text, currencies);
  if (code === null) throw new InvalidArgumentError('a currency has three letters, such as EUR');
  return code;
}
