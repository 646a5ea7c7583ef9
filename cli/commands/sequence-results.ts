import { writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { DateTime } from 'luxon';
import { suggestion } from '../../domain/document/nearest.ts';
import { instant } from '../../domain/instant.ts';
import { measures, type Measure } from '../../domain/review/variant-results.ts';
import { realClock } from '../../engine/clock.ts';
import type { Database } from '../../store/database.ts';
import { splitResults } from '../../store/split-results.ts';
import { stepResults } from '../../store/step-results.ts';
import { withOpen } from '../open.ts';
import { printSplitResult, printStepResults, stepResultsCsv } from '../result-tables.ts';
import { Terminal } from '../terminal.ts';
import { jsonOption, readDay, wholeNumber, workspaceOption } from './options.ts';

/** There is nothing to look at. */
export class ResultsError extends Error {
  override readonly name = 'ResultsError';
}

interface Options {
  version?: number;
  segment?: string;
  by?: 'segment';
  since?: DateTime;
  until?: DateTime;
  measure?: Measure;
  within?: number;
  csv?: string;
  json?: boolean;
  workspace: string;
}

export function command(): Command {
  return new Command('results')
    .description('what each step of a sequence brought, and which variant did better')
    .argument('<name>', 'the sequence')
    .option('--version <n>', 'one version alone', wholeNumber('a version', 1, 1_000_000))
    .option('--segment <segment>', 'leads that came by this segment alone')
    .addOption(new Option('--by <what>', 'tell segments apart').choices(['segment']))
    .option('--since <day>', 'mails sent on this day or later', readDay)
    .option('--until <day>', 'mails sent before this day', readDay)
    .addOption(measureOption())
    .addOption(withinOption())
    .option('--csv <file>', 'write the steps there as CSV; - writes them here and nothing else')
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      `
Examples:
  $ npx lockstep sequence results c-nurture
  $ npx lockstep sequence results c-nurture --by segment --since 2026-09-01
  $ npx lockstep sequence results c-nurture --csv results.csv

docs/results.md says what is counted, and how variants are compared.`,
    )
    .action(async (name: string, options: Options) => {
      const { csv, measure, within } = options;
      const terminal = new Terminal(options.json === true);
      await withOpen(options.workspace, async ({ database }) => {
        const at = realClock.now();
        const results = await stepResults(database, name, scopeOf(options), at);
        if (results === null)
          throw new ResultsError(await notThere(database, name, options.version));
        if (csv === '-') {
          process.stdout.write(stepResultsCsv(results));
          return;
        }
        if (csv !== undefined) await writeFile(csv, stepResultsCsv(results));
        const question = { measure, withinDays: within };
        const splits = (await splitResults(database, name, question, at)) ?? [];
        terminal.result({ ...results, splits });
        printStepResults(terminal, results);
        for (const split of splits) {
          terminal.say();
          printSplitResult(terminal, split);
        }
        if (csv !== undefined) terminal.say(`\nThe steps are in ${csv} too.`);
      });
    });
}

function scopeOf({ version, segment, by, since, until }: Options) {
  const momentOf = (day: DateTime | undefined) => day && instant(day.toMillis());
  return {
    ...{ version, segment, bySegment: by === 'segment' },
    ...{ since: momentOf(since), until: momentOf(until) },
  };
}

/** Says what there is instead of a sequence, or of a version of it. */
export async function notThere(
  database: Database,
  name: string,
  version?: number,
): Promise<string> {
  const rows = await database.sequenceVersion.findMany({
    select: { name: true, version: true },
    orderBy: [{ name: 'asc' }, { version: 'asc' }],
  });
  const own = rows.filter(row => row.name === name);
  if (own.length > 0 && version !== undefined)
    return `"${name}" has no version ${version}. Known: ${own.map(row => row.version).join(', ')}.`;
  const names = [...new Set(rows.map(row => row.name))];
  return `No sequence "${name}" was ever published.${suggestion(name, names)}`;
}

/** What variants are compared by. */
export function measureOption(): Option {
  return new Option(
    '--measure <measure>',
    'what variants are compared by; else clicks, or escalations where there is a hold-out or a split',
  ).choices(measures);
}

/** Within how long it has to happen. */
export function withinOption(): Option {
  return new Option(
    '--within <days>',
    'within so many days after the variant; else 7 for a mail and 30 for a split',
  ).argParser(wholeNumber('days', 1, 365));
}
