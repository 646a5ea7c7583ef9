import { Command } from 'commander';
import { DocumentError } from '../../domain/document/problem.ts';
import { saysTheSame } from '../../domain/document/same.ts';
import { listSequences, readSequence } from '../../mail/sequence-folder.ts';
import { currentVersions, type StoredVersion } from '../../store/sequence-version.ts';
import { openBySequence } from '../../store/under-way.ts';
import { templatesFolder, withOpen } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { jsonOption, workspaceOption } from './options.ts';

/** How a sequence's folder stands to what is live. */
type FolderState = 'as published' | 'changed' | 'not published' | 'cannot be read' | 'gone';

export function command(): Command {
  return new Command('list')
    .description(
      'all sequences: what is live, whether the folder says something else, who is in it',
    )
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText('after', '\nExample:\n  $ npx lockstep sequence list')
    .action(async (options: { json?: boolean; workspace: string }) => {
      const terminal = new Terminal(options.json === true);
      await withOpen(options.workspace, async ({ database }) => {
        const live = new Map((await currentVersions(database)).map(each => [each.name, each]));
        const open = await openBySequence(database);
        const folders = await listSequences(templatesFolder);
        const names = [...new Set([...folders, ...live.keys()])].toSorted();
        const told = await Promise.all(
          names.map(async name => ({
            name,
            version: live.get(name)?.version ?? null,
            ...(folders.includes(name)
              ? await folderOf(name, live.get(name))
              : { folder: 'gone' as const, owner: null }),
            open: open.get(name) ?? 0,
          })),
        );
        terminal.result(told);
        terminal.table(
          ['sequence', 'live', 'folder', 'open', 'owner'],
          told.map(({ name, version, folder, open: count, owner }) => [
            name,
            version === null ? '' : `version ${version}`,
            folder,
            String(count),
            owner ?? '',
          ]),
        );
      });
    });
}

async function folderOf(
  name: string,
  live: StoredVersion | undefined,
): Promise<{ folder: FolderState; owner: string | null }> {
  try {
    const { content, owner } = await readSequence(templatesFolder, name);
    if (live === undefined) return { folder: 'not published', owner };
    return { folder: saysTheSame(content, live.content) ? 'as published' : 'changed', owner };
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    return { folder: 'cannot be read', owner: null };
  }
}
