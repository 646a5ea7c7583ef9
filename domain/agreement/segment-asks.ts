import type { EventKind } from '../event/event.ts';
import type { Segmentation } from './segment-of.ts';

/** What it takes to know who is in which segment, so that nothing else need be loaded. */
export interface SegmentAsks {
  /** What was done, and how far back in milliseconds; null when no segment asks. */
  events: { kinds: EventKind[]; within: number } | null;
  /** Whether a segment asks why sales rejected. */
  rejections: boolean;
  /** Whether a segment moves leads, which depends on what they had. */
  past: boolean;
}

export function segmentAsks({ events, segments }: Segmentation): SegmentAsks {
  const engaged = segments.flatMap(({ when }) => when?.engaged ?? []);
  const kinds = new Set(engaged.flatMap(({ event }) => event).map(name => kindOf(name, events)));
  // When a mail was delivered tells a scanner's click from a person's.
  if (kinds.has('click')) kinds.add('delivered');
  return {
    events:
      engaged.length === 0
        ? null
        : { kinds: [...kinds], within: Math.max(...engaged.map(({ within }) => within)) },
    rejections: segments.some(({ when }) => when?.rejected_for !== undefined),
    past: segments.some(({ move }) => move === true),
  };
}

/** Names are checked when segments are read: what has no description is a kind. */
function kindOf(name: string, events: Segmentation['events']): EventKind {
  return events[name]?.kind ?? (name as EventKind);
}
