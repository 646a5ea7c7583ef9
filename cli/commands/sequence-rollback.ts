import { Command, Option } from 'commander';
import colors from 'picocolors';
import { differenceOf } from '../../domain/sequence/diff.ts';
import { realClock } from '../../engine/clock.ts';
import { publicationsOf, rollBack, type Publication } from '../../store/publication.ts';
import { underWay } from '../../store/under-way.ts';
import { withOpen } from '../open.ts';
import { sayInShort, sayUnderWay } from '../sequence-text.ts';
import { publisherOf, SequenceError, versionNumbered } from '../sequences.ts';
import { Terminal } from '../terminal.ts';
import { dryRunOption, jsonOption, wholeNumber, workspaceOption } from './options.ts';

interface Options {
  to?: number;
  by?: string;
  dryRun?: boolean;
  json?: boolean;
  workspace: string;
}

export function command(): Command {
  const number = wholeNumber('a version', 1, 1_000_000);
  return new Command('rollback')
    .description('put the version live again that was before; those under way keep theirs')
    .argument('<name>', 'the sequence')
    .addOption(
      new Option('--to <version>', 'another that was live, instead of the one before').argParser(
        number,
      ),
    )
    .option('--by <key>', 'who does it, by their key')
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ npx lockstep sequence rollback c-nurture --dry-run\n  $ npx lockstep sequence rollback c-nurture --to 3\n\nThe folder stays as it is. Rolled back twice, what is live now is live again.',
    )
    .action(async (name: string, options: Options) => {
      const terminal = new Terminal(options.json === true);
      await withOpen(options.workspace, async ({ database }) => {
        const publications = await publicationsOf(database, name);
        const [live] = publications;
        if (live === undefined) throw new SequenceError(`${name} was never published.`);
        const version = targetOf(name, publications, live, options.to);
        const by = await publisherOf(database, options.by, null);
        const [before, after] = await Promise.all(
          [live.version, version].map(each => versionNumbered(database, name, each)),
        );
        if (before === undefined || after === undefined) return;
        const difference = differenceOf(before.content, after.content);
        const busy = await underWay(database, name);
        terminal.say(`Version ${version} of ${name}, instead of version ${live.version}:`);
        sayInShort(terminal, name, difference);
        sayUnderWay(terminal, busy);
        const { dryRun = false } = options;
        const publishing = { by, expected: live.version };
        if (!dryRun) await rollBack(database, name, after.id, realClock.now(), publishing);
        terminal.result({
          ...{ name, version, instead: live.version, dryRun },
          changes: difference.changes,
          underWay: busy,
        });
        terminal.say(
          dryRun
            ? 'This was a dry run: nothing has changed.'
            : `${colors.green('✔')} ${name}: version ${version} is live again.`,
        );
      });
    });
}

/** @throws SequenceError when there is nothing to go back to */
function targetOf(
  name: string,
  publications: readonly Publication[],
  live: Publication,
  asked: number | undefined,
): number {
  const others = publications.map(({ version }) => version).filter(each => each !== live.version);
  if (asked === live.version)
    throw new SequenceError(`Version ${asked} of ${name} is live already.`);
  const [before] = others;
  if (asked === undefined && before !== undefined) return before;
  if (asked !== undefined && others.includes(asked)) return asked;
  const known = [...new Set(others)].toSorted((a, b) => a - b).join(', ');
  throw new SequenceError(
    before === undefined
      ? `${name} has had version ${live.version} alone, so there is nothing to go back to.`
      : `Version ${asked} of ${name} was never live. Known: ${known}.`,
  );
}
