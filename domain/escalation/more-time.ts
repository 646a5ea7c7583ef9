import { DateTime } from 'luxon';
import type { AgreementDocument } from '../agreement/schema.ts';
import { workingTimeSchema, type WorkingTime } from '../calendar/schema.ts';
import type { Week } from '../calendar/week.ts';
import { afterWorkingTime } from '../calendar/working-time.ts';
import { day, parseDuration, plus, type Instant } from '../instant.ts';
import type { OpsRefusal } from './by-ops.ts';
import { clockOf, type ClockName } from './clock.ts';
import { hasEnded } from './life.ts';
import { watchOf, type Watched } from './watch.ts';

/** More time than this is a slip of the finger. */
const most = 366 * day;

/** A clock that is put on. */
export interface MoreTime {
  clock: ClockName;
  dueFrom: Instant;
  dueTo: Instant;
}

/** What giving an escalation time until a moment does, or why that cannot be. */
export function moreTime(
  watched: Omit<Watched, 'told'>,
  agreement: AgreementDocument,
  until: Instant,
  at: Instant,
): MoreTime | { refused: OpsRefusal } {
  if (hasEnded(watched)) return { refused: 'it has ended already' };
  if (until <= at) return { refused: 'the moment is past' };
  if (until - at > most) return { refused: 'the moment is more than a year away' };
  const clock = clockOf(watchOf({ ...watched, told: new Set() }), agreement);
  if (clock === null) return { refused: 'no clock runs that could be extended' };
  return until > clock.promisedAt
    ? { clock: clock.name, dueFrom: clock.promisedAt, dueTo: until }
    : { refused: 'it is not due before then' };
}

/** An amount of time: working time, or milliseconds. */
export type Amount = WorkingTime | number;

/** Reads `1 working day`, `4 working hours` or `2 days`, as the agreement writes them. */
export function readAmount(text: string): { amount: Amount } | { problem: string } {
  const amount = workingTimeSchema.safeParse(text).data ?? parseDuration(text);
  if (amount !== null && amount !== 0) return { amount };
  return {
    problem: `"${text.slice(0, 40)}" is no amount of time; write it like "1 working day", "4 working hours" or "2 days"`,
  };
}

/** Reads `2026-12-03 12:00`, in a time zone. */
export function readUntil(text: string, zone: string): { until: Instant } | { problem: string } {
  const moment = DateTime.fromFormat(text.trim().replace('T', ' '), 'yyyy-MM-dd H:mm', { zone });
  return moment.isValid
    ? { until: moment.toMillis() as Instant }
    : {
        problem: `"${text.slice(0, 40)}" is no moment; write day and time like "2026-12-03 12:00"`,
      };
}

/** The moment that lies an amount of time after when something is due; after now, when that is past or nothing is due. */
export function laterBy(amount: Amount, due: Instant | null, week: Week, at: Instant): Instant {
  const from = Math.max(due ?? at, at) as Instant;
  return typeof amount === 'number' ? plus(from, amount) : afterWorkingTime(from, amount, week);
}
