import { attemptSchema, readSaid } from '../domain/escalation/said.ts';
import type { PersonId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { agreementById } from '../store/agreement.ts';
import { logAttempt, recordAnswer, type Once, type Recorded, type Way } from '../store/answer.ts';
import type { EscalationState } from '../store/escalation.ts';
import { loadFacts } from '../store/facts.ts';
import { leadByAddress } from '../store/lead.ts';
import type { HttpContext } from './context.ts';

/** What became of something that sales said of a lead. */
export type Heard =
  | Recorded
  /** It cannot be understood, or lacks something; in a sentence. */
  | { problem: string };

/**
 * Takes what somebody says of a lead that is with sales, by the agreement that the lead is held to, and has its
 * workflow look.
 * @param given `{ answer, ... }` as `readSaid` knows it, or `{ answer: 'attempt', attempt }` for a try to reach the lead
 * @param once what it goes through in its transaction, which may answer instead of it; nothing of that kind when left out
 */
export async function hear<Instead extends object = never>(
  { database, nudger }: Pick<HttpContext, 'database' | 'nudger'>,
  state: EscalationState,
  given: unknown,
  by: { person: PersonId; way: Exclude<Way, 'ops'> },
  at: Instant,
  once?: Once<Instead>,
): Promise<Heard | Instead> {
  const { person: personId, way } = by;
  const who = { escalationId: state.id, personId, way };
  const attempt = attemptSchema.safeParse(given);
  const heard = attempt.success
    ? await logAttempt(
        database,
        { ...who, kind: attempt.data.attempt, note: attempt.data.note ?? null },
        at,
        once,
      )
    : await hearAnswer(database, state, given, who, at, once);
  if ('recorded' in heard) nudger.nudge([state.leadId]);
  return heard;
}

async function hearAnswer<Instead extends object>(
  database: HttpContext['database'],
  { leadId, grade, attempts }: EscalationState,
  given: unknown,
  who: { escalationId: EscalationState['id']; personId: PersonId; way: Way },
  at: Instant,
  once?: Once<Instead>,
): Promise<Heard | Instead> {
  const facts = await loadFacts(database, leadId, at);
  if (facts === null) return { refused: 'unknown' };
  const { agreement } = await agreementById(database, facts.agreementId);
  const read = readSaid(given, { agreement, grade, attempts: attempts.length, at });
  if ('problem' in read) return read;
  const { reason, about } = read.said;
  const isDuplicate = reason !== null && agreement.rejections[reason]?.asks === 'duplicate';
  if (isDuplicate && about !== null) {
    const other = await leadByAddress(database, about);
    if (other === null) return { problem: 'no lead has this address' };
    if (other === leadId) return { problem: 'this is the address of the lead itself' };
  }
  return recordAnswer(database, { ...who, ...read.said }, at, once);
}
