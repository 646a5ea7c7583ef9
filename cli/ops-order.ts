import type { Agreement } from '../domain/agreement/agreement.ts';
import type { OpsSaid } from '../domain/escalation/by-ops.ts';
import { clockOf } from '../domain/escalation/clock.ts';
import { workingWeek } from '../domain/escalation/due.ts';
import { laterBy, readAmount, readUntil } from '../domain/escalation/more-time.ts';
import { personNamed } from '../domain/escalation/person-named.ts';
import { momentInWords } from '../domain/escalation/time-left.ts';
import { watchOf } from '../domain/escalation/watch.ts';
import type { EscalationId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { activeAgreement } from '../store/agreement.ts';
import type { Database } from '../store/database.ts';
import { escalationState } from '../store/escalation.ts';
import { awayUntil, roster, type Member } from '../store/roster.ts';

/** What ops want done with leads that are with sales, and how it is told. */
export interface Order {
  /** What the workflow of one is told. */
  said: (id: EscalationId) => Promise<OpsSaid>;
  /** What becomes of them, such as `closed`. */
  done: string;
  /** Something worth a second look before it is done. */
  doubt: string | null;
}

/** It was not said, or not understood, what is to be done. */
class OrderError extends Error {
  override readonly name = 'OrderError';
}

/** @throws OrderError when the word is nobody's of sales, with the nearest right one */
export async function giveTo(database: Database, word: string, at: Instant): Promise<Order> {
  const { id, name, ...member } = await memberNamed(database, word, at);
  if (member.team !== 'sales')
    throw new OrderError(`${name} is of ${member.team}; leads are given to members of sales.`);
  const until = awayUntil(member, at);
  return {
    said: async () => ({ verb: 'reassign', to: id }),
    done: `given to ${name}`,
    doubt: until === null ? null : `${name} is away at present.`,
  };
}

/** An active person by key, address or part of the name. @throws OrderError */
async function memberNamed(database: Database, word: string, at: Instant): Promise<Member> {
  const present = (await roster(database, at)).filter(({ isActive }) => isActive);
  const found = personNamed(word, present);
  if ('problem' in found) throw new OrderError(found.problem);
  return found.person;
}

/**
 * More time: until a moment, in the time zone of the agreement, or by an amount that is added to when something is due,
 * in the working hours of its owner.
 * @throws OrderError
 */
export async function giveTime(
  database: Database,
  { until, by }: { until?: string | undefined; by?: string | undefined },
  at: Instant,
): Promise<Order> {
  const agreement = (await activeAgreement(database))?.agreement;
  if (agreement === undefined)
    throw new OrderError('No agreement is in force yet, which says when sales works.');
  if (until !== undefined) return giveTimeUntil(until, agreement, at);
  if (by === undefined) throw new OrderError('Say how much time: --until or --by.');
  const read = readAmount(by);
  if ('problem' in read) throw new OrderError(`--by: ${read.problem}.`);
  return {
    said: async id => {
      const state = await escalationState(database, id);
      const due = state && (clockOf(watchOf(state), agreement)?.promisedAt ?? null);
      const week = workingWeek(agreement, state?.owner.country ?? null);
      return { verb: 'extend', until: laterBy(read.amount, due, week, at) };
    },
    done: `given more time: ${by.trim()}`,
    doubt: null,
  };
}

function giveTimeUntil(text: string, agreement: Agreement, at: Instant): Order {
  const { zone } = workingWeek(agreement, null);
  const read = readUntil(text, zone);
  if ('problem' in read) throw new OrderError(`--until: ${read.problem}.`);
  const { until } = read;
  if (until <= at)
    throw new OrderError(
      `--until: ${text} is past; it is ${momentInWords(at, zone)} in ${zone} now.`,
    );
  return {
    said: async () => ({ verb: 'extend', until }),
    done: `given more time, until ${momentInWords(until, zone)} (${zone})`,
    doubt: null,
  };
}

export const closing: Order = {
  said: async () => ({ verb: 'close' }),
  done: 'closed',
  doubt: null,
};
