import type { Engagement } from '../event/event.ts';
import { scannerClicks } from '../event/human.ts';
import type { Instant } from '../instant.ts';
import { matches } from '../lead/match.ts';
import type { AgreementDocument } from './schema.ts';

/** Something that a person did, by the agreement's name for it. */
export interface NamedEvent {
  event: Engagement;
  name: string;
  /** When it begins to count: at once, or when its hold is over. */
  from: Instant;
}

/** What people did among these events, scanners' clicks left out, oldest first. */
export function namedEvents(
  events: readonly Engagement[],
  agreement: Pick<AgreementDocument, 'events'>,
): NamedEvent[] {
  const scanned = scannerClicks(events);
  return inOrder(events)
    .filter(event => !scanned.has(event))
    .map(event => ({
      event,
      name: nameOf(event, agreement),
      from: event.holdUntil ?? event.at,
    }));
}

/** The same for events of which only the first counts: clicks of one link in one mail. */
export function onceKey({ id, kind, sendId, subject }: Engagement): string {
  return kind === 'click' ? `${sendId}\n${subject}` : id;
}

/** Events by their moments, then by their ids; most come in that order already. */
export function inOrder(events: readonly Engagement[]): readonly Engagement[] {
  const isBefore = (a: Engagement, b: Engagement) => a.at < b.at || (a.at === b.at && a.id < b.id);
  const isOrdered = events.every((event, index) => {
    const before = events[index - 1];
    return before === undefined || isBefore(before, event);
  });
  return isOrdered ? events : events.toSorted((a, b) => (isBefore(a, b) ? -1 : 1));
}

/** The agreement's name for an event: the first description that fits, else its kind. */
function nameOf(event: Engagement, { events }: Pick<AgreementDocument, 'events'>): string {
  for (const [name, { kind, like }] of Object.entries(events))
    if (kind === event.kind && like.some(pattern => matches(event.subject ?? '', pattern)))
      return name;
  return event.kind;
}
