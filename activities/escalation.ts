import type { Agreement } from '../domain/agreement/agreement.ts';
import { segmentOf } from '../domain/agreement/segment-of.ts';
import { isEnd, type EndState } from '../domain/escalation/life.ts';
import type { EscalationId } from '../domain/ids.ts';
import { earliest, minute, plus } from '../domain/instant.ts';
import { companyDomain, normalizeAddress, type Address } from '../domain/lead/address.ts';
import { appraise } from '../domain/nurture/appraise.ts';
import type { Next } from '../domain/nurture/next.ts';
import { shiftTo } from '../engine/clock.ts';
import { saveAccounts } from '../store/account.ts';
import { enrollmentByOrigin } from '../store/enrollment.ts';
import {
  endEscalation,
  escalationState,
  leadOfEscalation,
  markTurned,
  type EscalationState,
  type Said,
} from '../store/escalation.ts';
import { hooksToStart } from '../store/hook.ts';
import { leadAddress } from '../store/lead.ts';
import { suppress } from '../store/suppression.ts';
import { applyTurn, type Judgement } from '../store/turn.ts';
import { untilFresh } from './apply.ts';
import type { Context } from './context.ts';
import { welcomeCustomer, wonKey } from './customer.ts';
import { enrollLead } from './enroll.ts';
import { keepTime, tellOfQueue } from './escalation-time.ts';
import { unknownRow } from './failure.ts';
import { look, momentOf } from './moment.ts';
import { bringColleagueIn, mergeDuplicate, nudgeAll } from './other-leads.ts';
import { salesStanding, standingOf } from './standing.ts';
import { tellRep } from './tell-rep.ts';

/** How long until a rep's mail that could not be sent is tried again. */
const retryNoticeMs = minute;

export interface EscalationTurnInput {
  escalation: EscalationId;
  shift: number;
}

/** Looks at an escalation: do what its clocks ask for, tell the owner, do what the last answer asks for. */
export async function escalationTurn(
  context: Context,
  { escalation: id, shift }: EscalationTurnInput,
): Promise<Next> {
  const next = await turnOf(context, { escalation: id, shift });
  // Whatever it came to, another system hears of what was new.
  const start = { shift: shiftTo(momentOf(shift), shift) };
  for (const hook of await hooksToStart(context.database, id))
    await context.engine.hook(hook, start);
  return next;
}

async function turnOf(
  context: Context,
  { escalation: id, shift }: EscalationTurnInput,
): Promise<Next> {
  return untilFresh(async () => {
    const lead = await leadOfEscalation(context.database, id);
    const looked = lead && (await look(context.database, lead, shift));
    // After the facts: what is said in between is then newer than the revision that is noted as seen.
    const given = looked && (await escalationState(context.database, id));
    if (looked === null || given === null) throw unknownRow('escalation');
    const { facts, at } = looked;
    const agreement = await context.agreement(facts.agreementId);
    const appraisal = appraise(facts, agreement, at);
    const judgement = { facts, appraisal, armed: appraisal.armed, at };
    const last = given.dispositions.at(-1);
    if (given.endedAt !== null) {
      await mergeDuplicate(context, given, agreement, shift, at);
      return closedNext(context, given, judgement, agreement, shift);
    }
    if (last !== undefined && isEnd(last.kind))
      return finish(context, given, judgement, agreement, { ...last, kind: last.kind }, shift);
    const { state, until } = await keepTime(context, given, facts, agreement, at);
    if (state.state === 'queued') await tellOfQueue(context, state, agreement, at);
    const isTold =
      state.state === 'queued' ||
      state.assignment.notifiedAt !== null ||
      (await tellRep(context, state, facts, agreement, at));
    await applyTurn(context.database, { judgement });
    const wakeAt = earliest(until, isTold ? null : plus(at, retryNoticeMs));
    await markTurned(context.database, id, at, wakeAt);
    return {
      v: 1,
      kind: 'wait',
      until: wakeAt,
      then: 'turn',
      standing: standingOf(appraisal, {
        stage: 'escalated',
        segment: state.segment,
        rep: state.owner.id,
        sales: salesStanding(state, agreement),
      }),
    };
  });
}

/** What was said last, when it ends the escalation. */
type End = Said & { kind: EndState };

