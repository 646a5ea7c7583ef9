import { Command } from 'commander';
import colors from 'picocolors';
import { suggestion } from '../../domain/document/nearest.ts';
import type { Measure } from '../../domain/review/variant-results.ts';
import { holdOut } from '../../domain/sequence/variants.ts';
import { realClock } from '../../engine/clock.ts';
import { makeWinner, type WinnerChange } from '../../mail/winner-file.ts';
import { splitResults, type StoredSplitResult } from '../../store/split-results.ts';
import { templatesFolder, withOpen } from '../open.ts';
import { printSplitResult } from '../result-tables.ts';
import { Terminal } from '../terminal.ts';
import { wrap } from '../wrap.ts';
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
        const change = options.apply === true ? await apply(name, chosen, options) : null;
        terminal.result({ name, splits: chosen, change });
        for (const [n, result] of chosen.entries()) {
          if (n > 0) terminal.say();
          printSplitResult(terminal, result);
        }
        if (change !== null) sayChange(terminal, name, change, options);
      });
    });
}

function chosenOf(
  name: string,
  split: string | undefined,
  results: StoredSplitResult[],
): StoredSplitResult[] {
  if (results.length === 0)
    throw new ResultsError(`The published version of "${name}" has no variants and no splits.`);
  if (split === undefined) return results;
  const chosen = results.filter(result => result.split === split);
  if (chosen.length > 0) return chosen;
  const names = results.map(result => result.split);
  throw new ResultsError(
    `The published version of "${name}" has no variants of "${split}".${suggestion(split, names)}`,
  );
}

/** @throws ResultsError when there is no winner, and nobody named one */
async function apply(
  name: string,
  chosen: readonly StoredSplitResult[],
  { variant, dryRun }: Pick<Options, 'variant' | 'dryRun'>,
): Promise<WinnerChange & Winner> {
  const winner = winnerOf(name, chosen, variant);
  const change = await makeWinner(
    templatesFolder,
    name,
    winner.split,
    winner.variant,
    dryRun !== true,
  );
  return { ...change, ...winner };
}

interface Winner {
  split: string;
  variant: string;
  /** Whether the data say so, and not a person alone. */
  isByData: boolean;
}

/** The variant that is to be the only one: the winner, or whichever a person named. */
function winnerOf(
  name: string,
  chosen: readonly StoredSplitResult[],
  named: string | undefined,
): Winner {
  const [result] = chosen;
  if (result === undefined || chosen.length > 1)
    throw new ResultsError(
      `Say of which split: ${chosen.map(({ split }) => `\`sequence winner ${name} ${split} --apply\``).join(', or ')}.`,
    );
  const { split, winner } = result;
  if (named !== undefined) return { split, variant: named, isByData: named === winner };
  if (winner === null)
    throw new ResultsError(
      `"${split}" has no winner yet, so nothing was changed. \`--variant <variant>\` makes one the only one all the same: then it is your decision, and the data do not say that it is better.`,
    );
  if (winner === holdOut)
    throw new ResultsError(
      `Of "${split}" those who get nothing do best, so there is no variant to keep: take it out by hand. Nothing was changed.`,
    );
  return { split, variant: winner, isByData: true };
}

function sayChange(
  terminal: Terminal,
  name: string,
  { file, split, variant, mail, isByData }: WinnerChange & Winner,
  { dryRun }: Options,
): void {
  terminal.say();
  if (!isByData)
    terminal.say(
      wrap(
        `That "${variant}" is kept is your decision: the data do not say that it is better than the others.`,
      ),
    );
  const moved = mail === null ? '' : `, and ${mail.from}.mjml takes the place of ${mail.to}.mjml`;
  if (dryRun === true)
    return terminal.say(
      wrap(`${file} would have "${variant}" alone at "${split}"${moved}. This was a dry run.`),
    );
  terminal.say(
    wrap(
      `${colors.green('✔')} ${file} has "${variant}" alone at "${split}"${moved}. It is live once you \`npx lockstep sequence publish ${name}\`.`,
    ),
  );
}
