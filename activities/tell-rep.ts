import type { Agreement } from '../domain/agreement/agreement.ts';
import { doingsOf } from '../domain/agreement/doings.ts';
import type { EscalationId, LeadId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { escalationState, markNotified, type EscalationState } from '../store/escalation.ts';
import type { LoadedFacts } from '../store/facts.ts';
import { handoverOf } from '../store/handover.ts';
import { explainedCrossing, outlookOf } from '../store/lead-sheet.ts';
import { leadStory } from '../store/story.ts';
import { isSuppressed } from '../store/suppression.ts';
import type { Context } from './context.ts';
import { look } from './moment.ts';

/**
 * Mails the owner. Without a clear answer it is sent again: a rep who is told twice beats one who is
 * never told.
 * @returns whether the owner was told, or cannot be told by mail at all
 */
export async function tellRep(
  { database, gateway, repMail, links, log }: Context,
  state: EscalationState,
  facts: LoadedFacts,
  agreement: Agreement,
  at: Instant,
): Promise<boolean> {
  const { assignment, owner } = state;
  const [story, crossing, handover, isUnreachable] = await Promise.all([
    leadStory(database, state.leadId, at),
    explainedCrossing(database, state),
    handoverOf(database, state, at),
    isSuppressed(database, owner.address),
  ]);
  if (story === null || crossing === null || handover === null) return true;
  if (isUnreachable) {
    log.warn(
      { escalation: state.id },
      "the owner's address is suppressed; only the page tells them",
    );
  } else {
    const outlook = outlookOf(facts, agreement, at);
    const doings = doingsOf(facts.events, agreement, at);
    const notice = { state, story, agreement, crossing, outlook, handover, doings, at };
    const answer = await gateway.send(repMail.make(notice, links));
    if (answer.kind !== 'accepted' && answer.kind !== 'refused') return false;
    if (answer.kind === 'refused')
      log.warn({ escalation: state.id, reason: answer.reason }, "the owner's mail was refused");
  }
  await markNotified(database, assignment.id, at);
  return true;
}

/**
 * Tells the rep of a lead that was just handed over, before its workflow has begun: that takes as long again as all
 * that was done before. Whatever goes wrong here the workflow does, which tells whoever was not told.
 */
export async function tellAtOnce(
  context: Context,
  id: EscalationId,
  lead: LeadId,
  agreement: Agreement,
  shift: number,
): Promise<void> {
  const { database, log } = context;
  try {
    const [looked, state] = await Promise.all([
      look(database, lead, shift),
      escalationState(database, id),
    ]);
    if (looked === null || state?.state !== 'assigned' || state.assignment.notifiedAt !== null)
      return;
    await tellRep(context, state, looked.facts, agreement, looked.at);
  } catch (error) {
    const code = error instanceof Error ? error.name : 'unknown';
    log.warn({ escalation: id, code }, 'the rep is told by the workflow');
  }
}
