import { Command } from 'commander';
import { differenceOf, inShort } from '../../domain/sequence/diff.ts';
import type { Database } from '../../store/database.ts';
import { publicationsOf, type Publication } from '../../store/publication.ts';
import { underWay } from '../../store/under-way.ts';
import { withOpen } from '../open.ts';
import { SequenceError, versionNumbered } from '../sequences.ts';
import { Terminal } from '../terminal.ts';
import { clip } from '../wrap.ts';
import { day } from './agreement.ts';
import { jsonOption, workspaceOption } from './options.ts';

export function command(): Command {
  return new Command('history')
    .description('every time that a version went live: by whom, what it changed, who is in it')
    .argument('<name>', 'the sequence')
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText('after', '\nExample:\n  $ npx lockstep sequence history c-nurture')
    .action(async (name: string, options: { json?: boolean; workspace: string }) => {
      const terminal = new Terminal(options.json === true);
      await withOpen(options.workspace, async ({ database }) => {
        const publications = await publicationsOf(database, name);
        if (publications.length === 0)
          throw new SequenceError(
            `${name} was never published; \`npx lockstep sequence list\` tells what was.`,
          );
        const changes = await changesOf(database, name, publications);
        const counts = new Map((await underWay(database, name)).map(each => [each.version, each]));
        const told = publications.map((publication, index) => {
          const { open = 0, ever = 0 } = counts.get(publication.version) ?? {};
          return { ...publication, changes: changes[index] ?? '', open, ever };
        });
        terminal.result(told);
        terminal.table(
          ['live since', 'version', 'by', 'leads ever', 'open', 'what it changed'],
          told.map(({ at, version, kind, by, ever, open, changes: changed }) => [
            day(at),
            `${version}${kind === 'rolled back' ? ' again' : ''}`,
            by?.name ?? '',
            String(ever),
            String(open),
            clip(changed, 60),
          ]),
        );
      });
    });
}

/** What each publication changed of what was live before it, in a line. */
async function changesOf(
  database: Database,
  name: string,
  publications: readonly Publication[],
): Promise<string[]> {
  const numbers = [...new Set(publications.map(({ version }) => version))];
  const contents = new Map(
    await Promise.all(
      numbers.map(async version => {
        const { content } = await versionNumbered(database, name, version);
        return [version, content] as const;
      }),
    ),
  );
  return publications.map(({ version }, index) => {
    const [after, before] = [version, publications[index + 1]?.version ?? 0].map(each =>
      contents.get(each),
    );
    if (after === undefined || before === undefined) return 'the first';
    return inShort(differenceOf(before, after).changes);
  });
}
