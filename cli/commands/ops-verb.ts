import { Command, Option } from 'commander';
import { suggestion } from '../../domain/document/nearest.ts';
import { realClock } from '../../engine/clock.ts';
import { countMatching, signalMatching, type Filter } from '../../engine/batch.ts';
import { activeAgreement } from '../../store/agreement.ts';
import { switchMail } from '../../store/control.ts';
import type { Database } from '../../store/database.ts';
import { currentVersions } from '../../store/sequence-version.ts';
import { withOpen } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { FilterError, howManyOption, leadNamed, mustSayWho } from './ops-filter.ts';
import { jsonOption, workspaceOption } from './options.ts';

export type VerbName = 'pause' | 'resume' | 'stop';

const descriptions: Record<VerbName, string> = {
  pause: 'hold leads in nurture where they are; scores and escalations go on',
  resume: 'let paused leads go on at the same step, spread over half an hour',
  stop: 'end nurture for leads; they rest, and no sequence takes them again by itself',
};

/** What a verb for every lead does to all mail. */
const mailAfter = { pause: 'off', resume: 'on' } as const;

interface Options {
  sequence?: string;
  grade?: 'C' | 'D';
  segment?: string;
  lead?: string;
  all?: boolean;
  dryRun?: boolean;
  json?: boolean;
  workspace: string;
}

export function command(verb: VerbName): Command {
  const described = new Command(verb)
    .description(descriptions[verb])
    .option('--sequence <name>', 'leads in this sequence')
    .addOption(new Option('--grade <grade>', 'leads of this grade').choices(['C', 'D']))
    .option('--segment <name>', 'leads of this segment')
    .option('--lead <address>', 'one lead')
    .option(
      '--all',
      verb === 'stop' ? 'every lead in nurture' : `every lead, and ${verb} all mail at once`,
    )
    .addOption(howManyOption())
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      `
Examples:
  $ npx lockstep ops ${verb} --sequence c-nurture --grade C --dry-run
  $ npx lockstep ops ${verb} --all

The leads are told one after the other by Temporal, about 50 a second, also when this command is ended.
While it tells others, this waits its turn.`,
    );
  return described.action(async (options: Options) => {
    const terminal = new Terminal(options.json === true);
    const { all = false, dryRun = false } = options;
    mustSayWho(all, options, ['sequence', 'grade', 'segment', 'lead']);
    await withOpen(options.workspace, async ({ database, engine }) => {
      const filter = await filterOf(database, options);
      const mail = all && verb !== 'stop' ? mailAfter[verb] : null;
      // All mail is one switch, read at the moment of sending: nothing leaves after this line.
      if (mail !== null && !dryRun) await switchMail(database, mail, realClock.now());
      const matched = await countMatching(engine.client, filter);
      const bar = terminal.bar(verb, 1);
      const told =
        dryRun || matched === 0
          ? 0
          : await signalMatching(engine.client, verb, filter, share => bar.to(share));
      bar.stop();
      terminal.result({ verb, matched, told, mail, dryRun });
      if (dryRun) {
        const also = mail === null ? '' : `, and all mail would be ${mail}`;
        terminal.say(`${leads(matched)} would be told to ${verb}${also}; nothing has changed.`);
        return;
      }
      terminal.say(`${leads(told)} ${told === 1 ? 'was' : 'were'} told to ${verb}.`);
      if (mail !== null) terminal.say(`All mail is ${mail}.`);
    });
  });
}

function leads(count: number): string {
  return `${count} ${count === 1 ? 'lead' : 'leads'} in nurture`;
}

/** The search attributes that are asked for. @throws FilterError for names that nothing has */
async function filterOf(
  database: Database,
  { sequence, grade, segment, lead }: Options,
): Promise<Filter> {
  const versions = await currentVersions(database);
  const segments = (await activeAgreement(database))?.agreement.segments ?? [];
  mustBe(
    'sequence',
    sequence,
    versions.map(({ name }) => name),
  );
  mustBe(
    'segment',
    segment,
    segments.map(({ name }) => name),
  );
  return {
    Sequence: sequence,
    Grade: grade,
    Segment: segment,
    LeadId: lead === undefined ? undefined : await leadNamed(database, lead),
  };
}

function mustBe(what: string, name: string | undefined, known: readonly string[]): void {
  if (name !== undefined && !known.includes(name))
    throw new FilterError(`There is no ${what} "${name}".${suggestion(name, known)}`);
}
