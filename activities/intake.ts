import type { Agreement } from '../domain/agreement/agreement.ts';
import type { ImportId, LeadId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Appraisal } from '../domain/nurture/appraise.ts';
import { decideEnrollment, decideIdle, pinned, type IdleMove } from '../domain/nurture/decide.ts';
import type { Next } from '../domain/nurture/next.ts';
import { shiftTo } from '../engine/clock.ts';
import { loadManyFacts, type LoadedFacts } from '../store/facts.ts';
import { finishImport, importPage } from '../store/lead.ts';
import { applyTurn, type Judgement } from '../store/turn.ts';
import { escalatedStanding, escalateLead, untilFresh } from './apply.ts';
import type { Context } from './context.ts';
import { enrollLead, enrollLeads, type Admission } from './enroll.ts';
import { unknownRow } from './failure.ts';
import { inParallel } from './in-parallel.ts';
import { look, momentAfter, momentOf } from './moment.ts';
import { standingOf } from './standing.ts';

const pageSize = 200;
/** Leads of a page that are looked at one by one, so many at once. */
const width = 8;

/** Looks at a lead that is in nothing. */
export async function intakeTurn(
  context: Context,
  { lead, shift }: { lead: LeadId; shift: number },
): Promise<Next> {
  return untilFresh(() => takeIn(context, lead, shift));
}

/**
 * Looks at the next leads of an import. Most go into a sequence, and those do so together; each other
 * lead is looked at by itself, and one that must be waited for gets an intake of its own.
 * @returns the last row that was taken in, or null when there was none left
 */
export async function intakePage(
  context: Context,
  { import: id, after, shift }: { import: ImportId; after: number; shift: number },
): Promise<{ last: number | null }> {
  const page = await importPage(context.database, id, after, pageSize);
  const leads = page.map(({ leadId }) => leadId);
  const { crossing, others } = await enrollTogether(context, leads, shift);
  // Reps take turns, and who is first in the file is first to a rep; they would wait for each other anyway.
  for (const lead of crossing) await takeInAlone(context, lead, shift);
  await inParallel(others, width, lead => takeInAlone(context, lead, shift));
  const last = page.at(-1)?.seq ?? null;
  if (last === null) await finishImport(context.database, id, momentOf(shift));
  return { last };
}

/** Looks at one lead of a page; one that must be waited for gets an intake of its own. */
async function takeInAlone(context: Context, lead: LeadId, shift: number): Promise<void> {
  const next = await untilFresh(() => takeIn(context, lead, shift));
  if (next.kind !== 'wait') return;
  const looked = await look(context.database, lead, shift);
  if (looked !== null)
    await context.engine.intake(lead, looked.facts.lead.revision, {
      shift: shiftTo(looked.at, shift),
    });
}

/**
 * Enrolls those leads of a page that go into a sequence.
 * @returns the leads that go to sales, and all others that are not done
 */
async function enrollTogether(
  context: Context,
  leads: readonly LeadId[],
  shift: number,
): Promise<{ crossing: LeadId[]; others: LeadId[] }> {
  const many = await loadManyFacts(context.database, leads, momentOf(shift));
  const [first] = many;
  if (first === undefined) return { crossing: [], others: [...leads] };
  const agreement = await context.agreement(first.agreementId);
  const crosses = new Set<LeadId>();
  const admissions = many
    .filter(({ enrollment, escalation }) => enrollment === null && escalation === null)
    .flatMap(facts => {
      const at = momentAfter(facts, shift);
      const { appraisal, move } = decideIdle(facts, agreement, at);
      if (move.kind === 'escalate') crosses.add(facts.lead.id);
      return move.kind === 'enroll' ? [admissionOf(judge(facts, appraisal, at), move)] : [];
    });
  const undone = await enrollLeads(context, admissions, agreement, shift);
  const done = new Set(
    admissions
      .filter(admission => !undone.includes(admission))
      .map(({ judgement }) => judgement.facts.lead.id),
  );
  return {
    crossing: leads.filter(lead => crosses.has(lead)),
    others: leads.filter(lead => !done.has(lead) && !crosses.has(lead)),
  };
}

function judge(facts: LoadedFacts, appraisal: Appraisal, at: Instant): Judgement {
  return { facts, appraisal, armed: appraisal.armed, at };
}

function admissionOf(
  judgement: Judgement,
  { sequence, segment }: Extract<IdleMove, { kind: 'enroll' }>,
): Admission {
  const { lead, past } = judgement.facts;
  const key = `intake/${lead.id}/${sequence}`;
  // Whoever goes on in a sequence that it left is there a second time.
  const isAgain = past.some(ended => ended.sequence === sequence);
  const originKey = isAgain ? `${key}/${lead.revision}` : key;
  return { judgement, sequence, segment, originKey };
}

async function takeIn(context: Context, lead: LeadId, shift: number): Promise<Next> {
  const looked = await look(context.database, lead, shift);
  if (looked === null) throw unknownRow('lead');
  const { facts, at } = looked;
  const agreement = await context.agreement(facts.agreementId);
  const { appraisal, move } = decideIdle(facts, agreement, at);
  const busy = await underWay(context, facts, appraisal, agreement, at, shift);
  return busy ?? applyIdle(context, judge(facts, appraisal, at), agreement, move, shift);
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
    pinned({ name, content }),
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
  judgement: Judgement,
  agreement: Agreement,
  move: IdleMove,
  shift: number,
): Promise<Next> {
  const { appraisal } = judgement;
  const standing = standingOf(appraisal, { stage: 'resting' });
  switch (move.kind) {
    case 'wait':
      await applyTurn(context.database, { judgement, intakeWakesAt: move.until });
      return { v: 1, kind: 'wait', until: move.until, then: 'turn', standing };
    case 'rest':
      await applyTurn(context.database, { judgement });
      return { v: 1, kind: 'resting', why: move.why, standing };
    case 'escalate': {
      const { facts, at } = judgement;
      const made = await escalateLead(context, facts, agreement, appraisal, move.cause, at, shift);
      return { v: 1, kind: 'escalated', ...made };
    }
    case 'enroll': {
      const enrolled = await enrollLead(context, admissionOf(judgement, move), agreement, shift);
      if (enrolled !== null) return enrolled;
      await applyTurn(context.database, { judgement });
      const why = `the sequence ${move.sequence} is not published`;
      return { v: 1, kind: 'resting', why, standing };
    }
    default:
      return move satisfies never;
  }
}
