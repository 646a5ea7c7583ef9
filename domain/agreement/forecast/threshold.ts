import type { Instant } from '../../instant.ts';
import { asksForSales } from '../../nurture/cause.ts';
import type { Agreement } from '../agreement.ts';
import type { Cuts } from '../grade.ts';
import { replay, type ReplayPeriod } from '../replay.ts';
import type { Evidence } from '../replay/evidence.ts';
import type { LeadHistory } from '../replay/history.ts';
import { perWeek } from './weeks.ts';

/** The draft's cuts moved until what they let through fits the reps. */
export interface Threshold {
  /** Points by which all three cuts are moved; 0 where the draft fits as it is. */
  shift: number;
  cuts: Cuts;
  /** Escalations a week with these cuts, on average. */
  perWeek: number;
  /** Whether that is within capacity; false where not even the highest cuts bring it there. */
  fits: boolean;
  /** Of them those that no cut holds back: replies, bookings and raised hands, with the highest cuts. */
  askedForPerWeek: number;
}

/**
 * Counts what the draft would hand over with its three cuts moved up or down together, by each whole number of
 * points that leaves them within 0 and 100. All three are moved because fit and engagement share them, and a lead
 * of fit A crosses at the lowest.
 */
export class ThresholdSearch {
  readonly #period: ReplayPeriod & { from: Instant };
  readonly #shifted: { shift: number; rules: Agreement; count: number; askedFor: number }[];

  constructor(draft: Agreement, period: ReplayPeriod & { from: Instant }) {
    this.#period = period;
    this.#shifted = shiftsOf(draft.grade.cuts).map(shift => ({
      shift,
      rules: { ...draft, grade: { ...draft.grade, cuts: moved(draft.grade.cuts, shift) } },
      count: 0,
      askedFor: 0,
    }));
  }

  /** @param evidence under the draft */
  add(lead: LeadHistory, evidence: Evidence): void {
    for (const shifted of this.#shifted) {
      const replayed = replay(lead, evidence, this.#period, shifted.rules);
      for (const { at, cause } of replayed?.escalations ?? []) {
        if (at < this.#period.from) continue;
        shifted.count += 1;
        if (asksForSales(cause)) shifted.askedFor += 1;
      }
    }
  }

  /**
   * The shift nearest to the draft's own cuts that fits; where there is room left, the lowest that still fits.
   * @param capacity escalations that the reps can take in a week
   * @param scale how many leads each one that was added stands for
   */
  result(capacity: number, scale: number): Threshold | null {
    const measured = this.#shifted.map(({ shift, rules, count, askedFor }) => ({
      shift,
      cuts: rules.grade.cuts,
      perWeek: perWeek(count * scale, this.#period),
      askedForPerWeek: perWeek(askedFor * scale, this.#period),
    }));
    const highest = measured.at(-1);
    if (highest === undefined) return null;
    const fits = (found: { perWeek: number }) => found.perWeek <= capacity;
    // From the highest down, as long as it fits: below the first that does not, nothing is promised.
    const tooLow = measured.findLastIndex(found => !fits(found));
    const found = measured[tooLow + 1] ?? highest;
    return { ...found, fits: fits(found), askedForPerWeek: highest.askedForPerWeek };
  }
}

/** Whole numbers by which all cuts may be moved, in rising order. */
function shiftsOf({ high, low }: Cuts): number[] {
  const [down, up] = [Math.ceil(low) - 1, Math.floor(100 - high)];
  return Array.from({ length: down + up + 1 }, (_, index) => index - down);
}

function moved({ high, middle, low }: Cuts, shift: number): Cuts {
  return { high: high + shift, middle: middle + shift, low: low + shift };
}
