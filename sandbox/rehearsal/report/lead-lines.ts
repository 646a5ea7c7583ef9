import { grades, type Grade } from '../../../domain/agreement/grade.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { WhatHappened } from '../../../store/what-happened.ts';
import { byLead, happeningsOf, type Grades } from '../counts.ts';

/** One lead's way through the rehearsal. */
export interface LeadLine {
  lead: string;
  /** The grades it stood in, one after the other; the last one is that at the end. */
  steps: GradeStep[];
  mails: number;
  clicks: number;
  escalations: Instant[];
  accepted: number;
  rejected: number;
}

export interface GradeStep {
  grade: keyof Grades;
  from: Instant;
  to: Instant;
}

/** From best to worst, as lines are grouped. */
export const standings = [...grades, 'ungraded'] as const satisfies (keyof Grades)[];

export function finalGrade({ steps }: LeadLine): keyof Grades {
  return steps.at(-1)?.grade ?? 'ungraded';
}

/** The lines of all leads by their last grade, within it who came to sales first, then by address. */
export function leadLinesOf(told: WhatHappened, from: Instant, to: Instant): LeadLine[] {
  const scores = byLead(told.scores);
  const { mails, clicks, escalations, accepted, rejected } = happeningsOf(told);
  const within = ({ at }: { at: Instant }) => at >= from && at <= to;
  const [mailed, clicked, escalated, taken, givenBack] = [
    ...[mails, clicks, escalations, accepted, rejected],
  ].map(happenings => byLead(happenings.filter(within)));
  return told.leads
    .filter(({ at }) => at <= to)
    .map(({ lead, at }) => ({
      lead,
      steps: stepsOf(at, scores.get(lead) ?? [], from, to),
      mails: mailed?.get(lead)?.length ?? 0,
      clicks: clicked?.get(lead)?.length ?? 0,
      escalations: (escalated?.get(lead) ?? []).map(escalation => escalation.at),
      accepted: taken?.get(lead)?.length ?? 0,
      rejected: givenBack?.get(lead)?.length ?? 0,
    }))
    .toSorted(
      (a, b) =>
        standings.indexOf(finalGrade(a)) - standings.indexOf(finalGrade(b)) ||
        (a.escalations[0] ?? Infinity) - (b.escalations[0] ?? Infinity) ||
        (a.lead < b.lead ? -1 : 1),
    );
}

function stepsOf(
  seen: Instant,
  scores: readonly { at: Instant; grade: Grade }[],
  from: Instant,
  to: Instant,
): GradeStep[] {
  const steps: GradeStep[] = [];
  for (const { at, grade } of [{ at: seen, grade: 'ungraded' as const }, ...scores]) {
    if (at > to) break;
    const begin = Math.max(at, from) as Instant;
    const last = steps.at(-1);
    if (last?.grade === grade) continue;
    if (last !== undefined) last.to = begin;
    // A grade that was left in the moment in which it began was never stood in.
    if (last?.from === begin) steps.pop();
    steps.push({ grade, from: begin, to });
  }
  return steps;
}

/** At most so many of the lines, evenly from all of them, so that each group keeps its share. */
export function drawnLines(lines: readonly LeadLine[], most: number): LeadLine[] {
  if (lines.length <= most) return [...lines];
  return lines.filter(
    (_line, index) =>
      Math.floor(((index + 1) * most) / lines.length) > Math.floor((index * most) / lines.length),
  );
}
