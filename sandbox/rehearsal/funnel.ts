import type { Instant } from '../../domain/instant.ts';
import type { WhatHappened } from '../../store/what-happened.ts';
import { happeningsOf } from './counts.ts';
import { dateOf, type Day } from './days.ts';

export const stages = ['mailed', 'clicked', 'escalated', 'accepted'] as const;
export type Stage = (typeof stages)[number];

/** How many leads have come to each stage by the end of a day. */
export type FunnelDay = { date: string } & Record<Stage, number>;

/**
 * Leads by the stages that they have come to since the period began. A lead that goes to sales at once comes
 * to the later stages without the earlier ones.
 * @param days of the same period, as `daysOf` tells them
 */
export function funnelOf(
  told: WhatHappened,
  from: Instant,
  to: Instant,
  zone: string,
  days: readonly Pick<Day, 'date'>[],
): FunnelDay[] {
  const { mails, clicks, escalations, accepted } = happeningsOf(told);
  const newcomers = (happenings: readonly { lead: string; at: Instant }[]) => {
    const first = new Map<string, Instant>();
    for (const { lead, at } of happenings)
      if (at >= from && at <= to && at < (first.get(lead) ?? Infinity)) first.set(lead, at);
    const perDate = new Map<string, number>();
    for (const at of first.values()) {
      const date = dateOf(at, zone);
      perDate.set(date, (perDate.get(date) ?? 0) + 1);
    }
    return perDate;
  };
  const perStage = [
    ['mailed', newcomers(mails)],
    ['clicked', newcomers(clicks)],
    ['escalated', newcomers(escalations)],
    ['accepted', newcomers(accepted)],
  ] as const;
  const so = { mailed: 0, clicked: 0, escalated: 0, accepted: 0 };
  return days.map(({ date }) => {
    for (const [stage, perDate] of perStage) so[stage] += perDate.get(date) ?? 0;
    return { date, ...so };
  });
}
