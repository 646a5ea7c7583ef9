import type { PersonId, TaskId } from '../ids.ts';
import type { Instant } from '../instant.ts';

/** What a person may be asked to do. */
export const taskKinds = ['call', 'mail', 'meeting', 'letter', 'other'] as const;
export type TaskKind = (typeof taskKinds)[number];

/** Who is asked: whoever knows the lead, or somebody of a role. */
export const askedFor = ['owner', 'rep', 'telesales', 'manager'] as const;
export type AskedFor = (typeof askedFor)[number];

/** How a task stands. Lapsed: its time was over, or its lead left the sequence. */
export type TaskState = 'open' | 'done' | 'skipped' | 'lapsed';

/** The longest note to a task and the longest remark of whoever ends it, in characters. */
export const longestNote = 300;
export const longestRemark = 500;

/** A task of an enrollment as decisions rest on it. */
export interface TaskFacts {
  id: TaskId;
  /** Its step's name. */
  stepKey: string;
  state: TaskState;
  person: PersonId;
  /** Whether that person still works here. */
  isTheirs: boolean;
  /** Whether they were told by mail, or cannot be. */
  isTold: boolean;
  /** When its time is over: as long after it was due as there was time to do it. */
  lapsesAt: Instant;
  /** Null while it is open. */
  endedAt: Instant | null;
}

/** What is asked, with its article: "a call". */
export const askedInWords: Readonly<Record<TaskKind, string>> = {
  call: 'a call',
  mail: 'a mail of your own',
  meeting: 'a meeting',
  letter: 'a letter',
  other: 'something to do',
};
