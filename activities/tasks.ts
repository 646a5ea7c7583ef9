import type { Agreement } from '../domain/agreement/agreement.ts';
import { afterWorkingTime } from '../domain/calendar/working-time.ts';
import { workingWeek } from '../domain/escalation/due.ts';
import type { TaskId } from '../domain/ids.ts';
import { earliest, type Instant } from '../domain/instant.ts';
import type { Stay } from '../domain/nurture/decide.ts';
import { waitsFor } from '../domain/nurture/tasks.ts';
import type { TaskInstruction } from '../domain/sequence/plan.ts';
import { takerOf, type Taker } from '../domain/task/taker.ts';
import { newId } from '../store/database.ts';
import { isSuppressed } from '../store/suppression.ts';
import { noteTaskTold, takersFor, taskById } from '../store/task.ts';
import type { GivenTask, TaskWork } from '../store/turn.ts';
import type { EnrolledFacts } from './apply.ts';
import type { Context } from './context.ts';

type Wait = Extract<Stay, { kind: 'wait' }>;

/**
 * Chooses who does what a turn asks people for, and by when. Turns that ask for nothing pay nothing for it.
 * @returns the wait as it is then, and what is to be written with it
 */
export async function ask(
  { database }: Pick<Context, 'database'>,
  { lead }: EnrolledFacts,
  agreement: Agreement,
  move: Wait,
  at: Instant,
): Promise<{ move: Wait; tasks: TaskWork | null }> {
  if (move.tasks === undefined) return { move, tasks: null };
  const { begins, passesOn, lapses: lapsed } = move.tasks;
  if (begins.length + passesOn.length === 0)
    return { move, tasks: { given: [], passed: [], lapsed } };
  const { takers, known } = await takersFor(database, lead.id, at);
  let left = takers;
  const choose = (step: TaskInstruction): Taker => {
    const chosen = takerOf(step.for, lead.fields, left, known);
    left = left.map(each =>
      each.id === chosen.id ? { ...each, open: each.open + 1, lastAt: at } : each,
    );
    return chosen;
  };
  const passed = passesOn.map(({ task, instruction }) => ({
    id: task.id,
    stepKey: task.stepKey,
    person: choose(instruction).id,
  }));
  const given = begins.map((step): GivenTask => {
    const { task: stepKey, kind, note, dueWithin } = step;
    const { id: person, country } = choose(step);
    const week = workingWeek(agreement, country);
    const dueAt = afterWorkingTime(at, dueWithin, week);
    const lapsesAt = afterWorkingTime(dueAt, dueWithin, week);
    return { id: newId<TaskId>(), stepKey, person, kind, note, dueAt, lapsesAt };
  });
  const waited = given[begins.findIndex(waitsFor)];
  return { move: waiting(move, given, waited, passed), tasks: { given, passed, lapsed } };
}

/** The wait as it is once people were asked. */
function waiting(
  move: Wait,
  given: readonly GivenTask[],
  waited: GivenTask | undefined,
  passed: readonly Pick<GivenTask, 'stepKey' | 'person'>[],
): Wait {
  if (waited !== undefined) {
    const { stepKey: name, kind, person, lapsesAt } = waited;
    const task = { name, kind, person, until: lapsesAt };
    return { ...move, until: earliest(move.until, lapsesAt), dueAt: lapsesAt, task };
  }
  // Whoever waits for nothing else waits for the first of them.
  const until =
    move.then === 'turn'
      ? earliest(move.until, ...given.map(({ lapsesAt }) => lapsesAt))
      : move.until;
  const person = passed.find(({ stepKey }) => stepKey === move.task?.name)?.person;
  return move.task === undefined || person === undefined
    ? { ...move, until }
    : { ...move, until, task: { ...move.task, person } };
}

/**
 * Mails whoever was asked for something in this turn, or in one before that was cut off. Without a clear answer it is
 * sent again: somebody who is told twice beats one who is never told.
 */
export async function tellOfTasks(
  context: Context,
  { enrollment }: EnrolledFacts,
  work: TaskWork | null,
  agreement: Agreement,
  at: Instant,
): Promise<void> {
  const untold = (enrollment.tasks ?? []).filter(
    ({ state, isTold, stepKey }) =>
      state === 'open' && !isTold && work?.lapsed.includes(stepKey) !== true,
  );
  const { given, passed } = work ?? { given: [], passed: [] };
  const ids = new Set([...untold, ...given, ...passed].map(({ id }) => id));
  for (const id of ids) await tellOfTask(context, id, agreement, at);
}

async function tellOfTask(
  { database, gateway, noticeMail, links, log }: Context,
  id: TaskId,
  agreement: Agreement,
  at: Instant,
): Promise<void> {
  const task = await taskById(database, id);
  if (task?.state !== 'open') return;
  const { person } = task;
  if (await isSuppressed(database, person.address)) {
    log.warn(
      { task: id },
      'the address of whoever is asked is suppressed; only the page tells them',
    );
  } else {
    const { zone } = workingWeek(agreement, person.country);
    const answer = await gateway.send(
      noticeMail.ofTask({ task, zone, link: links.task(id, person.id, at) }),
    );
    if (answer.kind !== 'accepted' && answer.kind !== 'refused')
      throw new Error('The provider did not take the mail about a task.');
    if (answer.kind === 'refused')
      log.warn({ task: id, reason: answer.reason }, 'a mail about a task was refused');
  }
  await noteTaskTold(database, task, at);
}
