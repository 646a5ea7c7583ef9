import { heartbeat } from '@temporalio/activity';
import type { Agreement } from '../domain/agreement/agreement.ts';
import { openingsAfter } from '../domain/calendar/week.ts';
import { workingWeek } from '../domain/escalation/due.ts';
import { letThrough } from '../domain/escalation/pace.ts';
import { withAgreedCapacity } from '../domain/escalation/routing.ts';
import type { ActivationId, LeadId } from '../domain/ids.ts';
import { hour, minute, plus, type Instant } from '../domain/instant.ts';
import type { Rollout, RolloutCounts } from '../domain/nurture/rollout.ts';
import { shiftTo } from '../engine/clock.ts';
import {
  activationState,
  endActivation,
  noteGraded,
  type ActivationState,
} from '../store/activation.ts';
import { leadsCrossing, letGo } from '../store/crossing.ts';
import { assignedSince, lockCandidates } from '../store/person.ts';
import { openWork } from '../store/slot.ts';
import type { Context } from './context.ts';
import { unknownRow } from './failure.ts';
import { inParallel } from './in-parallel.ts';
import { momentOf } from './moment.ts';
import { mustLook, pagesOf, writeGrades } from './regrade.ts';

/** Workflows that are told at once. */
const width = 16;
/** Leads that wait and are looked at in one go: more than all reps can take in a day. */
const mostWaiting = 2_000;

export interface ActivationTurnInput {
  activation: ActivationId;
  /** First all are graded, which is reading and writing; then those are told that must look. */
  phase: 'grading' | 'telling';
  /** The last lead of this phase; without it, the one that the database names, or none. */
  after?: LeadId;
  shift: number;
}

/** Does the next piece of an activation: some pages of leads, or a day's leads for sales. Twice does no harm. */
export async function activationTurn(
  context: Context,
  { activation, phase, after, shift }: ActivationTurnInput,
): Promise<Rollout> {
  const state = await activationState(context.database, activation);
  if (state === null) throw unknownRow('activation');
  if (state.endedAt !== null)
    return {
      ...tellOf(state),
      kind: 'ended',
      why: state.gradedAt === null ? 'another agreement is in force' : 'done',
    };
  const agreement = await context.agreement(state.agreementId);
  const at = momentOf(shift);
  if (state.gradedAt === null) {
    const from = after ?? (phase === 'grading' ? state.lastLeadId : null);
    let last: LeadId | null = null;
    for await (const page of pagesOf(context, state, agreement, from, at)) {
      if (phase === 'grading') await writeGrades(context, state, page);
      else await tell(context, mustLook(page), shiftTo(at, shift));
      last = page.last;
      heartbeat();
    }
    if (last !== null) {
      const now = (await activationState(context.database, activation)) ?? state;
      return { ...tellOf(now), kind: phase, last };
    }
    if (phase === 'grading') return { ...tellOf(state), kind: 'graded' };
    await noteGraded(context.database, activation, at);
  }
  return pace(context, activation, agreement, at, shift);
}

/** Tells the workflows of leads to look. */
async function tell(
  { database, engine }: Context,
  leads: readonly LeadId[],
  shift: number,
): Promise<void> {
  const work = await openWork(database, leads);
  await inParallel(work, width, async each => {
    await engine.nudge(each, { shift, again: true });
    heartbeat();
  });
}

/** Lets through what reps have room for today. */
async function pace(
  context: Context,
  activation: ActivationId,
  agreement: Agreement,
  at: Instant,
  shift: number,
): Promise<Rollout> {
  const { database } = context;
  const week = workingWeek(agreement, null);
  const [open, following] = openingsAfter(at, week);
  const isOpen = open !== undefined && open.from <= at;
  const { waiting, released } = await database.transaction(async session => {
    const crossing = await leadsCrossing(session, mostWaiting);
    if (!isOpen || crossing.waiting.length === 0)
      return { waiting: crossing.waiting.length, released: crossing.released };
    const people = withAgreedCapacity(await lockCandidates(session, at), agreement);
    const today = await assignedSince(session, open.from);
    const busy = people.map(person => ({ ...person, today: today.get(person.id) ?? 0 }));
    const queue = [...crossing.released, ...crossing.waiting];
    const through = new Set(letThrough(queue, busy, week.days.length));
    const now = crossing.waiting.filter(({ id }) => through.has(id));
    await letGo(
      session,
      activation,
      now.map(({ id }) => id),
    );
    return {
      waiting: crossing.waiting.length - now.length,
      released: [...crossing.released, ...now],
    };
  });
  await tell(
    context,
    released.map(({ id }) => id),
    shiftTo(at, shift),
  );
  const isOver = waiting === 0 && released.length === 0;
  if (isOver) await endActivation(database, activation, at);
  const state = await activationState(database, activation);
  if (state === null) throw unknownRow('activation');
  if (isOver) return { ...tellOf(state), kind: 'ended', why: 'done' };
  // Those that were told are looked after; the others wait for the next day that reps work.
  const next = (isOpen ? following : open)?.from ?? plus(at, hour);
  return {
    ...tellOf(state),
    kind: 'pacing',
    waiting,
    until: released.length > 0 ? (Math.min(next, at + minute) as Instant) : next,
  };
}

function tellOf(state: ActivationState): { v: 1; counts: RolloutCounts } {
  const { version, total, looked, changed, crossed, released } = state;
  return { v: 1, counts: { version, total, looked, changed, crossed, released } };
}
