import { Command } from 'commander';
import type { Measure } from '../../domain/review/variant-results.ts';
import { realClock } from '../../engine/clock.ts';
import { splitResults } from '../../store/split-results.ts';
import { withOpen } from '../open.ts';
import { printSplitResult } from '../result-tables.ts';
import { Terminal } from '../terminal.ts';
import { applyWinner, chosenOf, sayWinner } from '../winning.ts';
import { dryRunOption, jsonOption, workspaceOption } from './options.ts';
import { measureOption, notThere, ResultsError, withinOption } from './sequence-results.ts';

interface Options {
  apply?: boolean;
  variant?: string;
  dryRun?: boolean;
  measure?: Measure;
  within?: number;
  json?: boolean;
  workspace: string;
}

export function command(): Command {
  return new Command('winner')
    .description('which variant has won, and make it the only one')
    .argument('<name>', 'the sequence')
    .argument('[split]', 'the mail with variants, or the split; all of them when none is named')
    .option('--apply', 'write it into the sequence’s folder; publish it afterwards')
    .option('--variant <variant>', 'take this one, by your decision and not by the data')
    .addOption(dryRunOption())
    .addOption(measureOption())
    .addOption(withinOption())
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      `
Examples:
  $ npx lockstep sequence winner c-nurture
  $ npx lockstep sequence winner c-nurture 01-welcome --apply
  $ npx lockstep sequence winner c-nurture 01-welcome --apply --variant bold`,
    )
    .action(async (name: string, split: string | undefined, options: Options) => {
      const terminal = new Terminal(options.json === true);
      await withOpen(options.workspace, async ({ database }) => {
        const { measure, within: withinDays } = options;
        const at = realClock.now();
        const results = await splitResults(database, name, { measure, withinDays }, at);
        if (results === null) throw new ResultsError(await notThere(database, name));
        const chosen = chosenOf(name, split, results);
        const change = options.apply === true ? await applyWinner(name, chosen, options) : null;
        terminal.result({ name, splits: chosen, change });
        for (const [n, result] of chosen.entries()) {
          if (n > 0) terminal.say();
          printSplitResult(terminal, result);
        }
        if (change !== null) sayWinner(terminal, name, change, options);
      });
    });
}
