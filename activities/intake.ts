import type { Agreement } from '../domain/agreement/agreement.ts';
import type { ImportId, LeadId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { decideEnrollment, decideIdle, type IdleMove } from '../domain/nurture/decide.ts';
import type { Next } from '../domain/nurture/next.ts';
import { shiftTo } from '../engine/clock.ts';
import { loadFacts, type LoadedFacts } from '../store/facts.ts';
import { finishImport, importPage } from '../store/lead.ts';
import { applyTurn } from '../store/turn.ts';
import { escalatedStanding, escalateLead, untilFresh } from './apply.ts';
import type { Context } from './context.ts';
import { enrollLead } from './enroll.ts';
import { unknownRow } from './failure.ts';
import { inParallel } from './in-parallel.ts';
import { momentOf } from './moment.ts';
import { standingOf } from './standing.ts';
import type { Appraisal } from '../domain/nurture/appraise.ts';

const pageSize = 50;
/** Leads of a page that are looked at at once. */
const width = 8;

/** Looks at a lead that is in nothing. */
export async function intakeTurn(
  context: Context,
  { lead, shift }: { lead: LeadId; shift: number },
): Promise<Next> {
  const at = momentOf(shift);
  return untilFresh(() => takeIn(context, lead, at, shift));
}

/**
 * Looks at the next leads of an import. One that must be waited for gets an intake of its own.
 * @returns the last row that was taken in, or null when there was none left
 */
export async function intakePage(
  context: Context,
  { import: id, after, shift }: { import: ImportId; after: number; shift: number },
): Promise<{ last: number | null }> {
  const at = momentOf(shift);
  const page = await importPage(context.database, id, after, pageSize);
  await inParallel(page, width, async ({ leadId }) => {
    const next = await untilFresh(() => takeIn(context, leadId, at, shift));
    if (next.kind !== 'wait') return;
    const facts = await loadFacts(context.database, leadId, at);
    if (facts !== null)
      await context.engine.intake(leadId, facts.lead.revision, { shift: shiftTo(at, shift) });
  });
  const last = page.at(-1)?.seq ?? null;
  if (last === null) await finishImport(context.database, id, at);
  return { last };
}

async function takeIn(context: Context, lead: LeadId, at: Instant, shift: number): Promise<Next> {
  const facts = await loadFacts(context.database, lead, at);
  if (facts === null) throw unknownRow('lead');
  const agreement = await context.agreement(facts.agreementId);
  const { appraisal, move } = decideIdle(facts, agreement, at);
  const busy = await underWay(context, facts, appraisal, agreement, at, shift);
  return busy ?? applyIdle(context, facts, agreement, appraisal, move, at, shift);
}

/**
 * What to say of a lead that is in something already: an attempt before this one put it there, or it
 * was there and its own workflow looks. Either way that workflow is made sure of.
 */
async function underWay(
  context: Context,
  facts: LoadedFacts,
  appraisal: Appraisal,
  agreement: Agreement,
  at: Instant,
  shift: number,
): Promise<Next | null> {
  const { lead, enrollment, escalation } = facts;
  const start = { shift: shiftTo(at, shift) };
  const seen = lead.revision <= lead.seenRevision;
  const open = {
    leadId: lead.id,
    revision: lead.revision,
    enrollmentId: enrollment?.id ?? null,
    escalationId: escalation,
  };
  if (escalation !== null) {
    const standing = escalatedStanding(appraisal, facts, null, null);
    await context.engine.escalation(escalation, lead.id, standing, start);
    if (!seen) await context.engine.nudge(open, start);
    return { v: 1, kind: 'escalated', escalation, standing };
  }
  if (enrollment === null) return null;
  const { content, name } = await context.version(enrollment.versionId);
  const { move } = decideEnrollment(
    { ...facts, enrollment },
    agreement,
    { sequence: name, plan: content.plan },
    at,
  );
  const standing = standingOf(appraisal, {
    stage: move.kind === 'wait' ? move.stage : 'nurturing',
    sequence: `${name} v${enrollment.version}`,
    segment: enrollment.segment,
  });
  await context.engine.nurture(enrollment.id, lead.id, null, start);
  if (!seen) await context.engine.nudge(open, start);
  return { v: 1, kind: 'enrolled', enrollment: enrollment.id, standing };
}

async function applyIdle(
  context: Context,
  facts: LoadedFacts,
  agreement: Agreement,
  appraisal: Appraisal,
  move: IdleMove,
  at: Instant,
  shift: number,
): Promise<Next> {
  const judgement = { facts, appraisal, armed: appraisal.armed, at };
  const resting = standingOf(appraisal, { stage: 'resting' });
  switch (move.kind) {
    case 'wait':
      await applyTurn(context.database, judgement, null);
      return { v: 1, kind: 'wait', until: move.until, then: 'turn', standing: resting };
    case 'rest':
      await applyTurn(context.database, judgement, null);
      return { v: 1, kind: 'resting', why: move.why, standing: resting };
    case 'escalate': {
      const made = await escalateLead(context, facts, agreement, appraisal, move.cause, at, shift);
      return { v: 1, kind: 'escalated', ...made };
    }
    case 'enroll': {
      const { sequence, segment } = move;
      const originKey = `intake/${facts.lead.id}/${sequence}`;
      const enrolled = await enrollLead(
        context,
        judgement,
        agreement,
        { sequence, segment, originKey },
        shift,
      );
      if (enrolled !== null) return enrolled;
      await applyTurn(context.database, judgement, null);
      return {
        v: 1,
        kind: 'resting',
        why: `the sequence ${sequence} is not published`,
        standing: resting,
      };
    }
    default:
      return move satisfies never;
  }
}
