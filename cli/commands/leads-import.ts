import { Command, InvalidArgumentError, Option } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import { realClock } from '../../engine/clock.ts';
import { ImportError } from '../../intake/import-file.ts';
import { importLeads, type ImportResult } from '../../intake/import-leads.ts';
import { activeAgreement } from '../../store/agreement.ts';
import { intakeProgress, intakeResult, type IntakeResult } from '../../store/intake.ts';
import { withOpen, type Opened } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { jsonOption, workspaceOption } from './options.ts';

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
    .option('--dry-run', 'say what would happen, and change nothing')
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
        const intake = options.dryRun ? null : await takeIn(opened, terminal, result);
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
  cost: { minor: bigint; currency: string } | null,
): Promise<ImportResult> {
  const active = await activeAgreement(database);
  if (active === null)
    throw new ImportError(
      'There is no active agreement yet; `npm start` activates the one in agreement/.',
    );
  const bar = terminal.bar('reading', 1);
  const onProgress = (bytes: number, total: number) => bar.to(bytes / total);
  try {
    const options = { path, source, cost, map, dryRun, onProgress };
    return await importLeads(database, active.agreement, options, realClock.now());
  } finally {
    bar.stop();
  }
}

/** Has the leads graded and put where they belong, and waits for it. */
async function takeIn(
  { database, engine }: Opened,
  terminal: Terminal,
  { importId }: ImportResult,
): Promise<IntakeResult> {
  let progress = await intakeProgress(database, importId);
  if (!progress.finished) {
    // The same file may be taken in a second time, long after the first: its workflow begins anew.
    await engine.importIntake(importId, { shift: 0, again: true });
    const bar = terminal.bar('grading', progress.total);
    while (!progress.finished) {
      await sleep(200);
      progress = await intakeProgress(database, importId);
      bar.to(progress.done);
    }
    bar.stop();
  }
  return intakeResult(database, importId);
}

function print(
  terminal: Terminal,
  result: ImportResult,
  intake: IntakeResult | null,
  dryRun: boolean,
): void {
  const { rejected, rejectedFile, unusedHeadings, notes, noteCount } = result;
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
        rejected,
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
  for (const note of notes) terminal.warn(note);
  if (noteCount > notes.length)
    terminal.warn(`and ${noteCount - notes.length} more cells like these`);
  if (unusedHeadings.length > 0)
    terminal.say(`Columns that nothing was read from: ${unusedHeadings.join(', ')}.`);
  if (result.rows === 0) terminal.warn('The file has headings, and no rows under them.');
  if (rejected === 0) return;
  for (const { line, reason } of result.rejections) terminal.warn(`line ${line}: ${reason}`);
  if (rejected > result.rejections.length)
    terminal.warn(`and ${rejected - result.rejections.length} more rows`);
  terminal.say(
    rejectedFile === null
      ? `${rejected} rows would be rejected.`
      : `${rejected} rows were rejected; each with its reason in ${rejectedFile}.`,
  );
}

function collect(value: string, previous: string[] = []): string[] {
  return [...previous, value];
}

function readAmount(text: string): number {
  const amount = Number(text);
  if (Number.isFinite(amount) && amount >= 0) return amount;
  throw new InvalidArgumentError('an amount is written like 1200 or 1200.50');
}

/** A cost in the currency's minor unit. */
function readCost({ cost, currency }: Options): { minor: bigint; currency: string } | null {
  if (cost === undefined && currency === undefined) return null;
  if (cost === undefined || currency === undefined)
    throw new ImportError('A cost needs a currency: --cost 1200 --currency EUR.');
  const code = currency.toUpperCase();
  if (!Intl.supportedValuesOf('currency').includes(code))
    throw new ImportError(`"${currency}" is no currency; use its three letters, such as EUR.`);
  const { maximumFractionDigits: digits = 2 } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency: code,
  }).resolvedOptions();
  return { minor: BigInt(Math.round(cost * 10 ** digits)), currency: code };
}
