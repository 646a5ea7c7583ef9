import { scoringKinds, type Engagement } from '../../event/event.ts';
import { scannerClicks } from '../../event/human.ts';
import { hundredths, type Hundredths } from '../../hundredths.ts';
import { plus, type Instant } from '../../instant.ts';
import { counting, decayed, engagementOf, type CountedEvent } from '../engagement.ts';
import { fitLines } from '../fit.ts';
import { onceKey } from '../named-event.ts';
import { isWithinWindow } from '../score.ts';
import { knownAt, type LeadHistory, type Timeline } from './history.ts';
import type { Ruler } from './ruler.ts';

/** What engagement there is at a moment, and what of it asks for sales. */
export interface Standing {
  engagement: Hundredths;
  /** When the last raised hand that still counts was received; null for none. */
  raisedAt: Instant | null;
  /** When the last reply within reach was received; null for none. */
  repliedAt: Instant | null;
  /** The same for a booked meeting. */
  bookedAt: Instant | null;
}

interface Item {
  event: Engagement;
  known: Instant;
  counted: CountedEvent | null;
  /** Clicks with the same one count once. */
  once: string | null;
}

/**
 * One lead under one version: what it is worth at any moment, by what was known then. It is what scoring at that
 * moment gives, at a fraction of the cost where thousands of moments are asked for. Scanners are told by all that
 * is known today: a hold is longer than they take.
 */
export class Evidence {
  readonly ruler: Ruler;
  readonly fit: Hundredths;
  /**
   * Whether time alone can lift the lead: where points are taken away, and where a link was clicked again, which
   * counts once the first click is out of reach.
   */
  readonly mayRise: boolean;
  readonly #items: readonly Item[];
  readonly #answers: readonly Item[];
  readonly #repeated: readonly Item[];
  readonly #standings = new Map<Instant, Standing>();
  readonly #turns = new Map<string, readonly Instant[]>();

