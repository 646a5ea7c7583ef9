import type { Agreement } from '../domain/agreement/agreement.ts';
import type { EnrollmentId } from '../domain/ids.ts';
import { decideEnrollment } from '../domain/nurture/decide.ts';
import type { Next } from '../domain/nurture/next.ts';
import { shiftTo } from '../engine/clock.ts';
import { newId, type Session } from '../store/database.ts';
import { enroll } from '../store/enrollment.ts';
import type { LoadedFacts } from '../store/facts.ts';
import { currentVersionId } from '../store/sequence-version.ts';
import { applyTurn, type Judgement } from '../store/turn.ts';
import { waitNext } from './apply.ts';
import type { Context } from './context.ts';
import { standingOf } from './standing.ts';

/** Where a lead goes, and what brings it there. */
export interface Admission {
  sequence: string;
  segment: string;
  /** The same cause enrolls once. */
  originKey: string;
  /** What must happen in the same transaction before it, such as the end of an escalation. */
  first?: (session: Session) => Promise<void>;
}

/**
 * Enrolls a lead in the current version of a sequence, applies its turn, all or nothing; then starts
 * its workflow, which is told the first wait, so that it is not decided again.
 * @returns null, and does nothing, when the sequence is not published
 */
export async function enrollLead(
  context: Context,
  judgement: Judgement,
  agreement: Agreement,
  { sequence, segment, originKey, first }: Admission,
  shift: number,
): Promise<Next | null> {
  const { facts, appraisal, at } = judgement;
  const versionId = await currentVersionId(context.database, sequence);
  if (versionId === null) return null;
  const version = await context.version(versionId);
  const enrollment = {
    id: newId<EnrollmentId>(),
    versionId,
    sequence,
    version: version.version,
    segment,
    cursor: 0,
    dueAt: at,
    pausedAt: null,
    remainingMs: null,
    blocked: null,
  };
  const after = asEnrolled(facts, enrollment, at, first !== undefined);
  const pinned = { sequence, plan: version.content.plan };
  const { move } = decideEnrollment(after, agreement, pinned, at);
  const place =
    move.kind === 'wait'
      ? { cursor: move.cursor, dueAt: move.dueAt, wakeAt: move.until }
      : { cursor: 0, dueAt: at, wakeAt: at };
  await context.database.transaction(async session => {
    await first?.(session);
    await applyTurn(session, judgement, null);
    await enroll(session, {
      id: enrollment.id,
      leadId: facts.lead.id,
      versionId,
      originKey,
      segment,
      ...place,
      at,
    });
  });
  const next = move.kind === 'wait' ? waitNext(enrollment, appraisal, move) : null;
  await context.engine.nurture(enrollment.id, facts.lead.id, next, { shift: shiftTo(at, shift) });
  const standing =
    next?.standing ??
    standingOf(appraisal, {
      stage: 'nurturing',
      sequence: `${sequence} v${version.version}`,
      segment,
    });
  return { v: 1, kind: 'enrolled', enrollment: enrollment.id, standing };
}

/** The facts as they will be once the lead is enrolled and its last escalation, if any, has ended. */
function asEnrolled<E extends NonNullable<LoadedFacts['enrollment']>>(
  facts: LoadedFacts,
  enrollment: E,
  at: Judgement['at'],
  recycled: boolean,
): LoadedFacts & { enrollment: E } {
  const { lead } = facts;
  return {
    ...facts,
    enrollment,
    escalation: null,
    escalationEndedAt: recycled ? at : facts.escalationEndedAt,
    lead: { ...lead, seenRevision: lead.revision },
  };
}
