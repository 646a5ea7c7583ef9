import { DateTime } from 'luxon';
import type { Agreement } from '../domain/agreement/agreement.ts';
import {
  mostReassignments,
  nextOpening,
  stepOf,
  type Notice,
  type Watch,
} from '../domain/escalation/clock.ts';
import { dueTimesOf, workingWeek } from '../domain/escalation/due.ts';
import { isEnd } from '../domain/escalation/life.ts';
import { route, routeOn, withAgreedCapacity } from '../domain/escalation/routing.ts';
import type { Instant } from '../domain/instant.ts';
import type { LeadFields } from '../domain/lead/fields.ts';
import { leadInALine } from '../domain/lead/name.ts';
import { noteTold, queuedEscalations, reassign, unnoteTold } from '../store/assignment.ts';
import type { Session } from '../store/database.ts';
import { escalationState, type EscalationState } from '../store/escalation.ts';
import type { LoadedFacts } from '../store/facts.ts';
import { lockCandidates, managerOf } from '../store/person.ts';
import { isSuppressed } from '../store/suppression.ts';
import type { Context } from './context.ts';
import { unknownRow } from './failure.ts';

/** Where an escalation stands after everything that was due is done, and when something will be. */
export interface Kept {
  state: EscalationState;
  until: Instant | null;
}

/** More than this many things due at one moment mean that something is wrong. */
const patience = 20;

/**
 * Does what the clocks of an escalation ask for by now: warns its owner, tells the manager, asks the next rep, finds
 * one for those that wait. Twice does no harm.
 */
export async function keepTime(
  context: Context,
  given: EscalationState,
  facts: LoadedFacts,
  agreement: Agreement,
  at: Instant,
): Promise<Kept> {
  let state = given;
  for (let n = 0; n < patience; n++) {
    const step = stepOf(watchOf(state), agreement, at);
    switch (step.kind) {
      case 'wait':
        return { state, until: step.until };
      case 'tell':
        await tellOfTime(context, state, step.notice, facts.lead.fields, agreement, at);
        break;
      case 'reassign':
        await askNext(context, state, facts.lead.fields, step.why, agreement, at);
        break;
      case 'place': {
        await placeQueued(context, agreement, at);
        const placed = await reloaded(context.database, state);
        if (placed.state === 'queued') return { state: placed, until: nextOpening(at, agreement) };
        break;
      }
      default:
        return step satisfies never;
    }
    state = await reloaded(context.database, state);
  }
  throw new Error('The clocks of an escalation ask for ever more.');
}

/** What its clocks run by. */
function watchOf(state: EscalationState): Watch {
  const { assignment, owner, dispositions } = state;
  const since = dispositions.findLast(({ kind }) => kind === 'contacted')?.seq ?? Infinity;
  return {
    state: dispositions.some(({ kind }) => isEnd(kind)) ? 'closed' : state.state,
    assignment: {
      id: assignment.id,
      at: assignment.at,
      isLast: assignment.cause === 'manager' || assignment.cause === 'catch-all',
    },
    isOwnerActive: owner.isActive,
    country: owner.country,
    acceptDueAt: state.acceptDueAt,
    contactDueAt: state.contactDueAt,
    feedbackDueAt: state.feedbackDueAt,
    hasFeedback: dispositions.some(({ kind, seq }) => kind === 'feedback' && seq > since),
    told: state.told,
  };
}

async function reloaded(session: Session, { id }: EscalationState): Promise<EscalationState> {
  const state = await escalationState(session, id);
  if (state === null) throw unknownRow('escalation');
  return state;
}

/** Tells somebody about a time; noted when the mail is taken, so that a lost one is sent again. */
async function tellOfTime(
  { database, gateway, noticeMail, links, log }: Context,
  state: EscalationState,
  notice: Notice,
  fields: LeadFields,
  agreement: Agreement,
  at: Instant,
): Promise<void> {
  const to = notice.to === 'owner' ? state.owner : await managerOf(database);
  const { zone } = workingWeek(agreement, state.owner.country);
  if (to !== null && !(await isSuppressed(database, to.address))) {
    const isOwner = notice.to === 'owner';
    const link = isOwner ? links.escalation(state.assignment.id, at) : links.lead(state.leadId, at);
    const lead = leadInALine(fields) ?? 'without a name';
    const mail = noticeMail.ofTime({ notice, state, lead, to, zone, link });
    const answer = await gateway.send(mail);
    if (answer.kind !== 'accepted' && answer.kind !== 'refused')
      throw new Error('The provider did not take the mail about an agreed time.');
    if (answer.kind === 'refused')
      log.warn({ escalation: state.id, reason: answer.reason }, 'a mail about a time was refused');
  }
  await noteTold(database, notice.key, state.id, at);
}

/** Asks the next rep, with all the time that the agreement gives. */
async function askNext(
  { database }: Context,
  state: EscalationState,
  fields: LeadFields,
  why: 'overdue' | 'left',
  agreement: Agreement,
  at: Instant,
): Promise<void> {
  const asked = new Set(state.asked.map(({ person }) => person));
  const reassigned = state.asked.filter(({ cause }) => cause === 'overdue').length;
  const isEnough = why === 'overdue' && reassigned >= mostReassignments;
  await database.transaction(async session => {
    const candidates = withAgreedCapacity(await lockCandidates(session, at), agreement);
    const next = routeOn(fields, candidates, asked, why, isEnough);
    const times = dueTimesOf(next, candidates, agreement, state.grade, at);
    const follows = { after: state.assignment.id, inState: state.state };
    await reassign(session, { escalationId: state.id, ...follows, route: next, ...times }, at);
  });
}

/**
 * Gives the leads that wait to reps who have room, the best and oldest first. Whichever workflow looks first does it
 * for all of them.
 */
async function placeQueued(
  { database }: Context,
  agreement: Agreement,
  at: Instant,
): Promise<void> {
  await database.transaction(async session => {
    let candidates = withAgreedCapacity(await lockCandidates(session, at), agreement);
    for (const queued of await queuedEscalations(session)) {
      const next = route(queued.fields, candidates);
      if (next.cause === 'queued') continue;
      const { id, assignment, grade } = queued;
      const times = dueTimesOf(next, candidates, agreement, grade, at);
      const follows = { after: assignment, inState: 'queued' } as const;
      await reassign(session, { escalationId: id, ...follows, route: next, ...times }, at);
      candidates = candidates.map(each =>
        each.id === next.person
          ? { ...each, assigned: each.assigned + 1, lastAssignedAt: at }
          : each,
      );
    }
  });
}

/**
 * Tells the manager that leads wait because everybody is full, once a day however many they are.
 * @param state an escalation that waits
 */
export async function tellOfQueue(
  { database, gateway, noticeMail, links }: Context,
  state: EscalationState,
  agreement: Agreement,
  at: Instant,
): Promise<void> {
  const { zone } = agreement.working_hours;
  const key = `queue/${DateTime.fromMillis(at, { zone }).toISODate() ?? ''}`;
  const to = await managerOf(database);
  // Noted before it is said, so that of a thousand that wait one says it.
  if (to === null || !(await noteTold(database, key, null, at))) return;
  const next = nextOpening(at, agreement);
  const answer = await gateway
    .send(noticeMail.ofQueue({ to, next, zone, link: links.desk() }))
    .catch((error: unknown) => ({ kind: 'failed', error }) as const);
  if (answer.kind === 'accepted' || answer.kind === 'refused') return;
  await unnoteTold(database, key);
  throw new Error('The provider did not take the mail about leads that wait.');
}
