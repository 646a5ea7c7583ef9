import type { Agreement } from '../agreement/agreement.ts';
import { countedEvents } from '../agreement/engagement.ts';
import { isSales } from '../agreement/grade.ts';
import { nextGradeChange, type GradeChange } from '../agreement/next-change.ts';
import { isWithinWindow, scoreLead, type Score } from '../agreement/score.ts';
import type { Engagement } from '../event/event.ts';
import { earliest, type Instant } from '../instant.ts';
import { matches } from '../lead/match.ts';
import type { Cause } from './cause.ts';
import type { Facts, LeadFacts } from './facts.ts';

/** Why a lead is left alone. */
export type Disqualification = 'disqualified' | 'customer' | 'open opportunity' | 'competitor';

/** What a lead is worth now, and what that asks for. */
export interface Appraisal {
  score: Score;
  /** What the grade becomes if nothing happens. */
  change: GradeChange | null;
  /** Whether anything happened since the last turn. */
  news: boolean;
  /** When the next held click begins to count. */
  holdEnds: Instant | null;
  /** Whether the next crossing escalates, for the time after this turn. */
  armed: boolean;
  /** Why the lead is never to be worked, if so. */
  disqualification: Disqualification | null;
  /** Why the lead goes to sales now; null when it does not. */
  cause: Cause | null;
}

/** Scores a lead and says whether it goes to sales. It says nothing of sequences. */
export function appraise(facts: Facts, agreement: Agreement, at: Instant): Appraisal {
  const { lead, events } = facts;
  const score = scoreLead(agreement, lead.fields, events, lead.bands, at);
  const disqualification = disqualificationOf(facts, agreement);
  // What the lead asks for while a rep has it, that rep answers.
  const raised = facts.escalation === null && newHandRaise(facts, agreement, score, at);
  // A crossing counts only after the lead was C or D again, because it asked for sales, or is another one than the
  // one that sales did not want.
  const isAnother = lead.holdFit !== null && lead.holdFit !== score.fit;
  const armed = lead.armed || !isSales(score.grade) || raised || isAnother;
  const news = isNews(facts, at);
  return {
    score,
    news,
    change: nextGradeChange(agreement, events, score),
    holdEnds: earliest(
      ...events.map(({ holdUntil }) => holdUntil).filter(end => end !== null && end > at),
    ),
    armed,
    disqualification,
    cause: causeOf(facts, { score, armed, raised, news, disqualification }, at),
  };
}

function causeOf(
  facts: Facts,
  {
    score,
    armed,
    raised,
    news,
    disqualification,
  }: Omit<Appraisal, 'change' | 'holdEnds' | 'cause'> & { raised: boolean },
  at: Instant,
): Cause | null {
  if (facts.escalation !== null) return null;
  // Whoever owns a customer hears of what it asks for, and of nothing else.
  const isCustomer = disqualification === 'customer';
  if (disqualification !== null && !isCustomer) return null;
  const answer = answerOf(facts);
  if (answer !== null) return answer;
  if (!armed || !isSales(score.grade)) return null;
  // What only a new agreement says of it has time until reps have.
  if (!news && facts.lead.crossing === 'waiting') return null;
  if (raised) return 'hand raise';
  if (isCustomer) return null;
  // Whoever wants to be left alone goes to sales when it asks for that, and not because it looked at a page.
  if (facts.lead.suppressed || facts.lead.quiet || isHeld(facts.lead, score, at)) return null;
  if (news) return 'crossing';
  return facts.lead.crossing === 'released' ? 'new agreement' : null;
}

/** Whether sales said that it wants no new escalation of this lead yet; what it asks for itself goes all the same. */
function isHeld({ holdUntil, holdFit }: LeadFacts, { fit }: Score, at: Instant): boolean {
  return (holdUntil !== null && holdUntil > at) || holdFit === fit;
}

/**
 * Whether a lead still waits for a rep after a turn, because a new agreement alone made it sales' to work.
 * @param armed whether the next crossing escalates, for the time after the turn
 */
export function crossingAfter(
  { lead, escalation }: Facts,
  { score, disqualification }: Appraisal,
  armed: boolean,
): Facts['lead']['crossing'] {
  const mayCross =
    armed &&
    isSales(score.grade) &&
    disqualification === null &&
    !lead.suppressed &&
    !lead.quiet &&
    escalation === null;
  return mayCross ? lead.crossing : null;
}

/**
 * A lead under another agreement than it was graded by, before it is looked at: should that make it sales' to
 * work, it waits.
 */
export function underAnother<F extends Facts>(facts: F): F {
  const { grade, crossing } = facts.lead;
  if (crossing !== null || (grade !== null && isSales(grade))) return facts;
  return { ...facts, lead: { ...facts.lead, crossing: 'waiting' } };
}

/** Why a lead is never to be worked, if so: sales said it, the agreement rules it out, or its company is in touch. */
export function disqualificationOf(
  { lead }: { lead: Pick<LeadFacts, 'disqualified' | 'account' | 'fields'> },
  { disqualified: rules }: Pick<Agreement, 'disqualified'>,
): Disqualification | null {
  if (lead.disqualified !== null) return 'disqualified';
  for (const [field, patterns] of Object.entries(rules)) {
    const value =
      field === 'account' ? lead.account : lead.fields[field as keyof typeof lead.fields];
    if (patterns.some(pattern => matches(value, pattern)))
      return field === 'account' && value === 'competitor' ? 'competitor' : 'disqualified';
  }
  return lead.account === 'customer' || lead.account === 'open opportunity' ? lead.account : null;
}

/** Events that sales has not had before it, in an escalation that has ended. */
function isUnanswered(event: Engagement, { escalationEndedAt }: Facts): boolean {
  return escalationEndedAt === null || event.receivedAt > escalationEndedAt;
}

function answerOf(facts: Facts): Cause | null {
  const unanswered = facts.events.filter(event => isUnanswered(event, facts));
  if (unanswered.some(({ kind }) => kind === 'reply')) return 'reply';
  return unanswered.some(({ kind }) => kind === 'booked') ? 'booking' : null;
}

function newHandRaise(facts: Facts, agreement: Agreement, score: Score, at: Instant): boolean {
  return (
    score.handRaised &&
    countedEvents(facts.events, agreement).some(
      item =>
        agreement.grade.hand_raise.events.includes(item.name) &&
        isWithinWindow(item, at) &&
        isUnanswered(item.event, facts),
    )
  );
}

/**
 * Whether anything happened since the last turn. Time alone can lift a lead, when negative points
 * decay; that is shown, and never escalates by itself.
 */
function isNews({ lead, events }: Facts, at: Instant): boolean {
  const { scoredAt } = lead;
  return (
    lead.revision > lead.seenRevision ||
    scoredAt === null ||
    events.some(({ holdUntil }) => holdUntil !== null && holdUntil > scoredAt && holdUntil <= at)
  );
}
