import { Command, Argument } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import colors from 'picocolors';
import type { ActivationId } from '../../domain/ids.ts';
import { realClock } from '../../engine/clock.ts';
import { activate, activationState, type ActivationState } from '../../store/activation.ts';
import type { Database } from '../../store/database.ts';
import { draftState } from '../../store/draft.ts';
import { withOpen } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { AgreementError, draftIn, versionIn, versionsOf } from './agreement.ts';
import { sayChanges } from './agreement-diff.ts';
import { jsonOption, wholeNumber, workspaceOption } from './options.ts';

interface Options {
  dryRun?: boolean;
  json?: boolean;
  workspace: string;
}

export function command(): Command {
  return new Command('activate')
    .description('put a version into force that both teams have signed, and grade every lead by it')
    .addArgument(
      new Argument(
        '[version]',
        'the draft when left out; a version that was in force may be again',
      ).argParser(wholeNumber('a version', 1, 1_000_000)),
    )
    .option('--dry-run', 'say what would be put into force, and change nothing')
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ npx lockstep agreement activate --dry-run\n  $ npx lockstep agreement activate\n  $ npx lockstep agreement activate 1\n\nLeads that cross by it alone go to sales day by day, as reps have room; best and oldest first.',
    )
    .action(async (number: number | undefined, options: Options) => {
      const terminal = new Terminal(options.json === true);
      await withOpen(options.workspace, async ({ database, engine }) => {
        const { heads, active } = await versionsOf(database);
        const { id, version, activatedAt } = versionIn(heads, number, draftIn(heads));
        const draft = await draftState(database, id);
        const missing = activatedAt === null ? (draft?.missing ?? []) : [];
        if (missing.length > 0)
          throw new AgreementError(
            `Version ${version} is not signed by ${missing.join(' and ')}; \`npx lockstep agreement propose\` asks for it.`,
          );
        if (options.dryRun === true) {
          const leads = await database.lead.count({ where: { scoredAt: { not: null } } });
          terminal.result({
            version,
            instead: active.version,
            leads,
            changes: draft?.changes ?? [],
            dryRun: true,
          });
          terminal.say(
            `Version ${version} would be put into force instead of version ${active.version}, and ${leads} leads be graded anew.`,
          );
          sayChanges(terminal, draft?.changes ?? []);
          terminal.say(
            '`npx lockstep agreement forecast` says what it would have meant. This was a dry run.',
          );
          return;
        }
        const result = await activate(database, id, realClock.now());
        if ('refused' in result)
          throw new AgreementError(`Version ${version} was not put into force: ${result.refused}.`);
        await engine.activation(result.activation, { shift: 0 });
        terminal.say(`${colors.green('✔')} Version ${version} is in force.`);
        const state = await graded(database, result.activation, terminal);
        terminal.result(state);
        say(terminal, state);
      });
    });
}

/** Waits until all leads are graded; that goes on by itself when nobody waits. */
async function graded(
  database: Database,
  id: ActivationId,
  terminal: Terminal,
): Promise<ActivationState> {
  let bar: ReturnType<Terminal['bar']> | null = null;
  try {
    for (;;) {
      const state = await activationState(database, id);
      if (state === null) throw new AgreementError('The activation is gone.');
      bar ??= terminal.bar('grading', state.total);
      bar.to(state.looked);
      if (state.gradedAt !== null || state.endedAt !== null) return state;
      await sleep(200);
    }
  } finally {
    bar?.stop();
  }
}

function say(terminal: Terminal, { looked, changed, crossed, released }: ActivationState): void {
  terminal.say(`${looked} leads were graded anew; ${changed} have another grade.`);
  if (crossed > 0)
    terminal.say(
      `${crossed} cross by it alone: ${released} go to sales today, the others as reps have room (\`npx lockstep agreement history\`).`,
    );
}
