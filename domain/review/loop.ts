import { DateTime } from 'luxon';
import type { AgreementDocument } from '../agreement/schema.ts';
import type { Grade } from '../agreement/grade.ts';
import type { OpenState } from '../escalation/life.ts';
import type { EscalationId, LeadId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import { shareOf, type Share } from './intervals.ts';

/** How many of those that were due were done in the agreed time. */
interface Kept {
  kept: number;
  due: number;
}

/** What is counted of the escalations that began in a period, and what is open now. */
export interface LoopFacts {
  /** By marketing; what sales took over itself is counted apart, and is in the promises of sales alone. */
  escalated: number;
  takenOver: number;
  accepted: number;
  /** Without having been accepted. */
  rejected: number;
  qualified: number;
  won: number;
  lost: number;
  answers: Kept;
  contacts: Kept;
  feedback: Kept;
  reasons: { reason: string; count: number }[];
  /** Rejected, and in nurture again. */
  recycled: number;
  /** Rejected, and escalated again since. */
  cameBack: number;
  /** Longest first; not all, when there are very many. */
  open: OpenEscalation[];
  openCount: number;
}

export interface OpenEscalation {
  id: EscalationId;
  leadId: LeadId;
  grade: Grade;
  state: OpenState;
  owner: string;
  since: Instant;
  /** What the owner has to do next, by when; null when no time runs. */
  dueAt: Instant | null;
}

/** One promise that a team made in the agreement, and how it was kept. */
export interface PromiseKept {
  team: 'marketing' | 'sales';
  what: string;
  /** With a 95 % interval where it is a share. */
  share: Share | null;
  /** Where it is a number. */
  count: number | null;
  /** What was agreed for this period, in the same unit; null when nothing was. Shares in percent. */
  target: number | null;
}

/** One owner's open escalations. */
export interface OwnerLoad {
  owner: string;
  open: number;
  overdue: number;
}

/** Both sides of the loop over a period. */
export interface Loop extends Omit<LoopFacts, 'answers' | 'contacts' | 'feedback'> {
  promises: PromiseKept[];
  owners: OwnerLoad[];
}

const weeksOfAQuarter = 13;
const dayMs = 86_400_000;

/**
 * What both teams promised each other for a period, beside what came of it. Targets of a quarter are taken for the
 * share of it that the period is.
 */
export function loopOf(
  facts: LoopFacts,
  agreement: AgreementDocument,
  { from, to }: { from: Instant; to: Instant },
  at: Instant,
): Loop {
  const { answers, contacts, feedback, ...counts } = facts;
  const targets = agreement.targets?.[quarterOf(from, agreement.working_hours.zone)];
  const leads = targets?.marketing.leads;
  const part = (to - from) / (weeksOfAQuarter * 7 * dayMs);
  const share = (team: PromiseKept['team'], what: string, kept: Kept, target?: number) => ({
    ...{ team, what, count: null, target: target ?? null },
    share: shareOf(kept.kept, kept.due),
  });
  return {
    ...counts,
    promises: [
      {
        ...{ team: 'marketing', what: 'leads handed to sales', share: null },
        count: facts.escalated,
        target: leads === undefined ? null : Math.round(leads * part),
      },
      share(
        'marketing',
        'accepted, of those answered',
        { kept: facts.accepted, due: facts.accepted + facts.rejected },
        targets?.marketing.acceptance,
      ),
      share('sales', 'accepted or rejected in time', answers),
      share('sales', 'contacted in time', contacts, targets?.sales.contact_in_time),
      share('sales', 'feedback in time', feedback, targets?.sales.feedback_in_time),
    ],
    owners: ownersOf(facts.open, at),
  };
}

function ownersOf(open: readonly OpenEscalation[], at: Instant): OwnerLoad[] {
  const loads = new Map<string, OwnerLoad>();
  for (const { owner, dueAt } of open) {
    const load = loads.get(owner) ?? { owner, open: 0, overdue: 0 };
    load.open += 1;
    if (dueAt !== null && dueAt <= at) load.overdue += 1;
    loads.set(owner, load);
  }
  return [...loads.values()].toSorted((a, b) => b.open - a.open || (a.owner < b.owner ? -1 : 1));
}

/** The quarter of a moment, such as `2026-Q4`. */
function quarterOf(at: Instant, zone: string): string {
  const date = DateTime.fromMillis(at, { zone });
  return `${date.year}-Q${date.quarter}`;
}
