import { Command } from 'commander';
import { setControl } from '../../store/control.ts';
import { realClock } from '../../engine/clock.ts';
import { signalMatching } from '../../engine/batch.ts';
import { withOpen } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { jsonOption, workspaceOption } from './options.ts';

export type VerbName = 'pause' | 'resume' | 'stop';

const descriptions: Record<VerbName, string> = {
  pause: 'hold leads in nurture where they are; scores and escalations go on',
  resume: 'let paused leads go on at the same step, spread over half an hour',
  stop: 'end nurture for leads; they rest, and no sequence takes them again by itself',
};

interface Options {
  sequence?: string;
  grade?: string;
  segment?: string;
  lead?: string;
  all?: boolean;
  dryRun?: boolean;
  json?: boolean;
  workspace: string;
}

/** Nothing was said of whom it is for. */
class NoFilterError extends Error {
  override readonly name = 'NoFilterError';
}

export function command(verb: VerbName): Command {
  const described = new Command(verb)
    .description(descriptions[verb])
    .option('--sequence <name>', 'leads in this sequence')
    .option('--grade <grade>', 'leads of this grade: A, B, C or D')
    .option('--segment <name>', 'leads of this segment')
    .option('--lead <id>', 'one lead, by its id (leads show --json tells it)')
    .option('--all', verb === 'stop' ? 'every lead in nurture' : 'every lead, and all mail at once')
    .option('--dry-run', 'say how many it would be, and change nothing')
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      `\nExamples:\n  $ npx lockstep ops ${verb} --sequence c-nurture --grade C --dry-run\n  $ npx lockstep ops ${verb} --all`,
    );
  return described.action(async (options: Options) => {
    const terminal = new Terminal(options.json === true);
    const { sequence, grade, segment, lead, all = false, dryRun = false } = options;
    const filter = {
      Sequence: sequence,
      Grade: grade?.toUpperCase(),
      Segment: segment,
      LeadId: lead,
    };
    if (!all && Object.values(filter).every(value => value === undefined))
      throw new NoFilterError(`Say who: --sequence, --grade, --segment, --lead, or --all.`);
    await withOpen(options.workspace, async ({ database, engine }) => {
      // All mail is one switch, read at the moment of sending: nothing leaves after this line.
      if (all && verb !== 'stop' && !dryRun)
        await setControl(database, 'mail', verb === 'pause' ? 'off' : 'on', realClock.now());
      const bar = terminal.bar(verb, 1);
      const count = await signalMatching(engine.client, verb, filter, dryRun, share =>
        bar.to(share),
      );
      bar.stop();
      terminal.result({ verb, matched: count, dryRun });
      terminal.say(
        dryRun
          ? `${count} leads in nurture match; nothing has changed.`
          : `${count} leads in nurture were told to ${verb}.`,
      );
    });
  });
}
