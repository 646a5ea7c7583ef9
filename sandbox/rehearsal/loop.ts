import type { Instant } from '../../domain/instant.ts';
import type { WhatHappened } from '../../store/what-happened.ts';
import { byLead, happeningsOf } from './counts.ts';

/** What became of leads that were rejected for one reason. */
export interface ReasonCount {
  reason: string;
  rejected: number;
  /** Of these: in nurture again. */
  recycled: number;
  /** Of these: with sales again since. */
  crossedAgain: number;
}

/** The way through sales and back, counted over a period. */
export interface LoopCounts {
  /** Each stage in turn, in the words of the report. */
  stages: [stage: string, count: number][];
  /** By reason, the most frequent first. */
  reasons: ReasonCount[];
}

/** Counts what sales did with the leads that it was given, and what came back. */
export function loopCounts(told: WhatHappened, from: Instant, to: Instant): LoopCounts {
  const within = <T extends { at: Instant }>(happenings: readonly T[]) =>
    happenings.filter(({ at }) => at >= from && at <= to);
  const escalations = within(told.escalations);
  const answers = within(told.answers);
  const said = (kind: string) => answers.filter(answer => answer.kind === kind);
  const rejections = said('rejected');
  const recycled = byLead(within(happeningsOf(told).recycled));
  const escalated = byLead(escalations);
  const followsIn = (of: ReadonlyMap<string, readonly { at: Instant }[]>) =>
    rejections.filter(({ lead, at }) => of.get(lead)?.some(later => later.at >= at));
  const back = followsIn(recycled);
  const again = followsIn(escalated);
  const reasons = [...new Set(rejections.map(({ reason }) => reason ?? ''))].map(reason => {
    const count = (list: readonly { reason: string | null }[]) =>
      list.filter(answer => answer.reason === reason).length;
    return {
      ...{ reason, rejected: count(rejections) },
      ...{ recycled: count(back), crossedAgain: count(again) },
    };
  });
  return {
    stages: [
      ['handed to sales', escalations.length],
      ['accepted', said('accepted').length],
      ['contacted', said('contacted').length],
      ['qualified', said('qualified').length],
      ['won', said('won').length],
      ['lost', said('lost').length],
      ['rejected', rejections.length],
      ['back in nurture', back.length],
      ['crossed again', again.length],
    ],
    reasons: reasons.toSorted((a, b) => b.rejected - a.rejected || (a.reason < b.reason ? -1 : 1)),
  };
}

/** The same in a sentence or two. */
export function loopInWords({ stages, reasons }: LoopCounts): string {
  const counts = stages.map(([stage, count]) => `${count} ${stage}`).join(', ');
  const why = reasons.map(({ reason, rejected }) => `${reason} ${rejected}`).join(', ');
  return `The loop: ${counts}.${why === '' ? '' : ` Rejected for: ${why}.`}`;
}
