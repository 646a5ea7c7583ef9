import type { EnrollmentId, LeadId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { appraise } from '../domain/nurture/appraise.ts';
import { decideEnrollment, pinned } from '../domain/nurture/decide.ts';
import type { Next } from '../domain/nurture/next.ts';
import { obey, type Verb } from '../domain/nurture/verb.ts';
import { shiftTo } from '../engine/clock.ts';
import { enrollmentHead } from '../store/enrollment.ts';
import type { LoadedFacts } from '../store/facts.ts';
import { applyMove, escalatedStanding, untilFresh, type EnrolledFacts } from './apply.ts';
import type { Context } from './context.ts';
import { unknownRow } from './failure.ts';
import { look } from './moment.ts';
import { standingOf } from './standing.ts';

export interface EnrollmentInput {
  enrollment: EnrollmentId;
  lead: LeadId;
  shift: number;
}

/** Looks at a lead in nurture: load the facts, decide, apply, say what to wait for. Sends nothing. */
export async function turn(
  context: Context,
  input: EnrollmentInput & { verbs: Verb[] },
): Promise<Next> {
  return untilFresh(async () => {
    const looked = await look(context.database, input.lead, input.shift);
    if (looked === null) throw unknownRow('lead');
    const { facts, at } = looked;
    if (!isOpen(facts, input.enrollment)) return closedNext(context, facts, input, at);
    const agreement = await context.agreement(facts.agreementId);
    const { enrollment, ended } = obey(facts.enrollment, input.verbs, at);
    const now = { ...facts, enrollment };
    const { name, content } = await context.version(enrollment.versionId);
    const decision = decideEnrollment(now, agreement, pinned({ name, content }), at);
    // A lead that crosses in the same moment goes to sales all the same; that ends its nurture too.
    const goesOn = ended === null || decision.move.kind === 'escalate';
    const move = goesOn ? decision.move : ({ kind: 'end', reason: ended } as const);
    return applyMove(context, now, agreement, { ...decision, move }, at, input.shift);
  });
}

/** Whether the lead's open row is this enrollment. */
export function isOpen(facts: LoadedFacts, id: EnrollmentId): facts is EnrolledFacts {
  return facts.enrollment?.id === id;
}

/**
 * What to tell a workflow whose enrollment has ended: an attempt before this one ended it and was cut
 * off before it could answer, or ops reset or started the workflow again. Nothing is decided anew.
 */
export async function closedNext(
  context: Context,
  facts: LoadedFacts,
  { enrollment, shift }: EnrollmentInput,
  at: Instant,
): Promise<Next> {
  const head = await enrollmentHead(context.database, enrollment);
  if (head === null || head.endReason === null) throw unknownRow('enrollment');
  const agreement = await context.agreement(facts.agreementId);
  const appraisal = appraise(facts, agreement, at);
  if (head.escalation === null) {
    const isMoved = head.endReason === 'moved';
    if (isMoved && facts.enrollment !== null)
      await context.engine.nurture(facts.enrollment.id, facts.lead.id, null, {
        shift: shiftTo(at, shift),
      });
    const standing = standingOf(appraisal, { stage: isMoved ? 'nurturing' : 'resting' });
    return { v: 1, kind: 'ended', reason: head.endReason, standing };
  }
  const standing = escalatedStanding(appraisal, facts, null, null);
  await context.engine.escalation(head.escalation, facts.lead.id, standing, {
    shift: shiftTo(at, shift),
  });
  return { v: 1, kind: 'escalated', escalation: head.escalation, standing };
}
