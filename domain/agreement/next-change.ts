import type { Engagement } from '../event/event.ts';
import { hundredths, type Hundredths } from '../hundredths.ts';
import { plus, type Instant } from '../instant.ts';
import { countedEvents, decayed, engagementOf, type CountedEvent } from './engagement.ts';
import type { Grade } from './grade.ts';
import type { AgreementDocument } from './schema.ts';
import { bandsOf, gradeWith, isWithinWindow, raisesHand, type Bands, type Score } from './score.ts';

/** A grade that will be, and when, if nothing happens before. */
export interface GradeChange {
  at: Instant;
  to: Grade;
}

/**
 * The first moment after a score at which the grade would be another if nothing happened: points
 * decay, holds end, a raised hand is lowered. Exact to the millisecond.
 *
 * Over a stretch of time the points of each event lie between two bounds that are cheap to know, and so
 * does engagement. A stretch over which both bounds give the same band holds no change; any other is
 * halved, down to the millisecond.
 */
export function nextGradeChange(
  agreement: AgreementDocument,
  events: readonly Engagement[],
  score: Score,
): GradeChange | null {
  const search = new Search(agreement, countedEvents(events, agreement), score);
  const at = search.firstWithin(plus(score.at, 1), search.end());
  return at === null ? null : { at, to: search.gradeAt(at) };
}

class Search {
  readonly #agreement: AgreementDocument;
  readonly #counted: readonly CountedEvent[];
  readonly #score: Score;

  constructor(agreement: AgreementDocument, counted: readonly CountedEvent[], score: Score) {
    this.#agreement = agreement;
    this.#counted = counted;
    this.#score = score;
  }

  /** The moment from which on nothing changes by itself. */
  end(): Instant {
    return this.#counted.reduce(
      (latest, { event, window, from }) =>
        Math.max(latest, from, event.at + window) as Instant,
      this.#score.at,
    );
  }

  gradeAt(at: Instant): Grade {
    const bands = this.#bands(item => decayed(item, at));
    return gradeWith(
      this.#agreement,
      bands,
      raisesHand(this.#agreement, this.#counted, bands.fit, at),
    );
  }

  /** The first moment in [from, to] whose grade is another. */
  firstWithin(from: Instant, to: Instant): Instant | null {
    if (from > to) return null;
    if (this.gradeAt(from) !== this.#score.grade) return from;
    if (from === to || !this.#mayChange(from, to)) return null;
    const middle = Math.floor((from + to) / 2) as Instant;
    return this.firstWithin(plus(from, 1), middle) ?? this.firstWithin(plus(middle, 1), to);
  }

  #mayChange(from: Instant, to: Instant): boolean {
    // What an event gives is most when it begins to count, and least at the end, or before it counts.
    const most = (item: CountedEvent) => decayed(item, Math.max(from, Math.min(item.from, to)) as Instant);
    const least = (item: CountedEvent) => (from < item.from ? hundredths(0) : decayed(item, to));
    const lowest = this.#bands(item => (item.raw > 0 ? least(item) : most(item)));
    const highest = this.#bands(item => (item.raw > 0 ? most(item) : least(item)));
    if (lowest.engagement !== highest.engagement) return true;
    const { events } = this.#agreement.grade.hand_raise;
    const raising = this.#counted.filter(item => events.includes(item.name));
    const throughout = raising.some(item => isWithinWindow(item, from) && isWithinWindow(item, to));
    return !throughout && raising.some(item => overlaps(item, from, to));
  }

  #bands(pointsOf: (item: CountedEvent) => Hundredths): Bands {
    const engagement = engagementOf(this.#counted, this.#agreement, pointsOf);
    return bandsOf(this.#agreement, this.#score.fit, engagement, this.#score.bands);
  }
}

/** Whether an event counts at some moment in [from, to]. */
function overlaps({ event, window, from: begins }: CountedEvent, from: Instant, to: Instant): boolean {
  return begins <= to && event.at + window > from;
}
