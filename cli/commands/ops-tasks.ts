import { Command, Option } from 'commander';
import { DateTime } from 'luxon';
import type { Instant } from '../../domain/instant.ts';
import { realClock } from '../../engine/clock.ts';
import { listTasks } from '../../store/task.ts';
import { withOpen } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { jsonOption, workspaceOption } from './options.ts';

interface Options {
  open?: boolean;
  overdue?: boolean;
  json?: boolean;
  workspace: string;
}

export function command(): Command {
  return new Command('tasks')
    .description('what sequences ask people for: by whom, by when, and how it stands')
    .option('--open', 'only what is still to do')
    .addOption(new Option('--overdue', 'only what should have been done by now').conflicts('open'))
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      `
Examples:
  $ npx lockstep ops tasks --open
  $ npx lockstep ops tasks --overdue --json

What is still to do stands first, what is due first before the rest. In --json, moments are in milliseconds since 1970.`,
    )
    .action(async ({ open = false, overdue = false, json, workspace }: Options) => {
      const terminal = new Terminal(json === true);
      await withOpen(workspace, async ({ database }) => {
        const which = overdue ? 'overdue' : open ? 'open' : 'all';
        const { tasks, total } = await listTasks(database, which, realClock.now());
        terminal.result({
          total,
          tasks: tasks.map(
            ({ id, leadId, sequence, stepKey, kind, person, state, dueAt, endedAt }) => ({
              ...{ id, lead: leadId, sequence, step: stepKey, kind, person: person.key },
              ...{ state, dueAt, endedAt },
            }),
          ),
        });
        terminal.say(
          total === 0 ? 'No task.' : `${total} ${total === 1 ? 'task' : 'tasks'}, due first.`,
        );
        if (total === 0) return;
        terminal.table(
          ['id', 'sequence', 'step', 'of', 'person', 'due (UTC)', 'state'],
          tasks.map(({ id, sequence, stepKey, kind, person, dueAt, state }) => [
            ...[id, sequence, stepKey, kind, person.key, minuteOf(dueAt), state],
          ]),
        );
        if (total > tasks.length) terminal.say(`… and ${total - tasks.length} more.`);
      });
    });
}

function minuteOf(at: Instant): string {
  return DateTime.fromMillis(at, { zone: 'utc' }).toFormat('yyyy-MM-dd HH:mm');
}
