import type { Agreement } from '../domain/agreement/agreement.ts';
import type { OpsOutcome, OpsRefusal, OpsSaid } from '../domain/escalation/by-ops.ts';
import { dueTimesOf } from '../domain/escalation/due.ts';
import { moreTime } from '../domain/escalation/more-time.ts';
import { withAgreedCapacity } from '../domain/escalation/routing.ts';
import { hasEnded } from '../domain/escalation/life.ts';
import type { EscalationId, PersonId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { answerIn } from '../store/answer.ts';
import { reassign } from '../store/assignment.ts';
import type { Session } from '../store/database.ts';
import { leadOfEscalation } from '../store/escalation.ts';
import { putOff } from '../store/extension.ts';
import { holdEscalation } from '../store/held-escalation.ts';
import { answerToOps, keepAnswerToOps } from '../store/ops-update.ts';
import { lockCandidates, lockPerson, managerOf } from '../store/person.ts';
import type { Context } from './context.ts';
import { unknownRow } from './failure.ts';
import { look } from './moment.ts';

export interface ByOpsInput {
  escalation: EscalationId;
  shift: number;
  /** Temporal's id of the update: what was heard before is answered as it was, and not done again. */
  updateId: string;
  said: OpsSaid;
}

/** Does what ops say of an escalation, unless something stands against it; its workflow is to look afterwards. */
export async function byOps(
  { database, agreement: agreementOf }: Context,
  { escalation: escalationId, shift, updateId, said }: ByOpsInput,
): Promise<OpsOutcome> {
  const lead = await leadOfEscalation(database, escalationId);
  // At the moment of the turn that follows.
  const looked = lead && (await look(database, lead, shift));
  if (looked === null) throw unknownRow('escalation');
  const { facts, at } = looked;
  const agreement = await agreementOf(facts.agreementId);
  return database.transaction(async session => {
    const update = { escalationId, updateId };
    const before = await answerToOps(session, update);
    if (before !== null) return before;
    const outcome = await outcomeOf(session, escalationId, said, agreement, at);
    await keepAnswerToOps(session, update, said, outcome, at);
    return outcome;
  });
}

function outcomeOf(
  session: Session,
  id: EscalationId,
  said: OpsSaid,
  agreement: Agreement,
  at: Instant,
): Promise<OpsOutcome> {
  switch (said.verb) {
    case 'reassign':
      return giveTo(session, id, said.to, agreement, at);
    case 'extend':
      return extend(session, id, said.until, agreement, at);
    case 'close':
      return close(session, id, at);
    default:
      return said satisfies never;
  }
}

/** Gives it to somebody of sales, whatever room they have, with all the time that the agreement gives. */
async function giveTo(
  session: Session,
  id: EscalationId,
  to: PersonId,
  agreement: Agreement,
  at: Instant,
): Promise<OpsOutcome> {
  const candidates = withAgreedCapacity(await lockCandidates(session, at), agreement);
  const person = await lockPerson(session, to);
  const state = await holdEscalation(session, id);
  if (state === null) throw unknownRow('escalation');
  if (hasEnded(state)) return refused('it has ended already');
  if (person === null) return refused('there is no such person');
  if (!person.isActive) return refused('this person has left');
  if (person.team !== 'sales') return refused('this person is not of sales');
  // Who keeps it only until somebody has room may be given it for good.
  if (state.owner.id === to && state.state !== 'queued') return refused('it is theirs already');
  const route = { person: to, cause: 'ops', reason: 'ops gave it to them' } as const;
  const times = dueTimesOf(route, [person], agreement, state.grade, at);
  const follows = { escalationId: id, after: state.assignment.id, inState: state.state };
  if (!(await reassign(session, { ...follows, route, ...times }, at)))
    throw new Error('An escalation moved on while its row was held.');
  const { capacity = null, assigned = 0 } = candidates.find(each => each.id === to) ?? {};
  const isOver = capacity !== null && assigned >= capacity;
  return { done: true, over: isOver ? { assigned: assigned + 1, capacity } : null };
}

/** Puts off what is due now. */
async function extend(
  session: Session,
  id: EscalationId,
  until: Instant,
  agreement: Agreement,
  at: Instant,
): Promise<OpsOutcome> {
  const state = await holdEscalation(session, id);
  if (state === null) throw unknownRow('escalation');
  const more = moreTime(state, agreement, until, at);
  if ('refused' in more) return refused(more.refused);
  await putOff(session, id, more, at);
  return done;
}

/** Closes it unworked, in the name of whom sales turns to. */
async function close(session: Session, id: EscalationId, at: Instant): Promise<OpsOutcome> {
  const manager = await managerOf(session);
  if (manager === null) return refused('sales has no manager who could close it');
  const said = { escalationId: id, personId: manager.id, kind: 'closed', way: 'ops' } as const;
  const answer = await answerIn(session, said, at);
  if ('recorded' in answer) return answer.recorded ? done : refused('it has ended already');
  if (answer.refused === 'unknown') throw unknownRow('escalation');
  return refused('it has ended already');
}

const done = { done: true, over: null } as const;

function refused(why: OpsRefusal): OpsOutcome {
  return { done: false, why };
}
