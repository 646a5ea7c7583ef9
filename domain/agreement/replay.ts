import { day, plus, type Instant } from '../instant.ts';
import { disqualificationOf, type Disqualification } from '../nurture/appraise.ts';
import type { Cause } from '../nurture/cause.ts';
import { atLeast, isSales, type Grade } from './grade.ts';
import type { Evidence, Standing } from './replay/evidence.ts';
import { beginOf, type LeadHistory, type Timeline } from './replay/history.ts';
import type { Ruler } from './replay/ruler.ts';
import { bandsOf, gradeWith, type Bands } from './score.ts';

/** What is looked at again. */
export interface ReplayPeriod {
  /** From when on leads are followed: early enough for what still counted when the period began. */
  since: Instant;
  to: Instant;
  timeline: Timeline;
}

/** A lead that a version hands to sales. */
export interface ReplayedEscalation {
  at: Instant;
  cause: Cause;
  grade: Grade;
}

/** What a version would have made of a lead. */
export interface Replayed {
  /** At the end. */
  grade: Grade;
  /** From `since` on. */
  escalations: ReplayedEscalation[];
}

/**
 * A real escalation that began this soon after a replayed one is the same. The engine looks as soon as it is
 * told, but has to be told.
 */
const sameWithinMs = day;

/**
 * Follows a lead through its events under a version of the agreement, as the engine would have: bands with
 * hysteresis go on from look to look, a crossing counts only after the lead was C or D, replies and bookings go to
 * sales at once.
 *
 * How long a lead is with sales is taken from what really happened: from the escalation that was open then or came
 * next. A lead that sales never had stays there.
 * @param rules the version, where it differs from that of the evidence in its cuts alone
 * @returns null for a lead that came in later
 */
export function replay(
  lead: LeadHistory,
  evidence: Evidence,
  period: ReplayPeriod,
  rules = evidence.ruler.agreement,
): Replayed | null {
  const begin = Math.max(beginOf(lead, period.timeline), period.since) as Instant;
  if (begin > period.to) return null;
  const walk = new Walk(lead, evidence, rules);
  walk.begin(begin);
  for (const at of evidence.moments(period.to)) if (at > begin) walk.goTo(at, true);
  walk.goTo(period.to, false);
  return { grade: walk.grade, escalations: walk.escalations };
}

class Walk {
  readonly escalations: ReplayedEscalation[] = [];
  grade: Grade = 'D';
  readonly #lead: LeadHistory;
  readonly #evidence: Evidence;
  readonly #rules: Ruler['agreement'];
  /** Why the lead's fields or account rule it out, if they do. */
  readonly #ruledOut: Disqualification | null;
  #at: Instant | null = null;
  #bands: Bands | null = null;
  #armed = true;
  /** Until when sales has the lead; null while it does not. */
  #withSalesUntil: number | null = null;
  /** When sales last gave it back: what it was told before is answered. */
  #answeredUpTo = -Infinity;

  constructor(lead: LeadHistory, evidence: Evidence, rules: Ruler['agreement']) {
    this.#lead = lead;
    this.#evidence = evidence;
    this.#rules = rules;
    this.#ruledOut = disqualificationOf({ lead: { ...lead, disqualified: null } }, rules);
  }

  /** The first look: at what came in, or at where the lead stood when the replay begins. */
  begin(at: Instant): void {
    const before = this.#lead.escalations.filter(escalation => escalation.at < at);
    const last = before.at(-1);
    if (last !== undefined) {
      this.#armed = false;
      if (last.endedAt === null || last.endedAt > at)
        this.#withSalesUntil = last.endedAt ?? Infinity;
      for (const { endedAt } of before)
        if (endedAt !== null && endedAt <= at) this.#answeredUpTo = endedAt;
    }
    this.#look(at, true);
  }

  /** Lets time pass up to a moment, and looks then. */
  goTo(at: Instant, isNews: boolean): void {
    while (this.#withSalesUntil !== null && this.#withSalesUntil <= at) {
      const end = this.#withSalesUntil as Instant;
      this.#look(end, false);
      this.#withSalesUntil = null;
      this.#answeredUpTo = end;
    }
    // While sales has it, nobody looks unless something happens.
    if (this.#withSalesUntil === null) this.#decay(at);
    this.#look(at, isNews);
  }

  /** The grades that the lead passes through before a moment because points fade. */
  #decay(until: Instant): void {
    const before = plus(until, -1);
    if (this.#at === null || this.#at >= before || this.#bands === null) return;
    if (this.#evidence.mayRise)
      for (const at of this.#evidence.turnsBetween(this.#at, before)) this.#look(at, false);
    // Where points only fade, the last moment has seen all bands that were fallen through.
    const mayFall = this.#bands.engagement < 4 || isSales(this.grade);
    if (mayFall || this.#evidence.mayRise) this.#look(before, false);
  }

  #look(at: Instant, isNews: boolean): void {
    const standing = this.#evidence.at(at);
    const { engagement, raisedAt } = standing;
    this.#at = at;
    this.#bands = bandsOf(this.#rules, this.#evidence.fit, engagement, this.#bands);
    const { fit_at_least: leastFit } = this.#rules.grade.hand_raise;
    const handRaised = raisedAt !== null && atLeast(this.#bands.fit, leastFit);
    this.grade = gradeWith(this.#rules, this.#bands, handRaised);
    const isFree = this.#withSalesUntil === null;
    const raised = isFree && handRaised && raisedAt > this.#answeredUpTo;
    this.#armed ||= !isSales(this.grade) || raised;
    if (!isFree || this.#isOut(at)) return;
    // What a customer asks for goes to sales, and nothing else of it.
    const mayCross = isNews && !this.#isSuppressed(at) && this.#ruledOut !== 'customer';
    const cause = this.#causeOf(standing, raised, mayCross);
    if (cause !== null) this.#escalate(at, cause);
  }

  #causeOf({ repliedAt, bookedAt }: Standing, raised: boolean, mayCross: boolean): Cause | null {
    if (repliedAt !== null && repliedAt > this.#answeredUpTo) return 'reply';
    if (bookedAt !== null && bookedAt > this.#answeredUpTo) return 'booking';
    if (!this.#armed || !isSales(this.grade)) return null;
    if (raised) return 'hand raise';
    return mayCross ? 'crossing' : null;
  }

  #escalate(at: Instant, cause: Cause): void {
    this.escalations.push({ at, cause, grade: this.grade });
    this.#armed = false;
    const real = this.#lead.escalations.find(({ endedAt }) => endedAt === null || endedAt > at);
    this.#withSalesUntil = endOf(real, at);
  }

  #isOut(at: Instant): boolean {
    const { disqualifiedAt } = this.#lead;
    const isDisqualified = disqualifiedAt !== null && disqualifiedAt <= at;
    return isDisqualified || (this.#ruledOut !== null && this.#ruledOut !== 'customer');
  }

  #isSuppressed(at: Instant): boolean {
    const { suppressedAt } = this.#lead;
    return suppressedAt !== null && suppressedAt <= at;
  }
}

/** When sales gives back a lead that it gets at a moment: as long as it really took, or never. */
function endOf(real: LeadHistory['escalations'][number] | undefined, at: Instant): number {
  if (real === undefined || real.endedAt === null) return Infinity;
  const isSame = real.at - at <= sameWithinMs;
  return isSame ? real.endedAt : at + (real.endedAt - real.at);
}
