import { Command, Option } from 'commander';
import { grades, type Grade } from '../../domain/agreement/grade.ts';
import type { Load, OpsOutcome, OpsRefusal, OpsSaid } from '../../domain/escalation/by-ops.ts';
import { personNamed } from '../../domain/escalation/person-named.ts';
import type { Instant } from '../../domain/instant.ts';
import { sayToEscalation } from '../../engine/by-ops.ts';
import { realClock } from '../../engine/clock.ts';
import type { Database } from '../../store/database.ts';
import { openEscalations, type OpenEscalation } from '../../store/open-escalations.ts';
import { roster } from '../../store/roster.ts';
import { openWork } from '../../store/slot.ts';
import { closing, giveTime, giveTo, type Order } from '../ops-order.ts';
import { withOpen, type Opened } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { FilterError, howManyOption, leadNamed, mustSayWho } from './ops-filter.ts';
import { jsonOption, workspaceOption } from './options.ts';

type VerbName = OpsSaid['verb'];

const descriptions: Record<VerbName, string> = {
  reassign: 'give leads that are with sales to somebody else, whatever room they have',
  extend: 'give sales more time for what is due: an answer, first contact, or how it goes',
  close: 'close leads that nobody works, in the name of the manager of sales; they rest',
};

const examples: Record<VerbName, string> = {
  reassign: `
  $ npx lockstep ops reassign --lead jonas@hansa.example --to theo
  $ npx lockstep ops reassign --owner lena --grade A --to "Emil Sattler" --dry-run

Who gets them is mailed at once, and has all the time that the agreement gives.`,
  extend: `
  $ npx lockstep ops extend --lead jonas@hansa.example --until "2026-12-03 12:00"
  $ npx lockstep ops extend --owner lena --by "1 working day" --dry-run

--until is told in the time zone of the agreement. --by is added to when it is due, or to now when that is past.`,
  close: `
  $ npx lockstep ops close --lead jonas@hansa.example
  $ npx lockstep ops close --owner lena --grade B --dry-run`,
};

interface Options {
  lead?: string;
  owner?: string;
  grade?: Grade;
  all?: boolean;
  to?: string;
  until?: string;
  by?: string;
  dryRun?: boolean;
  json?: boolean;
  workspace: string;
}

/** Nothing of what ops asked for could be done. */
class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

export function command(verb: VerbName): Command {
  const described = new Command(verb)
    .description(descriptions[verb])
    .option('--lead <address>', 'one lead')
    .option('--owner <name>', 'leads of this owner, by key, address or part of the name')
    .addOption(new Option('--grade <grade>', 'leads of this grade').choices(grades))
    .option('--all', 'every lead that is with sales');
  if (verb === 'reassign')
    described.requiredOption('--to <name>', 'who gets them, by key, address or part of the name');
  if (verb === 'extend')
    described
      .addOption(new Option('--until <moment>', 'such as "2026-12-03 12:00"').conflicts('by'))
      .option('--by <time>', 'such as "1 working day", "4 working hours" or "2 days"');
  return described
    .addOption(howManyOption())
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText('after', `\nExamples:${examples[verb]}`)
    .action(async (options: Options) => {
      mustSayWho(options.all === true, options, ['lead', 'owner', 'grade']);
      await withOpen(options.workspace, opened => run(verb, options, opened));
    });
}

