import { Command, Option } from 'commander';
import { DateTime } from 'luxon';
import colors from 'picocolors';
import { withTimeOff, type TimeOff } from '../../domain/escalation/time-off.ts';
import type { Instant } from '../../domain/instant.ts';
import { realClock } from '../../engine/clock.ts';
import { setAway } from '../../store/time-off.ts';
import { withOpen } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { dryRunOption, isoDay, jsonOption, readDay, workspaceOption } from './options.ts';
import { leadsHeld, memberNamed, PeopleError, timeOffInWords } from './people.ts';

interface Options {
  until: DateTime;
  from?: DateTime;
  dryRun?: boolean;
  json?: boolean;
  workspace: string;
}

export function command(): Command {
  return new Command('away')
    .description('note that somebody is away, and gets no new leads meanwhile')
    .argument('<name>', 'a key, an address, or a part of the name that only one has')
    .addOption(
      new Option('--until <date>', 'the last day on which they are away')
        .argParser(readDay)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--from <date>', 'the first day (without it, from now on)').argParser(readDay),
    )
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      `
Examples:
  $ npx lockstep people away lena --until 2026-12-11
  $ npx lockstep people away "de Wit" --from 2026-12-21 --until 2027-01-03 --dry-run

Days are those of the person's working time zone. Said again, the last day that was said counts.`,
    )
    .action(async (word: string, options: Options) => {
      const terminal = new Terminal(options.json === true);
      const dryRun = options.dryRun === true;
      await withOpen(options.workspace, async ({ database }) => {
        const at = realClock.now();
        const { member, zone } = await memberNamed(database, word, at);
        const given = timeOffOf(options, zone, at);
        const { time, replaces } = dryRun
          ? withTimeOff(given, member.off)
          : await setAway(database, member.id, given);
        const { key, name, open } = member;
        terminal.result({ key, name, zone, ...time, replaces, open, dryRun });
        const told = `${name} is away ${timeOffInWords(time, zone)} (${zone}), and gets no new leads meanwhile.`;
        terminal.say(dryRun ? told : `${colors.green('✔')} ${told}`);
        for (const before of replaces)
          terminal.say(`Noted before: ${timeOffInWords(before, zone)}.`);
        if (open > 0 && time.from <= at) terminal.warn(`${name} has ${leadsHeld(open)}.`);
        if (dryRun) terminal.say('This was a dry run: nothing has changed.');
      });
    });
}

/** Days are the person's own; a first day that has begun is from now on. @throws PeopleError */
function timeOffOf({ until, from }: Options, zone: string, at: Instant): TimeOff {
  const local = (date: DateTime) => date.setZone(zone, { keepLocalTime: true }).startOf('day');
  const today = isoDay(DateTime.fromMillis(at, { zone }));
  if (isoDay(until) < today)
    throw new PeopleError(`${isoDay(until)} is over: --until is the last day that they are away.`);
  if (from !== undefined && isoDay(from) < today)
    throw new PeopleError(
      `${isoDay(from)} is over: leave --from out for somebody who is away now.`,
    );
  if (from !== undefined && isoDay(from) > isoDay(until))
    throw new PeopleError(`--from ${isoDay(from)} is after --until ${isoDay(until)}.`);
  return {
    from: Math.max(at, from === undefined ? at : local(from).toMillis()) as Instant,
    until: local(until).plus({ days: 1 }).toMillis() as Instant,
  };
}
