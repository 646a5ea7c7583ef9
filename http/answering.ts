import { attemptSchema, readSaid } from '../domain/escalation/said.ts';
import type { PersonId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { agreementById } from '../store/agreement.ts';
import { answerIn, attemptIn, type Answer, type Recorded, type Way } from '../store/answer.ts';
import type { Session } from '../store/database.ts';
import type { EscalationState } from '../store/escalation.ts';
import { loadFacts } from '../store/facts.ts';
import { leadByAddress } from '../store/lead.ts';
import type { HttpContext } from './context.ts';

/** What became of something that sales said of a lead. */
export type Heard =
  | Recorded
  /** It cannot be understood, or lacks something; in a sentence. */
  | { problem: string };

/** What an answer goes through in its transaction: does the work, or answers instead of it. */
export type Once<Instead> = (
  session: Session,
  work: () => Promise<Recorded>,
) => Promise<Recorded | Instead>;

const always: Once<never> = (_session, work) => work();

/** Does in a transaction what was said. */
type Work = (session: Session) => Promise<Recorded>;

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
  once: Once<Instead> = always,
): Promise<Heard | Instead> {
  const { person: personId, way } = by;
  const who = { escalationId: state.id, personId, way };
  const attempt = attemptSchema.safeParse(given);
  const work: Work | Heard = attempt.success
    ? session => {
        const { attempt: kind, note = null } = attempt.data;
        return attemptIn(session, { ...who, kind, note }, at);
      }
    : await answerWork(database, state, given, who, at);
  if (typeof work !== 'function') return work;
  const heard = await database.transaction(session => once(session, () => work(session)));
  if ('recorded' in heard) nudger.nudge([state.leadId]);
  return heard;
}

async function answerWork(
  database: HttpContext['database'],
  { leadId, grade, attempts }: EscalationState,
  given: unknown,
  who: Pick<Answer, 'escalationId' | 'personId' | 'way'>,
  at: Instant,
): Promise<Work | Heard> {
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
  return session => answerIn(session, { ...who, ...read.said }, at);
}
