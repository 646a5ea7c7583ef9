import type { Agreement } from '../domain/agreement/agreement.ts';
import { segmentOf } from '../domain/agreement/segment-of.ts';
import type { EscalationId } from '../domain/ids.ts';
import { minute, plus, type Instant } from '../domain/instant.ts';
import { normalizeAddress } from '../domain/lead/address.ts';
import { appraise } from '../domain/nurture/appraise.ts';
import type { Next } from '../domain/nurture/next.ts';
import { shiftTo } from '../engine/clock.ts';
import { enrollmentByOrigin } from '../store/enrollment.ts';
import {
  endEscalation,
  escalationState,
  leadOfEscalation,
  markNotified,
  markTurned,
  type EscalationState,
} from '../store/escalation.ts';
import type { LoadedFacts } from '../store/facts.ts';
import { explainedCrossing, outlookOf } from '../store/lead-sheet.ts';
import { leadAddress } from '../store/lead.ts';
import { leadStory } from '../store/story.ts';
import { isSuppressed, suppress } from '../store/suppression.ts';
import { applyTurn, type Judgement } from '../store/turn.ts';
import { untilFresh } from './apply.ts';
import type { Context } from './context.ts';
import { enrollLead } from './enroll.ts';
import { unknownRow } from './failure.ts';
import { look } from './moment.ts';
import { standingOf } from './standing.ts';

/** How long until a rep's mail that could not be sent is tried again. */
const retryNoticeMs = minute;

/** Looks at an escalation: tell the owner if that has not happened, do what the last answer asks for. */
export async function escalationTurn(
  context: Context,
  { escalation: id, shift }: { escalation: EscalationId; shift: number },
): Promise<Next> {
  return untilFresh(async () => {
    const lead = await leadOfEscalation(context.database, id);
    const looked = lead && (await look(context.database, lead, shift));
    // After the facts: what is said in between is then newer than the revision that is noted as seen.
    const state = looked && (await escalationState(context.database, id));
    if (looked === null || state === null) throw unknownRow('escalation');
    const { facts, at } = looked;
    const agreement = await context.agreement(facts.agreementId);
    const appraisal = appraise(facts, agreement, at);
    const judgement = { facts, appraisal, armed: appraisal.armed, at };
    if (state.endedAt !== null) return closedNext(context, state, judgement, shift);
    const last = state.dispositions.at(-1);
    if (last?.kind === 'rejected')
      return recycleLead(context, state, judgement, agreement, last, shift);
    const isTold =
      state.assignment.notifiedAt !== null || (await tell(context, state, facts, agreement, at));
    await applyTurn(context.database, { judgement });
    await markTurned(context.database, id, at);
    return {
      v: 1,
      kind: 'wait',
      until: isTold ? null : plus(at, retryNoticeMs),
      then: 'turn',
      standing: standingOf(appraisal, {
        stage: 'escalated',
        segment: state.segment,
        rep: state.owner.id,
      }),
    };
  });
}

/**
 * Mails the owner. Without a clear answer it is sent again: a rep who is told twice beats one who is
 * never told.
 * @returns whether the owner was told, or cannot be told by mail at all
 */
async function tell(
  { database, gateway, repMail, links, log }: Context,
  state: EscalationState,
  facts: LoadedFacts,
  agreement: Agreement,
  at: Instant,
): Promise<boolean> {
  const { assignment, owner } = state;
  const story = await leadStory(database, state.leadId, at);
  const crossing = await explainedCrossing(database, state);
  if (story === null || crossing === null) return true;
  if (await isSuppressed(database, owner.address)) {
    log.warn(
      { escalation: state.id },
      "the owner's address is suppressed; only the page tells them",
    );
  } else {
    const link = links.escalation(assignment.id, at);
    const outlook = outlookOf(facts, agreement, at);
    const notice = { state, story, agreement, crossing, outlook, link };
    const answer = await gateway.send(repMail.make(notice));
    if (answer.kind !== 'accepted' && answer.kind !== 'refused') return false;
    if (answer.kind === 'refused')
      log.warn({ escalation: state.id, reason: answer.reason }, "the owner's mail was refused");
  }
  await markNotified(database, assignment.id, at);
  return true;
}

/** Does what the reason asks for, and puts the lead on its track. */
async function recycleLead(
  context: Context,
  state: EscalationState,
  judgement: Judgement,
  agreement: Agreement,
  { reason: given, at: endedAt }: EscalationState['dispositions'][number],
  shift: number,
): Promise<Next> {
  const reason = given ?? '';
  const { facts, appraisal, at } = judgement;
  const { database } = context;
  const rule = agreement.rejections[reason];
  const address = await leadAddress(database, state.leadId);
  if (rule?.suppress === true && address !== null) {
    const result = normalizeAddress(address);
    if ('address' in result) await suppress(database, [result.address], `sales: ${reason}`, at);
  }
  const disqualify = rule?.disqualify === true ? reason : null;
  const track = rule?.suppress === true || disqualify !== null ? undefined : rule?.track;
  if (track !== undefined && appraisal.disqualification === null && !facts.lead.suppressed) {
    const admission = {
      judgement,
      sequence: track,
      // The one that the lead is in now that it was rejected, so that only another change moves it on.
      segment: segmentOf(facts, appraisal.score.grade, agreement, at).name,
      originKey: recycleKey(state.id),
    };
    // It ended when the rep said so; what the lead did since is news for whoever comes next.
    const enrolled = await enrollLead(context, admission, agreement, shift, {
      escalationEndedAt: endedAt,
      first: session => endEscalation(session, state.id, null, endedAt),
    });
    if (enrolled !== null) return enrolled;
  }
  await database.transaction(async session => {
    await applyTurn(session, { judgement });
    await endEscalation(session, state.id, disqualify, endedAt);
  });
  const why =
    track === undefined ? `rejected: ${reason}` : `the sequence ${track} is not published`;
  return { v: 1, kind: 'resting', why, standing: standingOf(appraisal, { stage: 'resting' }) };
}

/** What to tell a workflow whose escalation has ended already. */
async function closedNext(
  { database, engine }: Context,
  state: EscalationState,
  { appraisal, at }: Judgement,
  shift: number,
): Promise<Next> {
  const enrollment = await enrollmentByOrigin(database, recycleKey(state.id));
  const standing = standingOf(appraisal, { stage: 'resting', segment: state.segment });
  if (enrollment === null) return { v: 1, kind: 'resting', why: 'rejected', standing };
  await engine.nurture(enrollment, state.leadId, null, { shift: shiftTo(at, shift) });
  return { v: 1, kind: 'enrolled', enrollment, standing };
}

function recycleKey(id: EscalationId): string {
  return `recycle/${id}`;
}
