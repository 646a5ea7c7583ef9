import type { Week } from '../../domain/calendar/week.ts';
import { momentInWords } from '../../domain/escalation/time-left.ts';
import type { Instant } from '../../domain/instant.ts';
import { askedInWords } from '../../domain/task/task.ts';
import { howItEnded } from '../../domain/task/told.ts';
import type { Task } from '../../store/task.ts';
import { Due, nameOf } from './lead-parts.tsx';

/** What pages tell of tasks. */

/** What is to do, as the name of a fact. */
const dutyOf: Readonly<Record<Task['kind'], string>> = {
  call: 'Call',
  mail: 'Mail',
  meeting: 'Meeting',
  letter: 'Letter',
  other: 'To do',
};

export interface TasksProps {
  tasks: readonly Task[];
  at: Instant;
  /** The time zone in which moments are told. */
  zone: string;
  /** When somebody of a country works. */
  weekOf: (country: string | null) => Week;
  /** Whether each says whose it is. */
  isOfSeveral: boolean;
  /** Until when each person is away, by their ids. */
  away?: ReadonlyMap<string, Instant>;
  /** The way to where a task is said to be done, or else to its lead; null for none. */
  linkTo: (task: Task) => string | null;
}

/** Tasks that wait for people, in the order that is given. */
export function OpenTasks({ tasks, ...props }: TasksProps): string {
  return (
    <ol class="desk">
      {tasks.map(task => (
        <OpenTask task={task} {...props} />
      ))}
    </ol>
  ) as string;
}

function OpenTask({ task, ...props }: { task: Task } & Omit<TasksProps, 'tasks'>): string {
  const { at, zone, weekOf, isOfSeveral, away, linkTo } = props;
  const { kind, note, person, dueAt, fields, grade } = task;
  const link = linkTo(task);
  const name = nameOf(task);
  const until = away?.get(person.id);
  const isAway = until === undefined ? '' : `, away until ${momentInWords(until, zone)}`;
  return (
    <li>
      <span class={`grade grade-${grade ?? ''}`}>{grade ?? '?'}</span>
      <div>
        {link === null ? (
          <strong safe>{name}</strong>
        ) : (
          <a href={link} safe>
            {name}
          </a>
        )}
        <div safe>{[fields.title, fields.company].filter(Boolean).join(', ')}</div>
        <div class="quiet" safe>
          {note ?? `asked for by ${task.sequence}`}
        </div>
        {isOfSeveral ? (
          <div class="quiet" safe>
            {`${person.name}${isAway}`}
          </div>
        ) : (
          ''
        )}
      </div>
      <dl>
        <div>
          <dt safe>{dutyOf[kind]}</dt>
          <Due due={dueAt} at={at} week={weekOf(person.country)} zone={zone} />
        </div>
      </dl>
    </li>
  ) as string;
}

/** All tasks of one lead: what is open, then what was; nothing when nobody was ever asked. */
export function TasksOfLead(props: Omit<TasksProps, 'isOfSeveral'>): string {
  const { tasks, zone } = props;
  const open = tasks.filter(({ state }) => state === 'open');
  const past = tasks.filter(({ state }) => state !== 'open');
  if (tasks.length === 0) return '';
  return (
    <>
      <h2>Tasks</h2>
      {open.length === 0 ? '' : <OpenTasks {...props} tasks={open} isOfSeveral />}
      {past.length === 0 ? (
        ''
      ) : (
        <ul class="why">
          {past.map(task => (
            <li
              safe
            >{`${momentInWords(task.endedAt ?? task.createdAt, zone)}: ${askedOf(task)}: ${howItEnded(task)}`}</li>
          ))}
        </ul>
      )}
    </>
  ) as string;
}

function askedOf({ person, kind, note }: Task): string {
  return `${person.name} was asked for ${askedInWords[kind]}${note === null ? '' : ` (${note})`}`;
}