/** Does what the end asks for. */
async function finish(
  context: Context,
  state: EscalationState,
  judgement: Judgement,
  agreement: Agreement,
  end: End,
  shift: number,
): Promise<Next> {
  const { appraisal } = judgement;
  if (end.kind === 'rejected') return recycleLead(context, state, judgement, agreement, end, shift);
  const { database } = context;
  const address = await leadAddress(database, state.leadId);
  const domain = address === null ? null : companyDomain(address as Address);
  const toNudge = await database.transaction(async session => {
    await applyTurn(session, { judgement });
    await endEscalation(session, state.id, end.kind, {}, end.at);
    if (end.kind !== 'won' || domain === null) return [];
    // Its rep is whom the customer knows.
    const customer = { domain, name: null, status: 'customer', owner: state.owner.id } as const;
    return (await saveAccounts(session, [customer], judgement.at)).toNudge;
  });
  await nudgeAll(context, toNudge, shift, judgement.at);
  const welcomed =
    end.kind === 'won' ? await welcomeCustomer(context, state, agreement, shift) : null;
  if (welcomed !== null) return welcomed;
  const why = end.reason === null ? end.kind : `${end.kind}: ${end.reason}`;
  return { v: 1, kind: 'resting', why, standing: standingOf(appraisal, { stage: 'resting' }) };
}

/** Does what the reason asks for, and puts the lead on its track. */
async function recycleLead(
  context: Context,
  state: EscalationState,
  judgement: Judgement,
  agreement: Agreement,
  end: End,
  shift: number,
): Promise<Next> {
  const { at: endedAt } = end;
  const reason = end.reason ?? '';
  const { facts, appraisal, at } = judgement;
  const { database } = context;
  const rule = agreement.rejections[reason];
  const address = await leadAddress(database, state.leadId);
  if (rule?.suppress === true && address !== null) {
    const result = normalizeAddress(address);
    if ('address' in result) await suppress(database, [result.address], `sales: ${reason}`, at);
  }
  if (rule?.asks === 'colleague' && end.about !== null)
    await bringColleagueIn(context, end.about, shift, at);
  const disqualify = rule?.disqualify === true ? reason : null;
  const aftermath = {
    disqualify,
    holdUntil: typeof rule?.hold === 'number' ? plus(endedAt, rule.hold) : null,
    holdFit: rule?.hold === 'until fit changes' ? appraisal.score.fit : null,
    engagementFrom: rule?.restart === true ? endedAt : null,
  };
  const track = rule?.suppress === true || disqualify !== null ? undefined : rule?.track;
  const mayBeMailed = !facts.lead.suppressed && !facts.lead.quiet;
  if (track !== undefined && appraisal.disqualification === null && mayBeMailed) {
    const admission = {
      judgement,
      sequence: track,
      // The one that the lead is in now that it was rejected, so that only another change moves it on.
      segment: segmentOf(facts, appraisal.score.grade, agreement, at).name,
      originKey: recycleKey(state.id),
      // Who asked to be called in May hears nothing before.
      ...(end.wakeAt === null ? {} : { notBefore: plus(end.wakeAt, -(rule?.lead_in ?? 0)) }),
    };
    // It ended when the rep said so; what the lead did since is news for whoever comes next.
    const enrolled = await enrollLead(context, admission, agreement, shift, {
      escalationEndedAt: endedAt,
      first: session => endEscalation(session, state.id, 'rejected', aftermath, endedAt),
    });
    if (enrolled !== null) return enrolled;
  }
  await database.transaction(async session => {
    await applyTurn(session, { judgement });
    await endEscalation(session, state.id, 'rejected', aftermath, endedAt);
  });
  await mergeDuplicate(context, state, agreement, shift, at);
  const why =
    track === undefined || !mayBeMailed
      ? `rejected: ${reason}`
      : `the sequence ${track} is not published`;
  return { v: 1, kind: 'resting', why, standing: standingOf(appraisal, { stage: 'resting' }) };
}

/** What to tell a workflow whose escalation has ended already; what was to follow is made sure of. */
async function closedNext(
  context: Context,
  state: EscalationState,
  { appraisal, at }: Judgement,
  agreement: Agreement,
  shift: number,
): Promise<Next> {
  const { database, engine } = context;
  const isWon = state.state === 'won';
  const key = isWon ? wonKey(state.id) : recycleKey(state.id);
  const enrollment = await enrollmentByOrigin(database, key);
  const standing = standingOf(appraisal, { stage: 'resting', segment: state.segment });
  if (enrollment !== null) {
    await engine.nurture(enrollment, state.leadId, null, { shift: shiftTo(at, shift) });
    return { v: 1, kind: 'enrolled', enrollment, standing };
  }
  const welcomed = isWon ? await welcomeCustomer(context, state, agreement, shift) : null;
  return welcomed ?? { v: 1, kind: 'resting', why: state.state, standing };
}

function recycleKey(id: EscalationId): string {
  return `recycle/${id}`;
}