  constructor(ruler: Ruler, lead: LeadHistory, timeline: Timeline) {
    const lines = fitLines(lead.fields, ruler.agreement);
    this.ruler = ruler;
    this.fit = hundredths(lines.reduce((sum, { points }) => sum + points, 0));
    this.#items = itemsOf(ruler, lead, timeline);
    this.#answers = this.#items.filter(
      ({ event: { kind } }) => kind === 'reply' || kind === 'booked',
    );
    this.#repeated = repeatedOf(this.#items);
    const isTakenAway = this.#items.some(({ counted }) => counted !== null && counted.raw < 0);
    this.mayRise = isTakenAway || this.#repeated.length > 0;
  }

  /** Kept for each moment, because versions that differ in their cuts alone ask for the same ones. */
  at(at: Instant): Standing {
    let standing = this.#standings.get(at);
    if (standing === undefined) {
      standing = this.#standingAt(at);
      this.#standings.set(at, standing);
    }
    return standing;
  }

  /** What counts at a moment, each with its name in the agreement. */
  countedAt(at: Instant): CountedEvent[] {
    const counted: CountedEvent[] = [];
    const seen = new Set<string>();
    for (let index = this.#firstAfter(at - this.ruler.lookback); ; index++) {
      const item = this.#items[index];
      if (item === undefined || item.event.at > at) return counted;
      if (item.counted === null || item.known > at) continue;
      if (item.once !== null) {
        if (seen.has(item.once)) continue;
        seen.add(item.once);
      }
      if (isWithinWindow(item.counted, at)) counted.push(item.counted);
    }
  }

  /**
   * The moments between two at which engagement may turn from falling to rising or back, if nothing happens: where
   * an event's points run out, where the sum of a group falls below its cap, and where a raised hand is lowered.
   * Only where points are taken away does time ever lift a lead.
   */
  turnsBetween(from: Instant, to: Instant): readonly Instant[] {
    const key = `${from}/${to}`;
    let turns = this.#turns.get(key);
    if (turns === undefined) {
      turns = this.#findTurns(from, to);
      this.#turns.set(key, turns);
    }
    return turns;
  }

  #findTurns(from: Instant, to: Instant): Instant[] {
    const counted = this.countedAt(from);
    const ends = counted
      .flatMap(({ event, window }) => [plus(event.at, window - 1), plus(event.at, window)])
      .concat(this.#repeated.map(({ event }) => plus(event.at, this.ruler.lookback - 1)))
      .filter(at => at > from && at < to);
    const bends = [from, ...ends.sort((a, b) => a - b), to];
    const turns = bends.flatMap((at, index) => {
      const next = bends[index + 1];
      return next === undefined || next - at < 2 ? [at] : [at, ...this.#capsBetween(counted, at, next)];
    });
    return [...new Set(turns)].filter(at => at > from && at < to).sort((a, b) => a - b);
  }

  /** Where sums that fall or rise in a straight line pass their caps. */
  #capsBetween(counted: readonly CountedEvent[], from: Instant, to: Instant): Instant[] {
    return Object.entries(this.ruler.agreement.engagement).flatMap(([group, { cap }]) => {
      if (cap === undefined) return [];
      const mine = counted.filter(item => item.group === group);
      const sumAt = (at: Instant) => mine.reduce((sum, item) => sum + decayed(item, at), 0);
      const [before, after, limit] = [sumAt(from), sumAt(to), cap * 100];
      if (before > limit === after > limit) return [];
      const part = (before - limit) / (before - after);
      return [plus(from, Math.round(part * (to - from)))];
    });
  }

  /** The moments up to one at which something new is seen: events as they become known, and ends of holds. */
  moments(until: Instant): Instant[] {
    const found = new Set<Instant>();
    for (const { event, known } of this.#items) {
      if (known <= until) found.add(known);
      const { holdUntil } = event;
      if (holdUntil !== null && holdUntil > known && holdUntil <= until) found.add(holdUntil);
    }
    return [...found].sort((a, b) => a - b);
  }

  #standingAt(at: Instant): Standing {
    const { agreement } = this.ruler;
    const counted = this.countedAt(at);
    const { events: raising } = agreement.grade.hand_raise;
    return {
      engagement:
        counted.length === 0
          ? hundredths(0)
          : engagementOf(counted, agreement, item => decayed(item, at)),
      raisedAt: lastReceived(counted.filter(({ name }) => raising.includes(name))),
      repliedAt: this.#lastAnswer('reply', at),
      bookedAt: this.#lastAnswer('booked', at),
    };
  }

  #lastAnswer(kind: 'reply' | 'booked', at: Instant): Instant | null {
    if (this.#answers.length === 0) return null;
    return lastReceived(
      this.#answers.filter(item => item.event.kind === kind && this.#isBefore(item, at)),
    );
  }

  #isBefore({ event, known }: Item, at: Instant): boolean {
    return known <= at && event.at > at - this.ruler.lookback;
  }

  /** The index of the first event that happened after a moment. */
  #firstAfter(moment: number): number {
    let [low, high] = [0, this.#items.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#items[middle]?.event.at ?? Infinity) > moment) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function itemsOf(ruler: Ruler, lead: LeadHistory, timeline: Timeline): Item[] {
  const scanned = scannerClicks(lead.events);
  return lead.events
    .filter(({ kind }) => (scoringKinds as readonly string[]).includes(kind))
    .map(event => {
      const rule = scanned.has(event) ? null : ruler.ruleOf(event);
      return {
        event,
        known: knownAt(event, lead, timeline),
        counted: rule && counting(rule, event),
        once: event.kind === 'click' ? onceKey(event) : null,
      };
    });
}

/** Clicks of links that were clicked more than once in a mail. */
function repeatedOf(items: readonly Item[]): Item[] {
  const clicks = items.filter(({ once, counted }) => once !== null && counted !== null);
  if (clicks.length < 2) return [];
  const times = new Map<string | null, number>();
  for (const { once } of clicks) times.set(once, (times.get(once) ?? 0) + 1);
  return clicks.filter(({ once }) => (times.get(once) ?? 0) > 1);
}

function lastReceived(items: readonly { event: Engagement }[]): Instant | null {
  let last: Instant | null = null;
  for (const { event } of items)
    if (last === null || event.receivedAt > last) last = event.receivedAt;
  return last;
}
