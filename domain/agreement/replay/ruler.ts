import type { Engagement } from '../../event/event.ts';
import type { Agreement } from '../agreement.ts';
import { countedEvents, type CountedEvent } from '../engagement.ts';

/** What a version of the agreement makes of an event's kind and subject; null for nothing. */
type Worth = Pick<CountedEvent, 'name' | 'group' | 'raw' | 'window'> | null;

/** A version of the agreement, made ready to look at many leads. */
export interface Ruler {
  agreement: Agreement;
  /** How far back a look goes, in milliseconds. */
  lookback: number;
  worthOf: (event: Engagement) => Worth;
}

/** More subjects than this are not remembered at once. */
const mostRemembered = 20_000;

/** The longest window in which an event counts, in milliseconds. */
export function longestWindow({ engagement }: Agreement): number {
  return Math.max(...Object.values(engagement).map(({ window }) => window));
}

export function rulerOf(agreement: Agreement): Ruler {
  const known = new Map<string, Worth>();
  return {
    agreement,
    lookback: longestWindow(agreement),
    worthOf: event => {
      const key = `${event.kind}\n${event.subject}`;
      let worth = known.get(key);
      if (worth === undefined) {
        worth = worthIn(agreement, event);
        if (known.size >= mostRemembered) known.clear();
        known.set(key, worth);
      }
      return worth;
    },
  };
}

/** Told by the event alone, without what happened around it. */
function worthIn(agreement: Agreement, event: Engagement): Worth {
  const [item] = countedEvents([{ ...event, sendId: null, userAgent: null }], agreement);
  if (item === undefined) return null;
  const { name, group, raw, window } = item;
  return { name, group, raw, window };
}
