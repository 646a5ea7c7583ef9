import { day, hour, minute, second } from '../instant.ts';
import type { Cap } from '../calendar/cap.ts';
import { doings, type Condition } from './condition.ts';
import type { Instruction, TaskInstruction } from './plan.ts';
import type { Wait, WindowRule } from './schema.ts';

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const longWeekdays = 'monday tuesday wednesday thursday friday saturday sunday'.split(' ');

/** `4 days`, `until tuesday 09:30`: as people write it. */
export function waitInWords(wait: Wait): string {
  if (wait.kind === 'for') return durationInWords(wait.ms);
  return `until ${longWeekdays[wait.weekday - 1] ?? ''} ${timeInWords(wait.minutes)}`;
}

/** Waits one after the other; `nothing` when there is none. */
export function waitsInWords(waits: readonly Wait[]): string {
  return waits.map(waitInWords).join(', then ') || 'nothing';
}

/** When a mail may go out, as people write it. */
export function windowInWords(window: WindowRule | null): string {
  if (window === null) return 'as agreed';
  if (window === 'always') return 'always';
  const { days, from, to, zone, holidays } = window;
  const hours = `${timeInWords(from)} to ${timeInWords(to)}`;
  const where = zone === 'of the lead' ? "in the lead's time zone" : zone;
  const which = holidays === 'skip' ? 'except on holidays' : 'also on holidays';
  return `${daysInWords(days)}, ${hours}, ${where}, ${which}`;
}

/** What a branch asks, as people write it. */
export function conditionInWords(condition: Condition): string {
  switch (condition.kind) {
    case 'clicked':
      return `${not(condition)}clicked in ${condition.mail}${within(condition)}`;
    case 'did': {
      const { event, subject } = condition;
      const [doing = event] = Object.entries(doings).find(([, kind]) => kind === event) ?? [];
      return `${not(condition)}${doing} "${subject}"${within(condition)}`;
    }
    case 'fields':
      return Object.entries(condition.fields)
        .map(([field, patterns]) => `${field} ${patterns.join(' or ')}`)
        .join(', ');
    default:
      return condition satisfies never;
  }
}

function not({ negated }: { negated: boolean }): string {
  return negated ? 'not ' : '';
}

function within({ withinMs }: { withinMs: number | null }): string {
  return withinMs === null ? '' : ` within ${durationInWords(withinMs)}`;
}

/** `2 mails a week`, as people write it. */
export function capInWords({ mails, days }: Cap): string {
  const span = days === 1 ? 'a day' : days === 7 ? 'a week' : `in ${days} days`;
  return `${mails} ${mails === 1 ? 'mail' : 'mails'} ${span}`;
}

/** What a step is called where it is spoken of; waits and jumps are no steps. */
export function stepInWords(instruction: Instruction | undefined): string {
  if (instruction === undefined) return 'the end';
  switch (instruction.do) {
    case 'mail':
      return mailInWords(instruction.mail, instruction.variant?.name);
    case 'wait':
      return `the wait of ${waitInWords(instruction.wait)}`;
    case 'branch':
      return `the branch "${conditionInWords(instruction.if)}"`;
    case 'split':
      return `the split "${instruction.split}"`;
    case 'task':
      return `the task ${instruction.task}`;
    case 'jump':
      return 'the end of a branch';
    case 'move':
      return `the move to ${instruction.sequence}`;
    case 'exit':
      return `the exit "${instruction.reason}"`;
    default:
      return instruction satisfies never;
  }
}

/** What a task asks for: `a call by the owner within 2 working days`, and what else is said of it. */
export function taskInWords({ kind, for: who, dueWithin, note, goOn }: TaskInstruction): string {
  const { count, unit } = dueWithin;
  const within = `${count} working ${unit}${count === 1 ? '' : 's'}`;
  const asked = `${kind} by the ${who} within ${within}, going on ${goOn}`;
  return note === null ? asked : `${asked} ("${note}")`;
}

/** A mail, and which of its variants. */
export function mailInWords(mail: string, variant: string | undefined): string {
  return variant === undefined ? mail : `${mail} (variant ${variant})`;
}

const units = [
  [day, 'day'],
  [hour, 'hour'],
  [minute, 'minute'],
  [second, 'second'],
] as const;

/** `4 days`, `90 minutes`: in the largest unit that leaves nothing over. */
function durationInWords(milliseconds: number): string {
  const [unit, name] = units.find(([size]) => milliseconds % size === 0) ?? [1, 'millisecond'];
  const count = milliseconds / unit;
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

function timeInWords(minutes: number): string {
  const part = (value: number) => String(value).padStart(2, '0');
  return `${part(Math.floor(minutes / 60))}:${part(minutes % 60)}`;
}

/** ISO weekdays as people write them: `mon-fri`, `tue, thu`. */
function daysInWords(days: readonly number[]): string {
  const name = (iso: number) => weekdays[iso - 1] ?? '';
  const [first = 1] = days;
  const last = days.at(-1) ?? first;
  const isRow = days.length > 2 && last - first === days.length - 1;
  return isRow ? `${name(first)}-${name(last)}` : days.map(name).join(', ');
}
