import type { Engagement } from '../event/event.ts';
import { plus, type Instant } from '../instant.ts';
import { criterionFields, type LeadFields } from '../lead/fields.ts';
import { matches } from '../lead/match.ts';
import type { Grade } from './grade.ts';
import { namedEvents, onceKey, type NamedEvent } from './named-event.ts';
import type { AgreementDocument } from './schema.ts';
import type { Engaged, Segment } from './segments.ts';

/** What segments ask about, beside the grade. */
export interface SegmentFacts {
  lead: {
    fields: LeadFields;
    /** The key of the source that the lead came from. */
    source: string;
  };
  /** At least those within the longest time that a segment looks back. */
  events: readonly Engagement[];
  /** Reasons for which sales rejected the lead. */
  rejections: readonly string[];
}

/** The parts of the agreement that say who is in which segment. */
export type Segmentation = Pick<AgreementDocument, 'events'> & { segments: readonly Segment[] };

/** The first segment that fits; the last one, which takes everyone, if none does. */
export function segmentOf(
  facts: SegmentFacts,
  grade: Grade,
  segmentation: Segmentation,
  at: Instant,
): Segment {
  const { segments } = segmentation;
  const found = segments.find(fitting(facts, grade, segmentation, at)) ?? segments.at(-1);
  if (found === undefined) throw new Error('A segments document holds at least one segment.');
  return found;
}

/** Every segment that fits, in order: the first is the lead's, the others would take it too. */
export function segmentsOf(
  facts: SegmentFacts,
  grade: Grade,
  segmentation: Segmentation,
  at: Instant,
): Segment[] {
  return segmentation.segments.filter(fitting(facts, grade, segmentation, at));
}

/** What a lead did is named once, and only when a segment asks. */
function fitting(
  { lead, events, rejections }: SegmentFacts,
  grade: Grade,
  segmentation: Segmentation,
  at: Instant,
): (segment: Segment) => boolean {
  let named: NamedEvent[] | null = null;
  const isEngaged = (engaged: Engaged): boolean => {
    named ??= namedEvents(events, segmentation);
    return countOf(named, engaged, at) >= engaged.at_least;
  };
  return ({ when }) => {
    if (when === undefined) return true;
    const { source, grade: wanted, engaged, rejected_for: reasons } = when;
    return (
      criterionFields.every(field => matchesAny(lead.fields[field], when[field])) &&
      matchesAny(lead.source, source) &&
      (wanted === undefined || wanted.includes(grade)) &&
      (reasons === undefined || reasons.some(reason => rejections.includes(reason))) &&
      (engaged === undefined || isEngaged(engaged))
    );
  };
}

function matchesAny(value: string | number | null, patterns: string[] | undefined): boolean {
  return patterns === undefined || patterns.some(pattern => matches(value, pattern));
}

/**
 * How often a lead did one of some things within a time before now; a link of a mail counts once. A kind of
 * event counts all of its kind, also those that the agreement has names for.
 */
function countOf(
  named: readonly NamedEvent[],
  { event: names, within }: Engaged,
  at: Instant,
): number {
  const counted = named.filter(
    ({ event, name, from }) =>
      (names.includes(name) || names.includes(event.kind)) &&
      from <= at &&
      event.at > plus(at, -within),
  );
  return new Set(counted.map(({ event }) => onceKey(event))).size;
}
