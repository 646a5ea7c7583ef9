import { isSales, type Grade } from '../agreement/grade.ts';
import { segmentOf, type SegmentFacts, type Segmentation } from '../agreement/segment-of.ts';
import type { Instant } from '../instant.ts';
import type { EnrollmentFacts, Facts } from './facts.ts';

/** What a change of segment rests on, beside the grade. */
export type EnrolledSomewhere = SegmentFacts &
  Pick<Facts, 'past'> & {
    enrollment: Pick<EnrollmentFacts, 'segment' | 'pausedAt'> & { sequence: string };
  };

/**
 * Where a change of segment takes a lead at once: into the sequence of a segment that says `move: yes`. Null
 * when the lead stays where it is: in its own segment, in one that does not move, or because it had that
 * sequence already. Whoever is paused stays until ops let them go on, and whom ops stopped once and a rep
 * put on a track stays on that.
 */
export function changeOfSegment(
  facts: EnrolledSomewhere,
  grade: Grade,
  segmentation: Segmentation,
  at: Instant,
): { sequence: string; segment: string } | null {
  const { enrollment, past } = facts;
  if (isSales(grade) || !segmentation.segments.some(({ move }) => move === true)) return null;
  if (enrollment.pausedAt !== null || wasStopped(past)) return null;
  const { name, move, nurture } = segmentOf(facts, grade, segmentation, at);
  if (move !== true || name === enrollment.segment) return null;
  const sequence = nurture[grade];
  const isHad = sequence === enrollment.sequence || past.some(ended => ended.sequence === sequence);
  return isHad ? null : { sequence, segment: name };
}

/** Whether ops ever took the lead out of a sequence: then no sequence takes it again by itself. */
export function wasStopped(past: Facts['past']): boolean {
  return past.some(
    ({ endReason }) => endReason === 'stopped by ops' || endReason === 'cancelled by ops',
  );
}
