import type { Engagement } from '../event/event.ts';
import { plus, type Instant } from '../instant.ts';
import { countedEvents, decayed, engagementOf, type CountedEvent } from './engagement.ts';
import type { Grade } from './grade.ts';
import type { AgreementDocument } from './schema.ts';
import { bandsOf, gradeWith, raisesHand, type Bands, type Score } from './score.ts';

/** A grade that will be, and when, if nothing happens before. */
export interface GradeChange {
  at: Instant;
  to: Grade;
}

/**
 * The first moment after a score at which the grade would be another if nothing happened: points
 * decay, holds end, a raised hand is lowered. Exact to the millisecond.
 *
 * Between two breakpoints (ends of holds and of windows) the points of each event move one way, so
 * engagement over a stretch of time lies between two bounds that are cheap to know. Where both
 * give the same band nothing changes; other stretches are halved down to the millisecond.
 */
export function nextGradeChange(
  agreement: AgreementDocument,
  events: readonly Engagement[],
  score: Score,
): GradeChange | null {
  const search = new Search(agreement, countedEvents(events, agreement), score);
  let from = plus(score.at, 1);
  for (const breakpoint of search.breakpoints()) {
    const at =
      search.firstWithin(from, plus(breakpoint, -1)) ??
      (search.gradeAt(breakpoint) === score.grade ? null : breakpoint);
    if (at !== null) return { at, to: search.gradeAt(at) };
    from = plus(breakpoint, 1);
  }
  return null;
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

  breakpoints(): Instant[] {
    const moments = this.#counted.flatMap(({ event, window, from }) => [
      from,
      event.at,
      plus(event.at, window),
    ]);
    return [...new Set(moments)].filter(at => at > this.#score.at).toSorted((a, b) => a - b);
  }

  gradeAt(at: Instant): Grade {
    const bands = this.#bands(item => decayed(item, at));
    return gradeWith(
      this.#agreement,
      bands,
      raisesHand(this.#agreement, this.#counted, bands.fit, at),
    );
  }

  /** The first moment in [from, to], which holds no breakpoint, whose grade is another. */
  firstWithin(from: Instant, to: Instant): Instant | null {
    if (from > to) return null;
    if (this.gradeAt(from) !== this.#score.grade) return from;
    if (from === to || !this.#mayChange(from, to)) return null;
    const middle = Math.floor((from + to) / 2) as Instant;
    return this.firstWithin(plus(from, 1), middle) ?? this.firstWithin(plus(middle, 1), to);
  }

  #mayChange(from: Instant, to: Instant): boolean {
    const lowest = this.#bands(item => decayed(item, item.raw > 0 ? to : from));
    const highest = this.#bands(item => decayed(item, item.raw > 0 ? from : to));
    return lowest.engagement !== highest.engagement;
  }

  #bands(pointsOf: (item: CountedEvent) => ReturnType<typeof decayed>): Bands {
    const engagement = engagementOf(this.#counted, this.#agreement, pointsOf);
    return bandsOf(this.#agreement, this.#score.fit, engagement, this.#score.bands);
  }
}
