import { earliest, type Instant } from '../instant.ts';
import type { PersonId } from '../ids.ts';
import type { Plan, TaskInstruction } from '../sequence/plan.ts';
import type { TaskFacts, TaskKind } from '../task/task.ts';
import type { EnrollmentFacts } from './facts.ts';

/** What becomes of an enrollment's tasks in a turn. */
export interface TaskChanges {
  /** Somebody is asked for them now. */
  begins: readonly TaskInstruction[];
  /** Their time is over, by their steps' names. */
  lapses: readonly string[];
  /** Whoever had them works here no more. */
  passesOn: readonly { task: TaskFacts; instruction: TaskInstruction }[];
}

/** A task that a sequence waits for. */
export interface WaitedTask {
  name: string;
  kind: TaskKind;
  person: PersonId;
  /** When the sequence goes on without it. */
  until: Instant;
}

type Enrollment = Pick<EnrollmentFacts, 'cursor' | 'dueAt' | 'tasks'>;

/** An enrollment's task of a step; undefined while nobody was asked for it. */
export function taskOf({ tasks = [] }: Enrollment, name: string): TaskFacts | undefined {
  return tasks.find(({ stepKey }) => stepKey === name);
}

/**
 * When a task's time is over. Of one that the sequence waits for a pause takes nothing away: what was left of the wait
 * is left of it afterwards (P9).
 */
export function lapseOf(task: TaskFacts, plan: Plan, { cursor, dueAt }: Enrollment): Instant {
  const here = plan[cursor];
  const isWaitedFor = here?.do === 'task' && here.task === task.stepKey && waitsFor(here);
  return isWaitedFor && dueAt > task.lapsesAt ? dueAt : task.lapsesAt;
}

export function waitsFor({ goOn }: TaskInstruction): boolean {
  return goOn === 'when done';
}

/** What becomes of the tasks at a moment, and until when the longest that stays open is; null when none does. */
export function changesOf(
  plan: Plan,
  enrollment: Enrollment,
  begins: readonly TaskInstruction[],
  at: Instant,
): { changes: TaskChanges | null; openUntil: Instant | null } {
  const open = (enrollment.tasks ?? []).filter(({ state }) => state === 'open');
  const until = (task: TaskFacts) => lapseOf(task, plan, enrollment);
  const lapses = open.filter(task => until(task) <= at).map(({ stepKey }) => stepKey);
  const left = open.filter(task => until(task) > at);
  const passesOn = left.flatMap(task => {
    const instruction = plan.find(
      (step): step is TaskInstruction => step.do === 'task' && step.task === task.stepKey,
    );
    return task.isTheirs || instruction === undefined ? [] : [{ task, instruction }];
  });
  const isAny = begins.length + lapses.length + passesOn.length > 0;
  return {
    changes: isAny ? { begins, lapses, passesOn } : null,
    openUntil: earliest(...left.map(until)),
  };
}
