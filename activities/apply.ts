import type { Agreement } from '../domain/agreement/agreement.ts';
import { dueTimesOf } from '../domain/escalation/due.ts';
import { route, withAgreedCapacity } from '../domain/escalation/routing.ts';
import type { PersonId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Appraisal } from '../domain/nurture/appraise.ts';
import type { Cause } from '../domain/nurture/cause.ts';
import type { Decision, EndReason, Move } from '../domain/nurture/decide.ts';
import type { Next } from '../domain/nurture/next.ts';
import type { Exposure } from '../domain/nurture/walk.ts';
import { segmentOf } from '../domain/agreement/segment-of.ts';
import { shiftTo } from '../engine/clock.ts';
import { accountTies } from '../store/account-ties.ts';
import { escalate } from '../store/escalation.ts';
import type { LoadedEnrollment, LoadedFacts } from '../store/facts.ts';
import { lockCandidates } from '../store/person.ts';
import { applyTurn, StaleFactsError, type EnrollmentState, type TaskWork } from '../store/turn.ts';
import type { Context } from './context.ts';
import { enrollLead } from './enroll.ts';
import { endedNext, standingOf, waitNext } from './standing.ts';
import { ask, tellOfTasks } from './tasks.ts';
import { tellAtOnce } from './tell-rep.ts';

/** Facts whose enrollment is open. */
export type EnrolledFacts = LoadedFacts & { enrollment: LoadedEnrollment };

/** More than this many changes of a lead while its turn is decided mean that something is wrong. */
const patience = 20;

/** Does a piece of work again as long as the lead moves on under it. */
export async function untilFresh<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StaleFactsError) || attempt === patience) throw error;
    }
  }
}

/** Applies what was decided about an enrollment, and says what its workflow does next. */
export async function applyMove(
  context: Context,
  facts: EnrolledFacts,
  agreement: Agreement,
  { appraisal, move }: Decision<Move>,
  at: Instant,
  shift: number,
): Promise<Next> {
  const { enrollment } = facts;
  const judgement = { facts, appraisal, armed: appraisal.armed, at };
  switch (move.kind) {
    case 'wait': {
      const asked = await ask(context, facts, agreement, move, at);
      await applyTurn(context.database, {
        judgement,
        enrollment: stateAfter(enrollment, asked.move, asked.tasks),
      });
      await tellOfTasks(context, facts, asked.tasks, agreement, at);
      return waitNext(enrollment, appraisal, asked.move);
    }
    case 'end': {
      await applyTurn(context.database, {
        judgement,
        enrollment: endedState(enrollment, move.reason, move.exposures),
      });
      return endedNext(appraisal, enrollment, move.reason);
    }
    case 'escalate': {
      const made = await escalateLead(context, facts, agreement, appraisal, move.cause, at, shift);
      return { v: 1, kind: 'escalated', ...made };
    }
    case 'move':
      return moveLead(context, facts, agreement, { appraisal, move }, at, shift);
    default:
      return move satisfies never;
  }
}

function stateAfter(
  enrollment: LoadedEnrollment,
  move: Extract<Move, { kind: 'wait' }>,
  tasks: TaskWork | null,
): EnrollmentState {
  const { id, pausedAt, remainingMs } = enrollment;
  const { cursor, dueAt, until: wakeAt, blocked, exposures = [] } = move;
  const state = {
    id,
    cursor,
    dueAt,
    wakeAt,
    pausedAt,
    remainingMs,
    blocked,
    ended: null,
    exposures,
  };
  return tasks === null ? state : { ...state, taskWork: tasks };
}

function endedState(
  enrollment: LoadedEnrollment,
  ended: EndReason,
  exposures: readonly Exposure[] = [],
): EnrollmentState {
  const { id, cursor, dueAt, pausedAt, remainingMs, blocked } = enrollment;
  return { id, cursor, dueAt, wakeAt: null, pausedAt, remainingMs, blocked, ended, exposures };
}

