import { criterionFields } from '../lead/fields.ts';
import { coversField, coversTexts } from '../lead/cover.ts';
import type { AgreementDocument } from './schema.ts';
import type { Engaged, SegmentCondition } from './segments.ts';

/**
 * Whether every lead in nurture that meets `inner` meets `outer` too, part by part. What only several parts
 * together would show is not found; what is found is so.
 * @param outer without it, everyone
 */
export function covers(
  outer: SegmentCondition | undefined,
  inner: SegmentCondition | undefined,
  { events }: Pick<AgreementDocument, 'events'>,
): boolean {
  if (outer === undefined) return true;
  const { source, grade, engaged, rejected_for: reasons } = outer;
  return (
    criterionFields.every(field =>
      asksLess(outer[field], inner?.[field], (wide, own) => coversField(field, wide, own)),
    ) &&
    asksLess(source, inner?.source, coversTexts) &&
    asksLess(grade, inner?.grade ?? ['C', 'D'], holds) &&
    asksLess(reasons, inner?.rejected_for, holds) &&
    asksLess(engaged, inner?.engaged, (wide, own) => coversEngaged(wide, own, events))
  );
}

/** Whether one part of a condition lets through all that the same part of another does. */
function asksLess<Part>(
  outer: Part | undefined,
  inner: Part | undefined,
  compare: (outer: Part, inner: Part) => boolean,
): boolean {
  return outer === undefined || (inner !== undefined && compare(outer, inner));
}

function holds<Word>(outer: readonly Word[], inner: readonly Word[]): boolean {
  return inner.every(word => outer.includes(word));
}

function coversEngaged(
  outer: Engaged,
  inner: Engaged,
  events: AgreementDocument['events'],
): boolean {
  // Whoever has looked at the pricing page has looked at a page.
  const isAmong = (name: string) =>
    outer.event.includes(name) || outer.event.includes(events[name]?.kind ?? name);
  return (
    inner.event.every(isAmong) && outer.at_least <= inner.at_least && outer.within >= inner.within
  );
}
