import type { Split } from '../sequence/splits.ts';
import { holdOut } from '../sequence/variants.ts';
import { shareOf, type Share } from './intervals.ts';
import { sampleRatio, type SampleRatio } from './sample-ratio.ts';
import { differenceOf, isReady, leadsNeeded, levelOf, type Difference } from './sequential.ts';

/** What variants may be compared by. */
export const measures = ['clicked', 'replied', 'escalated', 'accepted', 'won'] as const;
export type Measure = (typeof measures)[number];

/** How long after an escalation it is known what came of it, in days. */
const settleDays: Readonly<Record<Measure, number>> = {
  clicked: 0,
  replied: 0,
  escalated: 0,
  accepted: 14,
  won: 90,
};

/** How variants are compared. */
export interface Comparison {
  measure: Measure;
  /** Within so many days after the variant fell to a lead it has to happen. */
  withinDays: number;
  /** Only leads to whom it fell so many days ago are compared, so that all had the same time. */
  settledDays: number;
}

/**
 * What the variants of a split are compared by, where nobody says: variants of a mail by the clicks in it within a week;
 * paths by escalations within thirty days, since a path takes its time; and whatever has a hold-out by escalations,
 * because who gets nothing has nothing to click.
 */
export function comparisonOf(
  { of, variants }: Pick<Split, 'of' | 'variants'>,
  asked: { measure?: Measure | undefined; withinDays?: number | undefined } = {},
): Comparison {
  const isHeldOut = variants.some(({ variant }) => variant === holdOut);
  const usual: Measure = of === 'mail' && !isHeldOut ? 'clicked' : 'escalated';
  const { measure = usual, withinDays = of === 'mail' ? 7 : 30 } = asked;
  return { measure, withinDays, settledDays: withinDays + settleDays[measure] };
}

/** What is counted of a variant, in leads. */
export interface VariantTally {
  variant: string;
  exposed: number;
  /** Those of them who had their time. */
  settled: number;
  /** Those of these with whom it happened. */
  reached: number;
}

export interface VariantResult {
  variant: string;
  weight: number;
  exposed: number;
  /** Of those who had their time, with whom it happened; null where it cannot happen, as clicks of who is held out. */
  share: Share | null;
  /** Against the hold-out, or the first variant: null of that one itself. */
  lift: Lift | null;
}

/** By how much one rate is higher than another. */
export interface Lift extends Difference {
  /** The rate over the other less one: 0.25 is a quarter more. Null where the other is 0. */
  relative: number | null;
}

/** What the variants of one split brought. */
export interface SplitResult extends Comparison {
  split: string;
  of: Split['of'];
  variants: VariantResult[];
  /** The variant that all others are held against. */
  against: string;
  sampleRatio: SampleRatio;
  /** The variant whose rate is highest; null while all are the same. */
  leader: string | null;
  /** The variant that is better than each of the others, as far as may be said at any look; it may be `hold_out`. */
  winner: string | null;
  /** How many more leads are likely needed at the differences as they are; null when nobody can say. */
  leadsNeeded: number | null;
}

/**
 * Compares the variants of a split. A winner is one whose rate is above that of each other variant, the hold-out too,
 * by the sequential test of `differenceOf`, each comparison of two at its part of the 5 % that all have together; and
 * none is called while the leads did not fall to the variants as the weights say.
 */
export function splitResult(
  { split, of, variants }: Pick<Split, 'split' | 'of' | 'variants'>,
  comparison: Comparison,
  tallies: readonly VariantTally[],
): SplitResult {
  const needsMail = comparison.measure === 'clicked' || comparison.measure === 'replied';
  const counted = variants.map(({ variant, weight }) => {
    const tally = tallies.find(each => each.variant === variant);
    const { exposed, settled, reached } = tally ?? { exposed: 0, settled: 0, reached: 0 };
    const isMute = variant === holdOut && needsMail;
    return { variant, weight, exposed, share: isMute ? null : shareOf(reached, settled) };
  });
  const compared = counted.flatMap(({ variant, share }) =>
    share === null ? [] : [{ variant, share }],
  );
  const level = levelOf((compared.length * (compared.length - 1)) / 2);
  const base = compared.find(({ variant }) => variant === holdOut) ?? compared[0];
  const ratio = sampleRatio(counted);
  const found = best(compared, level);
  return {
    ...{ split, of, ...comparison },
    variants: counted.map(each => {
      const { variant, share } = each;
      const isCompared = base !== undefined && share !== null && variant !== base.variant;
      return { ...each, lift: isCompared ? liftOf(share, base.share, level) : null };
    }),
    against: base?.variant ?? '',
    sampleRatio: ratio,
    ...found,
    winner: ratio.isOff ? null : found.winner,
  };
}

interface Compared {
  variant: string;
  share: Share;
}

function best(
  compared: readonly Compared[],
  level: number,
): Pick<SplitResult, 'leader' | 'winner' | 'leadsNeeded'> {
  const ranked = compared.toSorted((a, b) => (b.share.rate ?? 0) - (a.share.rate ?? 0));
  const [first, ...others] = ranked;
  if (first === undefined || (others[0]?.share.rate ?? 0) === (first.share.rate ?? 0))
    return { leader: null, winner: null, leadsNeeded: null };
  const isWinner = others.every(
    ({ share }) =>
      isReady(first.share, share) && (differenceOf(first.share, share, level)?.low ?? -1) > 0,
  );
  const all = compared.reduce((sum, { share }) => sum + share.of, 0);
  const needed = others.map(({ share }) => {
    const pair = leadsNeeded(first.share, share, level);
    return pair === null ? Infinity : (pair / (first.share.of + share.of)) * all;
  });
  const most = Math.ceil(Math.max(...needed));
  return {
    leader: first.variant,
    winner: isWinner ? first.variant : null,
    leadsNeeded: Number.isFinite(most) ? most : null,
  };
}

function liftOf(share: Share, base: Share, level: number): Lift | null {
  const difference = differenceOf(share, base, level);
  if (difference === null) return null;
  const relative = share.rate === null || !base.rate ? null : share.rate / base.rate - 1;
  return { ...difference, relative };
}