/**
 * Takes a lead out of its sequence and into that of the segment that it has come to be in, all or nothing;
 * then starts the workflow of the new enrollment.
 */
async function moveLead(
  context: Context,
  facts: EnrolledFacts,
  agreement: Agreement,
  { appraisal, move }: Decision<Extract<Move, { kind: 'move' }>>,
  at: Instant,
  shift: number,
): Promise<Next> {
  const { enrollment, lead } = facts;
  const { sequence, segment, otherwise } = move;
  const { score, armed } = appraisal;
  const { grade, bands } = score;
  const leave = {
    judgement: { facts, appraisal, armed, at },
    enrollment: endedState(
      enrollment,
      'moved',
      otherwise.kind === 'end' ? (otherwise.exposures ?? []) : [],
    ),
  };
  // The lead as it is once it has left.
  const after: LoadedFacts = {
    ...facts,
    turn: facts.turn + 1,
    enrollment: null,
    lead: { ...lead, grade, bands, armed, seenRevision: lead.revision, scoredAt: at },
    past: [...facts.past, { sequence: enrollment.sequence, endReason: 'moved' }],
  };
  const admission = {
    judgement: { facts: after, appraisal: { ...appraisal, news: false }, armed, at },
    sequence,
    segment,
    originKey: `move/${enrollment.id}`,
  };
  const entered = await enrollLead(context, admission, agreement, shift, {
    escalationEndedAt: null,
    first: async session => {
      await applyTurn(session, leave);
    },
  });
  return entered === null
    ? applyMove(context, facts, agreement, { appraisal, move: otherwise }, at, shift)
    : endedNext(appraisal, enrollment, 'moved');
}

/**
 * Hands a lead to sales: ends its enrollment if it has one, routes it, writes the escalation with
 * its score, all or nothing; then tells the rep and starts the escalation's workflow.
 */
export async function escalateLead(
  context: Context,
  facts: LoadedFacts,
  agreement: Agreement,
  appraisal: Appraisal,
  cause: Cause,
  at: Instant,
  shift: number,
): Promise<Pick<Extract<Next, { kind: 'escalated' }>, 'escalation' | 'standing'>> {
  const { lead, enrollment } = facts;
  const { grade } = appraisal.score;
  const segment = enrollment?.segment ?? segmentOf(facts, grade, agreement, at).name;
  const made = await context.database.transaction(async session => {
    const scoreId = await applyTurn(session, {
      judgement: { facts, appraisal, armed: false, at },
      enrollment: enrollment && endedState(enrollment, 'escalated'),
      keepScore: true,
    });
    if (scoreId === null) throw new Error('An escalation needs the score that it rests on.');
    const candidates = withAgreedCapacity(await lockCandidates(session, at), agreement);
    // After the reps are locked, so that two of one account that cross at once see each other.
    const ties = await accountTies(session, lead.id, at);
    const chosen = route(lead.fields, candidates, ties);
    const id = await escalate(session, {
      leadId: lead.id,
      originKey: `${lead.id}/${facts.escalations + 1}`,
      scoreId,
      enrollmentId: enrollment?.id ?? null,
      grade,
      cause,
      segment,
      joins: ties.joins,
      route: chosen,
      ...dueTimesOf(chosen, candidates, agreement, grade, at),
      at,
    });
    return { id, rep: chosen.person };
  });
  await tellAtOnce(context, made.id, lead.id, agreement, shift);
  const standing = escalatedStanding(appraisal, facts, segment, made.rep);
  await context.engine.escalation(made.id, lead.id, standing, { shift: shiftTo(at, shift) });
  return { escalation: made.id, standing };
}

export function escalatedStanding(
  appraisal: Appraisal,
  { enrollment }: LoadedFacts,
  segment: string | null,
  rep: PersonId | null,
) {
  return standingOf(appraisal, {
    stage: 'escalated',
    sequence: enrollment && `${enrollment.sequence} v${enrollment.version}`,
    segment,
    rep,
  });
}
