import type { Engagement } from '../event/event.ts';
import { hundredths, type Hundredths } from '../hundredths.ts';
import { plus, type Instant } from '../instant.ts';
import { compiled } from './compile.ts';
import { countedEvents, decayed, type CountedEvent } from './engagement.ts';
import { atLeast, type EngagementBand, type FitBand, type Grade } from './grade.ts';
import type { AgreementDocument } from './schema.ts';
import { bandsOf, gradeWith, isWithinWindow, raisesHand, type Score } from './score.ts';

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
  readonly #score: Score;
  /** Events that may still give something. */
  readonly #counted: readonly CountedEvent[];
  /** Those of them that raise a hand. */
  readonly #raising: readonly CountedEvent[];
  readonly #fit: FitBand;
  /** The most that each group gives, in hundredths. */
  readonly #most: readonly number[];

  constructor(agreement: AgreementDocument, counted: readonly CountedEvent[], score: Score) {
    const { hand_raise: rule } = agreement.grade;
    this.#agreement = agreement;
    this.#score = score;
    this.#counted = counted.filter(({ event, window }) => event.at + window > score.at);
    this.#fit = bandsOf(agreement, score.fit, score.engagement, score.bands).fit;
    this.#raising = atLeast(this.#fit, rule.fit_at_least)
      ? this.#counted.filter(({ name }) => rule.events.includes(name))
      : [];
    this.#most = compiled(agreement).groups.map(({ most }) => most);
  }

  /** The moment from which on nothing changes by itself. */
  end(): Instant {
    return this.#counted.reduce(
      (latest, { event, window, from }) => Math.max(latest, from, event.at + window) as Instant,
      this.#score.at,
    );
  }

  gradeAt(at: Instant): Grade {
    const sums = this.#most.map(() => 0);
    for (const item of this.#counted) add(sums, item, decayed(item, at));
    const isRaised = raisesHand(this.#agreement, this.#raising, this.#fit, at);
    const bands = { fit: this.#fit, engagement: this.#band(sums) };
    return gradeWith(this.#agreement, bands, isRaised);
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
    const lowest = this.#most.map(() => 0);
    const highest = this.#most.map(() => 0);
    for (const item of this.#counted) {
      // What an event gives is most when it begins to count, and least at the end, or before it counts.
      const begins = Math.max(from, Math.min(item.from, to)) as Instant;
      const most = decayed(item, begins);
      const least = from < item.from ? hundredths(0) : decayed(item, to);
      add(lowest, item, item.raw > 0 ? least : most);
      add(highest, item, item.raw > 0 ? most : least);
    }
    if (this.#band(lowest) !== this.#band(highest)) return true;
    const raising = this.#raising;
    const throughout = raising.some(item => isWithinWindow(item, from) && isWithinWindow(item, to));
    return !throughout && raising.some(item => overlaps(item, from, to));
  }

  /** The band of engagement by what the groups add up to before their caps. */
  #band(sums: readonly number[]): EngagementBand {
    let total = 0;
    for (const [order, most] of this.#most.entries()) total += Math.min(sums[order] ?? 0, most);
    const engagement = hundredths(Math.min(Math.max(total, 0), 10_000));
    return bandsOf(this.#agreement, this.#score.fit, engagement, this.#score.bands).engagement;
  }
}

function add(sums: number[], { order }: CountedEvent, points: Hundredths): void {
  sums[order] = (sums[order] ?? 0) + points;
}

/** Whether an event counts at some moment in [from, to]. */
function overlaps(
  { event, window, from: begins }: CountedEvent,
  from: Instant,
  to: Instant,
): boolean {
  return begins <= to && event.at + window > from;
}
