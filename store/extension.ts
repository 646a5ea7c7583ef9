import type { ClockName } from '../domain/escalation/clock.ts';
import type { MoreTime } from '../domain/escalation/more-time.ts';
import type { EscalationId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { newId, type Session } from './database.ts';

/** The moment of an escalation that a clock runs to. */
const dueOf = {
  answer: 'acceptDueAt',
  contact: 'contactDueAt',
  feedback: 'feedbackDueAt',
} as const satisfies Record<ClockName, string>;

/** Puts off when something is due, and keeps that it was; of an escalation whose row is held. */
export async function putOff(
  session: Session,
  escalationId: EscalationId,
  { clock, dueFrom, dueTo }: MoreTime,
  at: Instant,
): Promise<void> {
  const times = { dueFrom: new Date(dueFrom), dueTo: new Date(dueTo), at: new Date(at) };
  await session.escalation.update({
    where: { id: escalationId },
    data: { [dueOf[clock]]: times.dueTo },
  });
  await session.extension.create({
    data: { id: newId(), escalationId, clock, way: 'ops', ...times },
  });
}