async function run(verb: VerbName, options: Options, opened: Opened): Promise<void> {
  const terminal = new Terminal(options.json === true);
  const at = realClock.now();
  const order = await orderOf(opened.database, verb, options, at);
  const chosen = await choose(opened.database, options, at);
  if (order.doubt !== null) terminal.warn(order.doubt);
  if (options.dryRun === true) {
    terminal.result({
      verb,
      matched: chosen.length,
      done: 0,
      refused: [],
      over: null,
      dryRun: true,
    });
    terminal.say(`${leads(chosen.length)} would be ${order.done}; nothing has changed.`);
    return;
  }
  const { done, refused, over } = await carryOut(terminal, verb, chosen, order, opened);
  terminal.result({ verb, matched: chosen.length, done, refused, over, dryRun: false });
  const reasons = reasonsOf(refused);
  if (done === 0 && refused.length > 0)
    throw new RefusedError(`Nothing has changed. ${reasons.join(' ')}`);
  terminal.say(`${leads(done)} ${done === 1 ? 'was' : 'were'} ${order.done}.`);
  for (const reason of reasons) terminal.warn(reason);
  if (over !== null)
    terminal.warn(
      `That is more than they take: ${over.assigned} leads within seven days, of ${over.capacity}.`,
    );
}

/** A lead that was left as it was. */
interface Refused {
  lead: string | null;
  why: OpsRefusal;
}

/** A sentence for each reason. */
function reasonsOf(refused: readonly Refused[]): string[] {
  return [...new Set(refused.map(({ why }) => why))].map(why => {
    const those = refused.filter(each => each.why === why);
    const who = those.length === 1 ? (those[0]?.lead ?? 'a lead') : leads(those.length);
    return `${who}: ${why}.`;
  });
}

async function orderOf(
  database: Database,
  verb: VerbName,
  options: Options,
  at: Instant,
): Promise<Order> {
  switch (verb) {
    case 'reassign':
      return giveTo(database, options.to ?? '', at);
    case 'extend':
      return giveTime(database, options, at);
    case 'close':
      return closing;
    default:
      return verb satisfies never;
  }
}

/** The leads that are asked for. @throws FilterError for names that nothing has, and a lead that is not with sales */
async function choose(
  database: Database,
  { lead, owner, grade }: Options,
  at: Instant,
): Promise<OpenEscalation[]> {
  const named = owner === undefined ? null : personNamed(owner, await roster(database, at));
  if (named !== null && 'problem' in named) throw new FilterError(named.problem);
  const chosen = await openEscalations(database, {
    lead: lead === undefined ? undefined : await leadNamed(database, lead),
    owner: named?.person.id,
    grade,
  });
  if (lead !== undefined && chosen.length === 0)
    throw new FilterError(
      `${lead} is not with sales${(owner ?? grade) ? ' as you say' : ''}; "npx lockstep leads show ${lead}" says where it is.`,
    );
  return chosen;
}

/** Tells their workflows, one after the other. */
async function carryOut(
  terminal: Terminal,
  verb: VerbName,
  chosen: readonly OpenEscalation[],
  order: Order,
  opened: Opened,
) {
  const refused: Refused[] = [];
  let over: Load | null = null;
  let done = 0;
  const bar = terminal.bar(verb, chosen.length);
  try {
    for (const [index, { id, leadId, address }] of chosen.entries()) {
      const said = await order.said(id);
      const outcome = await tell(opened, { id, leadId }, said);
      if (outcome.done) {
        done += 1;
        over = outcome.over ?? over;
      } else refused.push({ lead: address, why: outcome.why });
      bar.to(index + 1);
    }
  } catch (error) {
    if (done > 0)
      terminal.warn(`Before this, ${leads(done)} of ${chosen.length} were ${order.done}.`);
    throw error;
  } finally {
    bar.stop();
  }
  return { done, refused, over };
}

async function tell(
  { database, engine }: Opened,
  { id, leadId }: Pick<OpenEscalation, 'id' | 'leadId'>,
  said: OpsSaid,
): Promise<OpsOutcome> {
  const outcome = await sayToEscalation(engine.client, id, said);
  if (outcome !== null) return outcome;
  // It was terminated, and the sweep has not been here yet; or it has ended.
  for (const work of await openWork(database, [leadId]))
    await engine.openRow(work, { shift: realClock.shift(), again: true });
  return (
    (await sayToEscalation(engine.client, id, said)) ?? { done: false, why: 'it has ended already' }
  );
}

function leads(count: number): string {
  return `${count} ${count === 1 ? 'lead' : 'leads'} with sales`;
}
