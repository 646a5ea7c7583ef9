import { DateTime } from 'luxon';
import { workingWeek } from '../../domain/escalation/due.ts';
import { personNamed } from '../../domain/escalation/person-named.ts';
import type { TimeOff } from '../../domain/escalation/time-off.ts';
import type { Instant } from '../../domain/instant.ts';
import { activeAgreement } from '../../store/agreement.ts';
import type { Database } from '../../store/database.ts';
import { roster, type Member } from '../../store/roster.ts';

/** What a command about people cannot do, and what to do instead. */
export class PeopleError extends Error {
  override readonly name = 'PeopleError';
}

/** An active person by key, address or part of the name, and the time zone in which they work. @throws PeopleError */
export async function memberNamed(
  database: Database,
  word: string,
  at: Instant,
): Promise<{ member: Member; zone: string }> {
  const present = (await roster(database, at)).filter(({ isActive }) => isActive);
  const found = personNamed(word, present);
  if ('problem' in found) throw new PeopleError(found.problem);
  const stored = await activeAgreement(database);
  if (stored === null)
    throw new PeopleError(
      'No agreement is in force yet, which says when people work; `npm start` puts the one in agreement/ into force.',
    );
  const { zone } = workingWeek(stored.agreement, found.person.country);
  return { member: found.person, zone };
}

/** `from Mon 2 Mar 2026, 09:30 to Fri 6 Mar 2026`: the last day is one on which they are away. */
export function timeOffInWords({ from, until }: TimeOff, zone: string): string {
  const begin = DateTime.fromMillis(from, { zone });
  const isWhole = begin.equals(begin.startOf('day'));
  return `from ${begin.toFormat(isWhole ? 'ccc d LLL yyyy' : 'ccc d LLL yyyy, HH:mm')} to ${lastDay(until, zone)}`;
}

/** The last day of a time off that ends at a moment. */
export function lastDay(until: Instant, zone: string): string {
  return DateTime.fromMillis(until - 1, { zone }).toFormat('ccc d LLL yyyy');
}

export function leadsHeld(open: number): string {
  return open === 1 ? '1 open escalation' : `${open} open escalations`;
}
