import { join, relative, resolve } from 'node:path';
import { Command } from 'commander';
import colors from 'picocolors';
import { noFields } from '../../domain/lead/fields.ts';
import { edgeCases, type EdgeCase } from '../../mail/edge-cases.ts';
import type { SequenceDraft } from '../../mail/sequence-folder.ts';
import { chosenCase, chosenLead, chosenMail, isRealLead, leadOption } from '../choose-preview.ts';
import { home, templatesFolder, withOpen } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { jsonOption, workspaceOption } from './options.ts';
import { format } from './sequence-lint.ts';

interface Options {
  out?: string;
  lead?: string;
  step?: string;
  json?: boolean;
  workspace: string;
}

export function command(): Command {
  return new Command('preview')
    .description('write every mail as each kind of lead would get it, and a page that shows them')
    .argument('<name>', 'the sequence')
    .option('--out <folder>', 'where the files go (without it, .lockstep/previews/<name>)')
    .option(...leadOption)
    .option('--step <mail>', 'one mail alone')
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      `
Examples:
  $ npx lockstep sequence preview c-nurture
  $ npx lockstep sequence preview c-nurture --step 01-welcome --lead long-company
  $ npx lockstep sequence preview c-nurture --lead ada@example.com --out ada

Nothing is sent, and the links in the files lead nowhere. A real lead is looked up in the workspace; the files then hold
what is known of it.`,
    )
    .action(preview);
}

async function preview(name: string, options: Options): Promise<void> {
  // What compiles mails is much to load, and whoever asks for help waits for it.
  const { readSequence } = await import('../../mail/sequence-folder.ts');
  const { writePreviews } = await import('../preview-files.ts');
  const terminal = new Terminal(options.json === true);
  const draft = await readSequence(templatesFolder, name);
  const mails =
    options.step === undefined
      ? Object.keys(draft.content.mails)
      : [chosenMail(draft, options.step)];
  const leads = await leadsOf(draft, options);
  for (const finding of draft.findings)
    if (finding.severity === 'error') terminal.say(format(finding));
  const folder = resolve(options.out ?? join(home(), 'previews', name));
  const { index, written, previews } = await writePreviews(terminal, folder, draft, mails, leads);
  terminal.result({
    ...{ index, written },
    previews: previews.map(({ mail, lead, made, path }) => ({
      ...{ mail, lead: lead.key, path },
      ...('blocked' in made ? made : { subject: made.subject, bytes: made.bytes }),
    })),
  });
  for (const { mail, lead, made } of previews)
    if ('blocked' in made)
      terminal.say(
        `${colors.yellow('!')} ${mail} cannot be made for "${lead.title}": ${made.blocked}.`,
      );
  const shown = relative('.', index);
  terminal.say(
    `${colors.green('✔')} ${counted(mails, 'mail')} for ${counted(leads, 'lead')}: ${shown.startsWith('..') ? index : shown}`,
  );
  terminal.say(
    `  ${written.made} files are new, ${written.replaced} were overwritten, ${written.same} were the same.`,
  );
}

async function leadsOf(draft: SequenceDraft, { lead, workspace }: Options): Promise<EdgeCase[]> {
  if (lead === undefined) return edgeCases(draft.sample ?? noFields);
  if (!isRealLead(lead)) return [chosenCase(draft, lead)];
  return withOpen(workspace, async ({ database }) => [await chosenLead(database, draft, lead)]);
}

function counted(things: readonly unknown[], what: string): string {
  return `${things.length} ${what}${things.length === 1 ? '' : 's'}`;
}
