import type { Agreement } from '../../agreement/agreement.ts';
import { afterWorkingTime } from '../../calendar/working-time.ts';
import { workingWeek } from '../../escalation/due.ts';
import type { PersonId, TaskId } from '../../ids.ts';
import { earliest, type Instant } from '../../instant.ts';
import type { Stay } from '../../nurture/decide.ts';
import { waitsFor } from '../../nurture/tasks.ts';
import type { TaskFacts } from '../../task/task.ts';

type Wait = Extract<Stay, { kind: 'wait' }>;

/**
 * Asks people for what a turn wants of them. Each is taken to do it just when it is due, by the agreement's working
 * hours: nothing is known of how long they take.
 * @param tasks the enrollment's, which are changed
 * @returns the wait as it is then
 */
export function ask(tasks: TaskFacts[], move: Wait, agreement: Agreement, at: Instant): Wait {
  if (move.tasks === undefined) return move;
  for (const [index, task] of tasks.entries())
    if (move.tasks.lapses.includes(task.stepKey))
      tasks[index] = { ...task, state: 'done', endedAt: at };
  const week = workingWeek(agreement, null);
  const given = move.tasks.begins.map((step): TaskFacts => ({
    id: `simulated/${step.task}` as TaskId,
    ...{ stepKey: step.task, state: 'open', person: 'somebody' as PersonId },
    ...{ isTheirs: true, isTold: true, endedAt: null },
    lapsesAt: afterWorkingTime(at, step.dueWithin, week),
  }));
  tasks.push(...given);
  const waited = given[move.tasks.begins.findIndex(waitsFor)];
  if (waited !== undefined) {
    const { lapsesAt } = waited;
    return { ...move, until: earliest(move.until, lapsesAt), dueAt: lapsesAt };
  }
  const ends = given.map(({ lapsesAt }) => lapsesAt);
  // Whoever waits for nothing else waits for the first of them.
  return move.then === 'turn' ? { ...move, until: earliest(move.until, ...ends) } : move;
}
