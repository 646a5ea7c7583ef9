import type { Grade } from '../../domain/agreement/grade.ts';
import type { Instant } from '../../domain/instant.ts';
import { countsAsMailed } from '../../domain/nurture/facts.ts';
import type { WhatHappened } from '../../store/what-happened.ts';

export const counted = [
  'mails',
  'clicks',
  'escalations',
  'accepted',
  'rejected',
  'recycled',
] as const;
export type Counted = (typeof counted)[number];

/** What happened over a stretch of time. */
export type Counts = Record<Counted, number>;

/** How many leads stand in each grade. */
export type Grades = Record<Grade | 'ungraded', number>;

/** One number for everything that is counted. */
export function countsOf(count: (what: Counted) => number): Counts {
  return Object.fromEntries(counted.map(what => [what, count(what)])) as Counts;
}

export function sumOf(parts: readonly Counts[]): Counts {
  return countsOf(what => parts.reduce((total, part) => total + part[what], 0));
}

/** When each thing that is counted happened, and to whom. */
export function happeningsOf(
  told: WhatHappened,
): Record<Counted, readonly { lead: string; at: Instant }[]> {
  return {
    mails: told.mails.filter(({ state }) => countsAsMailed(state)),
    clicks: told.engagements.filter(({ kind }) => kind === 'click'),
    escalations: told.escalations,
    accepted: told.answers.filter(({ kind }) => kind === 'accepted'),
    rejected: told.answers.filter(({ kind }) => kind === 'rejected'),
    recycled: recycledOf(told),
  };
}

/** The first enrollment after each rejection of its lead: the track that the reason named. */
function recycledOf({ answers, enrollments }: WhatHappened): WhatHappened['enrollments'] {
  const rejections = byLead(answers.filter(({ kind }) => kind === 'rejected'));
  return enrollments
    .toSorted((a, b) => a.at - b.at)
    .filter(({ lead, at }) => {
      const open = rejections.get(lead) ?? [];
      const ahead = open.filter(rejection => rejection.at > at);
      rejections.set(lead, ahead);
      return ahead.length < open.length;
    });
}

/** What happened to each lead, in the order it is told. */
export function byLead<T extends { lead: string }>(happenings: readonly T[]): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const happening of happenings) {
    const known = found.get(happening.lead);
    if (known === undefined) found.set(happening.lead, [happening]);
    else known.push(happening);
  }
  return found;
}
