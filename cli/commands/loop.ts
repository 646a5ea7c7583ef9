import { Command, Option } from 'commander';
import { DateTime } from 'luxon';
import type { Instant } from '../../domain/instant.ts';
import { loopOf, type Loop, type PromiseKept } from '../../domain/review/loop.ts';
import { realClock } from '../../engine/clock.ts';
import { activeAgreement } from '../../store/agreement.ts';
import { loopFacts } from '../../store/loop.ts';
import { withOpen } from '../open.ts';
import { shareInWords } from '../share-text.ts';
import { Terminal } from '../terminal.ts';
import { jsonOption, workspaceOption } from './options.ts';

/** There is nothing to look at. */
class LoopError extends Error {
  override readonly name = 'LoopError';
}

interface Options {
  days: number;
  json?: boolean;
  workspace: string;
}

const shownOpen = 15;

export function command(): Command {
  return new Command('loop')
    .description('what marketing and sales promised each other, and how it was kept')
    .addOption(
      new Option('--days <days>', 'the last days, up to now').default(7).argParser(readDays),
    )
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      `
Examples:
  $ npx lockstep loop
  $ npx lockstep loop --days 90
  $ npx lockstep loop --json

Counted are the escalations that began in these days. Shares have a 95 % interval; what is not due yet is not in them.`,
    )
    .action(async ({ days, json, workspace }: Options) => {
      const terminal = new Terminal(json === true);
      await withOpen(workspace, async ({ database }) => {
        const active = await activeAgreement(database);
        if (active === null)
          throw new LoopError('There is no active agreement yet; `npm start` activates one.');
        const at = realClock.now();
        const period = { from: (at - days * 86_400_000) as Instant, to: at };
        const loop = loopOf(await loopFacts(database, period, at), active.agreement, period, at);
        terminal.result({ agreementVersion: active.version, ...period, ...loop });
        print(terminal, loop, days, at, active.agreement.working_hours.zone);
      });
    });
}

function readDays(text: string): number {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > 366)
    throw new LoopError(`"${text}" is no number of days: write one from 1 to 366.`);
  return days;
}

function print(terminal: Terminal, loop: Loop, days: number, at: Instant, zone: string): void {
  const taken = loop.takenOver === 0 ? '' : `, and sales took over ${loop.takenOver} itself`;
  terminal.say(`The last ${days} days: ${loop.escalated} leads were handed to sales${taken}.`);
  if (loop.escalated + loop.takenOver === 0 && loop.openCount === 0) return;
  terminal.say();
  terminal.table(
    ['team', 'promise', 'kept', 'agreed'],
    loop.promises.map(promise => [
      promise.team,
      promise.what,
      keptInWords(promise),
      agreed(promise),
    ]),
  );
  terminal.say();
  terminal.say(
    `Of those handed over ${loop.qualified} qualified, ${loop.won} won, ${loop.lost} lost; ${loop.recycled} went back to nurture, ${loop.cameBack} of the rejected came again.`,
  );
  if (loop.reasons.length > 0)
    terminal.say(
      `Rejected for: ${loop.reasons.map(({ reason, count }) => `${reason} ${count}`).join(', ')}.`,
    );
  if (loop.openCount === 0) return terminal.say('Nothing is open.');
  terminal.say();
  terminal.table(
    ['owner', 'open', 'overdue'],
    loop.owners.map(({ owner, open, overdue }) => [owner, String(open), String(overdue)]),
  );
  terminal.say();
  const moment = (instant: Instant) =>
    DateTime.fromMillis(instant, { zone }).toFormat('ccc d LLL, HH:mm');
  terminal.table(
    ['open since', 'grade', 'state', 'owner', 'due'],
    loop.open
      .slice(0, shownOpen)
      .map(({ since, grade, state, owner, dueAt }) => [
        ...[moment(since), grade, state, owner],
        dueAt === null ? '–' : `${moment(dueAt)}${dueAt <= at ? ', overdue' : ''}`,
      ]),
  );
  if (loop.openCount > shownOpen) terminal.say(`and ${loop.openCount - shownOpen} more.`);
}

function keptInWords({ share, count }: PromiseKept): string {
  return share === null ? String(count ?? '–') : shareInWords(share);
}

function agreed({ target, share }: PromiseKept): string {
  if (target === null) return '–';
  return share === null ? String(target) : `${target} %`;
}
