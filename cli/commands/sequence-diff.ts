import { writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { noFields } from '../../domain/lead/fields.ts';
import { differenceOf } from '../../domain/sequence/diff.ts';
import type { SequenceContent } from '../../store/sequence-version.ts';
import { readSequence } from '../../mail/sequence-folder.ts';
import type { Database } from '../../store/database.ts';
import { currentVersion } from '../../store/sequence-version.ts';
import { underWay } from '../../store/under-way.ts';
import { templatesFolder, withOpen } from '../open.ts';
import { sayDifference, sayUnderWay } from '../sequence-text.ts';
import { SequenceError, versionNumbered } from '../sequences.ts';
import { Terminal } from '../terminal.ts';
import { jsonOption, wholeNumber, workspaceOption } from './options.ts';

interface Options {
  from?: number;
  to: number | 'folder';
  html?: string;
  json?: boolean;
  workspace: string;
}

const number = wholeNumber('a version', 1, 1_000_000);

export function command(): Command {
  return new Command('diff')
    .description('what the folder does differently than what is live, or one version than another')
    .argument('<name>', 'the sequence')
    .addOption(new Option('--from <version>', 'instead of the one that is live').argParser(number))
    .addOption(
      new Option('--to <version>', 'another version, instead of the folder')
        .argParser(folderOrVersion)
        .default('folder'),
    )
    .option('--html <file>', 'also a page with the mails of both beside each other')
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ npx lockstep sequence diff c-nurture\n  $ npx lockstep sequence diff c-nurture --from 1 --to 2 --html diff.html\n\nIt also says who is under way on which version. It reads, and changes nothing.',
    )
    .action(async (name: string, options: Options) => {
      const terminal = new Terminal(options.json === true);
      await withOpen(options.workspace, async ({ database }) => {
        const [from, to] = [
          await fromOf(database, name, options),
          await toOf(database, name, options),
        ];
        const difference = differenceOf(from.content, to.content);
        const busy = await underWay(database, name);
        if (options.html !== undefined) {
          const { sequenceDiffHtml } = await import('../../http/pages/sequence-diff.tsx');
          const { mailsBeside } = await import('../../mail/beside.ts');
          const { readSample } = await import('../../mail/sample.ts');
          const lead = await readSample(templatesFolder, name);
          const mails = mailsBeside(name, from.content, to.content, lead ?? noFields);
          const sides = { before: from.title, after: to.title };
          await writeFile(options.html, sequenceDiffHtml({ name, ...sides, difference, mails }));
        }
        const page = options.html === undefined ? {} : { page: options.html };
        terminal.result({
          ...{ name, from: from.version, to: to.version },
          ...difference,
          underWay: busy,
          ...page,
        });
        terminal.say(
          difference.changes.length === 0
            ? `${name}: ${to.title} does the same as ${from.title}.`
            : `${name}: ${to.title} against ${from.title}:`,
        );
        sayDifference(terminal, difference);
        terminal.say();
        sayUnderWay(terminal, busy);
        if (options.html !== undefined) terminal.say(`The mails of both: ${options.html}`);
      });
    });
}

function folderOrVersion(text: string): number | 'folder' {
  if (text === 'folder') return text;
  try {
    return number(text);
  } catch {
    throw new InvalidArgumentError('"folder", or the number of a version');
  }
}

/** One side of a comparison. */
interface Side {
  title: string;
  /** Null for the folder. */
  version: number | null;
  content: SequenceContent;
}

async function fromOf(database: Database, name: string, { from }: Options): Promise<Side> {
  const stored =
    from === undefined
      ? await currentVersion(database, name)
      : await versionNumbered(database, name, from);
  // Before there is a version, whoever mistypes a name is told so by its folder.
  if (stored === null) await readSequence(templatesFolder, name);
  if (stored === null)
    throw new SequenceError(
      `${name} was never published; \`npx lockstep sequence publish ${name}\` does it.`,
    );
  const { version, content } = stored;
  return { title: `version ${version}`, version, content };
}

async function toOf(database: Database, name: string, { to }: Options): Promise<Side> {
  if (to === 'folder') {
    const { content } = await readSequence(templatesFolder, name);
    return { title: 'the folder', version: null, content };
  }
  const { version, content } = await versionNumbered(database, name, to);
  return { title: `version ${version}`, version, content };
}
