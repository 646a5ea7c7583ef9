import type { Agreement } from '../domain/agreement/agreement.ts';
import { segmentOf } from '../domain/agreement/segment-of.ts';
import type { EscalationId, LeadId } from '../domain/ids.ts';
import { appraise } from '../domain/nurture/appraise.ts';
import type { Next } from '../domain/nurture/next.ts';
import { shiftTo } from '../engine/clock.ts';
import { enrollmentByOrigin } from '../store/enrollment.ts';
import { untilFresh } from './apply.ts';
import type { Context } from './context.ts';
import { enrollLead } from './enroll.ts';
import { look } from './moment.ts';
import { standingOf } from './standing.ts';

/**
 * Puts a lead that was won on the track that the agreement names for customers. Twice does no harm.
 * @returns null when there is no such track, or the lead is not to be mailed or in something else
 */
export async function welcomeCustomer(
  context: Context,
  { id, leadId }: { id: EscalationId; leadId: LeadId },
  agreement: Agreement,
  shift: number,
): Promise<Next | null> {
  const { database, engine } = context;
  const track = agreement.customers?.track;
  if (track === undefined) return null;
  const originKey = `won/${id}`;
  return untilFresh(async () => {
    const looked = await look(database, leadId, shift);
    if (looked === null) return null;
    const { facts, at } = looked;
    const appraisal = appraise(facts, agreement, at);
    const begun = await enrollmentByOrigin(database, originKey);
    if (begun !== null) {
      await engine.nurture(begun, leadId, null, { shift: shiftTo(at, shift) });
      const standing = standingOf(appraisal, { stage: 'resting' });
      return { v: 1, kind: 'enrolled', enrollment: begun, standing };
    }
    const { lead, enrollment, escalation } = facts;
    if (enrollment !== null || escalation !== null || lead.suppressed || lead.quiet) return null;
    const judgement = { facts, appraisal, armed: appraisal.armed, at };
    const segment = segmentOf(facts, appraisal.score.grade, agreement, at).name;
    const admission = { judgement, sequence: track, segment, originKey };
    return enrollLead(context, admission, agreement, shift);
  });
}
