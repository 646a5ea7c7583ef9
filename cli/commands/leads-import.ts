import { Command, InvalidArgumentError, Option } from 'commander';
import { currencyCode } from '../../domain/amount.ts';
import { decimalsOf } from '../../domain/money.ts';
import { realClock } from '../../engine/clock.ts';
import { currencies } from '../../intake/currencies.ts';
import { ImportError } from '../../intake/import-file.ts';
import { importLeads, type ImportOptions, type ImportResult } from '../../intake/import-leads.ts';
import { activeAgreement } from '../../store/agreement.ts';
import { intakeResult, type IntakeResult } from '../../store/intake.ts';
import { tellOfFile, withFileBar } from '../file-import.ts';
import { withOpen, type Opened } from '../open.ts';
import { takeIn } from '../take-in.ts';
import { Terminal } from '../terminal.ts';
import { collect, dryRunOption, jsonOption, workspaceOption } from './options.ts';

interface Options {
  source: string;
  cost?: number;
  currency?: string;
  map?: string[];
  dryRun?: boolean;
  json?: boolean;
  workspace: string;
}

export function command(): Command {
  return new Command('import')
    .description('bring leads in from a CSV file of any CRM')
    .argument('<file>', 'the CSV file: comma, semicolon or tab; UTF-8, UTF-16 or Latin-1')
    .requiredOption('--source <name>', 'where these leads came from, such as "spring fair 2026"')
    .addOption(
      new Option('--cost <amount>', 'what the source cost, such as 1200').argParser(readAmount),
    )
    .option('--currency <code>', 'the currency of the cost, such as EUR')
    .option('--map <heading=field>', 'say what a column is; can be repeated', collect)
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      `
Examples:
  $ npx lockstep leads import contacts.csv --source "spring fair" --cost 1200 --currency EUR
  $ npx lockstep leads import list.csv --source webinar --map "Job title=title" --map "Mail=email" --dry-run

Rows that cannot be used are written to <file>.rejected.csv with their line and the reason.`,
    )
    .action(async (file: string, options: Options) => {
      const terminal = new Terminal(options.json === true);
      const cost = readCost(options);
      await withOpen(options.workspace, async opened => {
        const result = await importFile(opened, terminal, file, options, cost);
        if (options.dryRun !== true) await takeIn(opened, terminal, result.importId);
        const intake =
          options.dryRun === true ? null : await intakeResult(opened.database, result.importId);
        print(terminal, result, intake ?? result.foretold, options.dryRun === true);
        const { foretold, ...rest } = result;
        terminal.result({ ...rest, dryRun: options.dryRun === true, intake: intake ?? foretold });
      });
    });
}

async function importFile(
  { database }: Opened,
  terminal: Terminal,
  path: string,
  { source, map = [], dryRun = false }: Options,
  cost: ImportOptions['cost'],
): Promise<ImportResult> {
  const active = await activeAgreement(database);
  if (active === null)
    throw new ImportError(
      'There is no active agreement yet; `npm start` activates the one in agreement/.',
    );
  return withFileBar(terminal, onProgress =>
    importLeads(
      database,
      active.agreement,
      { path, source, cost, map, dryRun, onProgress },
      realClock.now(),
    ),
  );
}

function print(
  terminal: Terminal,
  result: ImportResult,
  intake: IntakeResult | null,
  dryRun: boolean,
): void {
  if (dryRun) terminal.say('This was a dry run: nothing has changed.');
  terminal.table(
    ['rows', 'new', 'updated', 'unchanged', 'repeated', 'rejected', 'suppressed'],
    [
      [
        result.rows,
        result.new,
        result.updated,
        result.unchanged,
        result.repeated,
        result.rejected,
        result.suppressed,
      ].map(String),
    ],
  );
  if (intake !== null) {
    const { grades, escalated, enrolled, resting } = intake;
    const sequences = Object.entries(enrolled).map(([name, count]) => `${count} in ${name}`);
    terminal.say(`Grades: ${grades.A} A, ${grades.B} B, ${grades.C} C, ${grades.D} D.`);
    terminal.say(
      `With sales: ${escalated}. In nurture: ${sequences.join(', ') || '0'}. At rest: ${resting}.`,
    );
  }
  tellOfFile(terminal, result);
}

function readAmount(text: string): number {
  const amount = Number(text);
  if (Number.isFinite(amount) && amount >= 0) return amount;
  throw new InvalidArgumentError('an amount is written like 1200 or 1200.50');
}

/** A cost in the currency's minor unit. */
function readCost({ cost, currency }: Options): ImportOptions['cost'] {
  if (cost === undefined && currency === undefined) return null;
  if (cost === undefined || currency === undefined)
    throw new ImportError('A cost needs a currency: --cost 1200 --currency EUR.');
  const code = currencyCode(currency, currencies);
  if (code === null)
    throw new ImportError(`"${currency}" is no currency; use its three letters, such as EUR.`);
  return { minor: BigInt(Math.round(cost * 10 ** decimalsOf(code))), currency: code };
}
