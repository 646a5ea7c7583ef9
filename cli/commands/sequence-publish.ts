import { Command } from 'commander';
import colors from 'picocolors';
import { realClock } from '../../engine/clock.ts';
import { readSequence } from '../../mail/sequence-folder.ts';
import { moveBlocked } from '../../store/move-blocked.ts';
import { openWork } from '../../store/slot.ts';
import { publishVersion } from '../../store/publication.ts';
import { ownerKeys } from '../../intake/set-up.ts';
import { agreementFolder, templatesFolder, withOpen } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { jsonOption, workspaceOption } from './options.ts';
import { format, LintError } from './sequence-lint.ts';

interface Options {
  moveBlocked?: boolean;
  dryRun?: boolean;
  json?: boolean;
  workspace: string;
}

export function command(): Command {
  return new Command('publish')
    .description('put a sequence live: new enrollments get it, those under way keep theirs')
    .argument('<names...>', 'the sequences')
    .option(
      '--move-blocked',
      'also move enrollments that are blocked by a template to the new version',
    )
    .option('--dry-run', 'check only, and change nothing')
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ npx lockstep sequence publish c-nurture\n  $ npx lockstep sequence publish c-nurture --move-blocked',
    )
    .action(async (names: string[], options: Options) => {
      const terminal = new Terminal(options.json === true);
      const owners = await ownerKeys(agreementFolder);
      const drafts = await Promise.all(
        names.map(name => readSequence(templatesFolder, name, owners)),
      );
      for (const finding of drafts.flatMap(({ findings }) => findings))
        terminal.say(format(finding));
      const errors = drafts
        .flatMap(({ findings }) => findings)
        .filter(({ severity }) => severity === 'error');
      if (errors.length > 0) throw new LintError(`Nothing was published: ${errors.length} errors.`);
      if (options.dryRun) {
        terminal.result(drafts.map(({ name }) => ({ name, published: false })));
        terminal.say(`${names.join(', ')}: can be published. This was a dry run.`);
        return;
      }
      await withOpen(options.workspace, async ({ database, engine }) => {
        const results = [];
        for (const { name, content } of drafts) {
          const at = realClock.now();
          const { id, version, changed } = await publishVersion(database, name, content, at);
          const moved = options.moveBlocked
            ? await moveBlocked(database, name, id, content.plan, at)
            : [];
          for (const work of await openWork(database, moved))
            await engine.nudge(work, { shift: 0 });
          results.push({ name, version, changed, moved: moved.length });
          const what = changed
            ? `version ${version} is live`
            : `version ${version} is live already`;
          terminal.say(
            `${colors.green('✔')} ${name}: ${what}${moved.length > 0 ? `, ${moved.length} blocked enrollments moved to it` : ''}.`,
          );
        }
        terminal.result(results);
      });
    });
}
