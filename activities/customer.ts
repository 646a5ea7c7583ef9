import type { Agreement } from '../domain/agreement/agreement.ts';
import { segmentOf } from '../domain/agreement/segment-of.ts';
import type { EscalationId, LeadId } from '../domain/ids.ts';
import { appraise } from '../domain/nurture/appraise.ts';
import type { Next } from '../domain/nurture/next.ts';
import { untilFresh } from './apply.ts';
import type { Context } from './context.ts';
import { enrollLead } from './enroll.ts';
import { look } from './moment.ts';

/** What enrolls a lead because it was won. */
export function wonKey(id: EscalationId): string {
  return `won/${id}`;
}

/**
 * Puts a lead that was won on the track that the agreement names for customers, once.
 * @returns null when there is no such track, or the lead is not to be mailed or in something else
 */
export async function welcomeCustomer(
  context: Context,
  { id, leadId }: { id: EscalationId; leadId: LeadId },
  agreement: Agreement,
  shift: number,
): Promise<Next | null> {
  const track = agreement.customers?.track;
  if (track === undefined) return null;
  return untilFresh(async () => {
    const looked = await look(context.database, leadId, shift);
    if (looked === null) return null;
    const { facts, at } = looked;
    const appraisal = appraise(facts, agreement, at);
    const { lead, enrollment, escalation } = facts;
    if (enrollment !== null || escalation !== null || lead.suppressed || lead.quiet) return null;
    const judgement = { facts, appraisal, armed: appraisal.armed, at };
    const segment = segmentOf(facts, appraisal.score.grade, agreement, at).name;
    const admission = { judgement, sequence: track, segment, originKey: wonKey(id) };
    return enrollLead(context, admission, agreement, shift);
  });
}
