import { Command } from 'commander';
import colors from 'picocolors';
import type { Agreement } from '../../domain/agreement/agreement.ts';
import type { AgreementId } from '../../domain/ids.ts';
import { realClock } from '../../engine/clock.ts';
import { readAgreed } from '../../intake/set-up.ts';
import { contentHashOf, keepAgreement, keepForecast } from '../../store/agreement.ts';
import type { Database } from '../../store/database.ts';
import { signers } from '../../store/approval.ts';
import { changesOfFiles, draftState } from '../../store/draft.ts';
import { lookBack } from '../look-back.ts';
import { agreementFolder, templatesFolder, withOpen } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { AgreementError, versionsOf } from './agreement.ts';
import { sayChanges } from './agreement-diff.ts';
import { jsonOption, workspaceOption } from './options.ts';

interface Options {
  dryRun?: boolean;
  json?: boolean;
  workspace: string;
}

export function command(): Command {
  return new Command('propose')
    .description('make agreement/ a draft, and ask both teams by mail to sign it')
    .argument('[folder]', 'where the draft is', agreementFolder)
    .option('--dry-run', 'say what would be proposed to whom, and change nothing')
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ npx lockstep agreement propose --dry-run\n  $ npx lockstep agreement propose\n\nWho has not signed is asked again every three days. What agreement/ says later is another draft.',
    )
    .action(async (folder: string, options: Options) => {
      const terminal = new Terminal(options.json === true);
      const sources = { agreement: folder, templates: templatesFolder };
      const { agreement, files } = await readAgreed(sources);
      await withOpen(options.workspace, async ({ database, engine }) => {
        const { heads, active } = await versionsOf(database);
        const known = heads.find(({ contentHash }) => contentHash === contentHashOf(agreement));
        if (known?.state === 'active')
          throw new AgreementError(
            `agreement/ says what version ${active.version} says, which is in force.`,
          );
        if (known?.state === 'archived')
          throw new AgreementError(
            `agreement/ says what version ${known.version} said, which was in force; put it into force again with \`npx lockstep agreement activate ${known.version}\`.`,
          );
        if (options.dryRun === true) {
          const changes = active.files === null ? [] : changesOfFiles(active.files, files);
          const may = await signers(database);
          terminal.result({
            version: null,
            dryRun: true,
            changes,
            signers: may.map(({ name, team }) => ({ name, team })),
          });
          sayChanges(terminal, changes);
          for (const { name, team } of may) terminal.say(`Would ask ${name} to sign for ${team}.`);
          terminal.say('This was a dry run: nothing has changed.');
          return;
        }
        const { id } = await keepAgreement(database, agreement, files, realClock.now());
        const draft = await draftState(database, id);
        if (draft === null) throw new AgreementError('No agreement is in force.');
        if (draft.newest !== null)
          throw new AgreementError(
            `agreement/ says what draft ${draft.version} says, and version ${draft.newest} took its place; change something to propose it anew.`,
          );
        await foresee(database, id, agreement, `version ${draft.version}`, terminal);
        await engine.signing(id, { shift: 0, again: true });
        const asked = draft.signers.filter(({ team }) => draft.missing.includes(team));
        terminal.result({
          version: draft.version,
          contentHash: draft.contentHash,
          dryRun: false,
          changes: draft.changes,
          signers: asked.map(({ name, team }) => ({ name, team })),
        });
        terminal.say(
          `Version ${draft.version} is a draft; version ${active.version} stays in force.`,
        );
        sayChanges(terminal, draft.changes);
        for (const { name, team } of asked)
          terminal.say(`${colors.green('✔')} ${name} is asked by mail to sign for ${team}.`);
      });
    });
}

/** Works out what the draft would have meant for the past, so that it is signed with that in view. */
async function foresee(
  database: Database,
  id: AgreementId,
  draft: Agreement,
  name: string,
  terminal: Terminal,
): Promise<void> {
  const { NoHistoryError } = await import('../../outlook/forecast.ts');
  try {
    const request = { draft, name, from: null, to: realClock.now() };
    await keepForecast(database, id, await lookBack(terminal, database, request));
  } catch (error) {
    // An installation without a past is asked all the same.
    if (!(error instanceof NoHistoryError)) throw error;
  }
}
