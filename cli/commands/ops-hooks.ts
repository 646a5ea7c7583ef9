import { Command } from 'commander';
import { DateTime } from 'luxon';
import { validate } from 'uuid';
import type { Instant } from '../../domain/instant.ts';
import { realClock } from '../../engine/clock.ts';
import { hookSwitch } from '../../store/control.ts';
import type { Database } from '../../store/database.ts';
import { hookStates, listHooks, reviveHooks } from '../../store/hook.ts';
import { withOpen, type Opened } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { dryRunOption, jsonOption, workspaceOption } from './options.ts';

/** So many of each state are listed; the counts are of all. */
const mostListed = 200;

interface Options {
  dead?: boolean;
  replay?: boolean;
  dryRun?: boolean;
  json?: boolean;
  workspace: string;
}

/** What was asked for cannot be meant, or cannot be done. */
class HooksError extends Error {
  override readonly name = 'HooksError';
}

export function command(): Command {
  return new Command('hooks')
    .description('webhooks that wait to be delivered or were given up on, and try these again')
    .argument('[ids...]', 'with --replay: only these')
    .option('--dead', 'only those that were given up on')
    .option('--replay', 'try those again that were given up on')
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      `
Examples:
  $ npx lockstep ops hooks
  $ npx lockstep ops hooks --dead --json
  $ npx lockstep ops hooks --replay --dry-run
  $ npx lockstep ops hooks --replay 019ac3f0-5b1e-7d7c-9a51-0d6a5a2f4e11

A webhook is tried for three days. Its id, the receiver's webhook-id, stays the same in a replay.
In --json, moments are in milliseconds since 1970.`,
    )
    .action(async (ids: string[], options: Options) => {
      const { dead = false, replay = false, dryRun = false } = options;
      if (!replay && ids.length > 0)
        throw new HooksError('Say --replay to try these again; without ids all are listed.');
      if (!replay && dryRun)
        throw new HooksError('--dry-run belongs to --replay: a list changes nothing.');
      const terminal = new Terminal(options.json === true);
      await withOpen(options.workspace, async opened => {
        if (replay) await tryAgain(terminal, opened, ids, dryRun);
        else await list(terminal, opened.database, dead);
        if ((await hookSwitch(opened.database)) === 'off')
          terminal.warn(
            'Nobody is told: the worker runs without LOCKSTEP_HOOK_URL, so no webhook is written or sent.',
          );
      });
    });
}

async function list(terminal: Terminal, database: Database, deadOnly: boolean): Promise<void> {
  const [waiting, dead] = await Promise.all([
    listHooks(database, 'waiting', deadOnly ? 0 : mostListed),
    listHooks(database, 'dead', mostListed),
  ]);
  const hooks = [
    ...waiting.hooks.map(hook => ({ state: 'waiting', ...hook })),
    ...dead.hooks.map(hook => ({ state: 'dead', ...hook })),
  ];
  terminal.result({ waiting: waiting.count, dead: dead.count, hooks });
  terminal.say(`${waiting.count} ${waiting.count === 1 ? 'waits' : 'wait'}, ${dead.count} dead.`);
  if (hooks.length === 0) return;
  terminal.say();
  terminal.table(
    ['id', 'of', 'at (UTC)', 'state', 'attempts', 'last error', 'escalation'],
    hooks.map(({ id, kind, at, state, attempts, lastError, escalationId }) => [
      ...[id, kind, minuteOf(at), state, String(attempts), lastError ?? '', escalationId],
    ]),
  );
  const more = waiting.count + dead.count - hooks.length - (deadOnly ? waiting.count : 0);
  if (more > 0) terminal.say(`… and ${more} more.`);
  if (dead.count > 0) terminal.say('\n`npx lockstep ops hooks --replay` tries again what is dead.');
}

async function tryAgain(
  terminal: Terminal,
  { database, engine }: Opened,
  ids: readonly string[],
  dryRun: boolean,
): Promise<void> {
  const chosen = ids.length === 0 ? null : await deadOnes(database, [...new Set(ids)]);
  if (dryRun) {
    const count = chosen?.length ?? (await listHooks(database, 'dead', 0)).count;
    terminal.result({ matched: count, replayed: 0, dryRun });
    terminal.say(`${webhooks(count)} would be tried again; nothing has changed.`);
    return;
  }
  const revived = await reviveHooks(database, chosen);
  // One whose workflow is not started here, for whatever reason, is started by the sweep.
  for (const id of revived) await engine.hook(id, { shift: realClock.shift(), again: true });
  terminal.result({ matched: revived.length, replayed: revived.length, dryRun });
  terminal.say(
    `${webhooks(revived.length)} ${revived.length === 1 ? 'is' : 'are'} tried again; \`npx lockstep ops hooks\` says what comes of it.`,
  );
}

/** The hooks that were named, all of them dead. @throws HooksError for any other */
async function deadOnes(database: Database, ids: readonly string[]): Promise<readonly string[]> {
  const noId = ids.find(id => !validate(id));
  if (noId !== undefined)
    throw new HooksError(`"${noId}" is no id of a webhook; \`npx lockstep ops hooks\` lists them.`);
  const states = await hookStates(database, ids);
  for (const id of ids) {
    const state = states.get(id);
    if (state === undefined)
      throw new HooksError(`There is no webhook ${id}; nothing has changed.`);
    if (state !== 'dead')
      throw new HooksError(
        `Webhook ${id} ${state === 'waiting' ? 'is still being tried' : 'was delivered'}; nothing has changed.`,
      );
  }
  return ids;
}

function webhooks(count: number): string {
  return `${count} ${count === 1 ? 'webhook' : 'webhooks'}`;
}

function minuteOf(at: Instant): string {
  return DateTime.fromMillis(at, { zone: 'utc' }).toFormat('yyyy-MM-dd HH:mm');
}
