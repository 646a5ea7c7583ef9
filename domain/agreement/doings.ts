import { clipped, oneLine } from '../document/text.ts';
import type { Engagement } from '../event/event.ts';
import type { Instant } from '../instant.ts';
import { namedEvents, onceKey } from './named-event.ts';
import type { AgreementDocument } from './schema.ts';

/** Something that a lead did, once or several times. */
export interface Doing {
  /** The last time. */
  at: Instant;
  /** `Read /pricing`, `Clicked northwind.example/guide`. */
  what: string;
  times: number;
}

/** Addresses of pages can be long; nobody reads more of them. UTF-16 units. */
const longest = 90;

/**
 * What a lead read, clicked and asked for, newest first: what people did alone, so no scanner's click, and none that
 * may still be one. What was done several times is told once, with how often.
 */
export function doingsOf(
  events: readonly Engagement[],
  agreement: Pick<AgreementDocument, 'events'>,
  at: Instant,
): Doing[] {
  const groups = new Map<string, { at: Instant; what: string; keys: Set<string> }>();
  for (const { event, from } of namedEvents(events, agreement)) {
    const what = whatOf(event);
    if (what === null || from > at || event.at > at) continue;
    const keys = groups.get(what)?.keys ?? new Set();
    groups.set(what, { at: event.at, what, keys: keys.add(onceKey(event)) });
  }
  return [...groups.values()]
    .map(({ keys, ...rest }) => ({ ...rest, times: keys.size }))
    .toSorted((a, b) => b.at - a.at);
}

function whatOf({ kind, subject }: Engagement): string | null {
  switch (kind) {
    case 'click':
      return `Clicked ${shortened(subject ?? 'a link')}`;
    case 'page':
      return `Read ${shortened(subject ?? 'a page')}`;
    case 'form':
      return `Filled in ${shortened(subject ?? 'a form')}`;
    case 'download':
      return `Downloaded ${shortened(subject ?? 'a file')}`;
    case 'webinar':
      return `Attended a webinar: ${shortened(subject ?? 'of no name')}`;
    case 'reply':
      return 'Replied';
    case 'booked':
      return 'Booked a meeting';
    default:
      return null;
  }
}

/**
 * In one line, and without the kind of thing that exports write before its name, as in `Webinar: what a stop costs`; an
 * address without what every one begins with, and without what only machines read at its end.
 */
function shortened(subject: string): string {
  const line = oneLine(subject).replace(/^(page|form|download|webinar)\s*:\s*/i, '');
  const plain = /^(https?:|\/)/i.test(line)
    ? line.replace(/^https?:\/\/(www\.)?/i, '').replace(/[?#].*$/, '')
    : line;
  return clipped(plain, longest);
}
