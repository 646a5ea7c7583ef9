import { DateTime } from 'luxon';
import type { Grade } from '../../domain/agreement/grade.ts';
import type { Instant } from '../../domain/instant.ts';
import type { WhatHappened } from '../../store/what-happened.ts';
import { countsOf, happeningsOf, type Counted, type Counts, type Grades } from './counts.ts';

export interface Day extends Counts {
  /** By the calendar of the agreement's zone: `2026-03-29`. */
  date: string;
  /** At the end of the day, of the leads that are known by then. */
  grades: Grades;
}

export interface Week {
  /** By ISO 8601: `2026-W13`. */
  week: string;
  escalations: number;
  /** How many escalations the reps can take in a week; null is without limit. */
  capacity: number | null;
}

/**
 * One entry for each calendar day from that of `from` to that of `to`, in order. What happened outside of
 * the period counts nowhere.
 * @param zone IANA name; a day has 23 or 25 hours where its clock changes
 */
export function daysOf(told: WhatHappened, from: Instant, to: Instant, zone: string): Day[] {
  const dates = datesOf(from, to, zone);
  const gradesOn = gradesAtEnds(told, dates, to);
  const counts = new Map(dates.map(date => [date.toISODate(), countsOf(() => 0)]));
  for (const [what, happenings] of Object.entries(happeningsOf(told))) {
    for (const { at } of happenings) {
      const day = at < from || at > to ? undefined : counts.get(dateOf(at, zone));
      if (day !== undefined) day[what as Counted] += 1;
    }
  }
  return dates.map((date, index) => ({
    date: date.toFormat('yyyy-MM-dd'),
    ...(counts.get(date.toISODate()) ?? countsOf(() => 0)),
    grades: gradesOn[index] ?? noGrades(),
  }));
}

/**
 * Escalations of each ISO week that the period touches, beside what the reps can take.
 * @param capacity of all reps in a week; null is without limit
 */
export function weeksOf(
  told: WhatHappened,
  from: Instant,
  to: Instant,
  zone: string,
  capacity: number | null,
): Week[] {
  const weeks = new Map<string, number>();
  for (const { date, escalations } of daysOf(told, from, to, zone)) {
    const week = DateTime.fromISO(date).toISOWeekDate()?.slice(0, 8) ?? date;
    weeks.set(week, (weeks.get(week) ?? 0) + escalations);
  }
  return [...weeks].map(([week, escalations]) => ({ week, escalations, capacity }));
}

/** The calendar date of a moment: `2026-03-29`. */
export function dateOf(at: Instant, zone: string): string {
  return DateTime.fromMillis(at, { zone }).toFormat('yyyy-MM-dd');
}

export function noGrades(): Grades {
  return { A: 0, B: 0, C: 0, D: 0, ungraded: 0 };
}

/** The beginning of each day. */
function datesOf(from: Instant, to: Instant, zone: string): DateTime[] {
  const dates: DateTime[] = [];
  if (to < from) return dates;
  let date = DateTime.fromMillis(from, { zone }).startOf('day');
  while (date.toMillis() <= to) {
    dates.push(date);
    // Where the clock changes at midnight a day does not begin at 00:00.
    date = date.plus({ days: 1 }).startOf('day');
  }
  return dates;
}

/** The grades at the end of each day, or of the period where it ends before the day does. */
function gradesAtEnds(
  { leads, scores }: WhatHappened,
  dates: readonly DateTime[],
  to: Instant,
): Grades[] {
  const steps: { lead: string; at: Instant; grade: Grade | 'ungraded' }[] = [
    ...leads.map(({ lead, at }) => ({ lead, at, grade: 'ungraded' as const })),
    ...scores,
  ].toSorted((a, b) => a.at - b.at);
  const standing = new Map<string, keyof Grades>();
  const grades = noGrades();
  let next = 0;
  return dates.map(date => {
    const end = date.plus({ days: 1 }).startOf('day').toMillis();
    for (let step = steps[next]; step !== undefined; step = steps[++next]) {
      if (step.at >= end || step.at > to) break;
      const before = standing.get(step.lead);
      // A lead may be scored in the very moment in which it comes in.
      if (before !== undefined && step.grade === 'ungraded') continue;
      if (before !== undefined) grades[before] -= 1;
      standing.set(step.lead, step.grade);
      grades[step.grade] += 1;
    }
    return { ...grades };
  });
}
