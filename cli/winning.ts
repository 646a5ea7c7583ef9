import colors from 'picocolors';
import { suggestion } from '../domain/document/nearest.ts';
import { holdOut } from '../domain/sequence/variants.ts';
import { makeWinner, type WinnerChange } from '../mail/winner-file.ts';
import type { StoredSplitResult } from '../store/split-results.ts';
import { templatesFolder } from './open.ts';
import { SequenceError } from './sequences.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './wrap.ts';

/** The results of one split, or of all. @throws SequenceError when there is no such split, or none at all */
export function chosenOf(
  name: string,
  split: string | undefined,
  results: StoredSplitResult[],
): StoredSplitResult[] {
  if (results.length === 0)
    throw new SequenceError(`The published version of "${name}" has no variants and no splits.`);
  if (split === undefined) return results;
  const chosen = results.filter(result => result.split === split);
  if (chosen.length > 0) return chosen;
  const names = results.map(result => result.split);
  throw new SequenceError(
    `The published version of "${name}" has no variants of "${split}".${suggestion(split, names)}`,
  );
}

/**
 * Makes the winner of a split the only variant in the sequence's folder.
 * @param chosen the one split
 * @throws SequenceError when there is no winner, and nobody named one
 */
export async function applyWinner(
  name: string,
  chosen: readonly StoredSplitResult[],
  { variant, dryRun }: Options,
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

interface Options {
  /** Whichever a person decided for. */
  variant?: string;
  dryRun?: boolean;
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
    throw new SequenceError(
      `Say of which split: ${chosen.map(({ split }) => `\`sequence winner ${name} ${split} --apply\``).join(', or ')}.`,
    );
  const { split, winner } = result;
  if (named !== undefined) return { split, variant: named, isByData: named === winner };
  if (winner === null)
    throw new SequenceError(
      `"${split}" has no winner yet, so nothing was changed. \`--variant <variant>\` makes one the only one all the same: then it is your decision, and the data do not say that it is better.`,
    );
  if (winner === holdOut)
    throw new SequenceError(
      `Of "${split}" those who get nothing do best, so there is no variant to keep: take it out by hand. Nothing was changed.`,
    );
  return { split, variant: winner, isByData: true };
}

/** Tells people what was changed, or would be. */
export function sayWinner(
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
