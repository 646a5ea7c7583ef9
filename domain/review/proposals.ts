import type { AgreementDocument } from '../agreement/schema.ts';
import { leastDifference, shareOf, type Share } from './intervals.ts';
import { percent } from './share-text.ts';

/** What marketing can change: how the agreement rates titles, the segments, the sources, the sequences. */
export type Lever = 'title' | 'segment' | 'source' | 'sequence';

/** Leads that sales answered, counted by one thing that marketing can change and by what was said. */
export interface Answered {
  lever: Lever;
  /**
   * Of a title what it gave to fit, 0 to 100, or `missing`; of a sequence the one whose mail was the last before sales
   * had the lead. Null where there was none.
   */
  value: string | null;
  /** Why they were rejected; null when they were not. */
  reason: string | null;
  count: number;
}

/** What a reason says about the campaign. */
type About = 'targeting' | 'message' | 'timing' | 'data';

/** Something to look at, with the numbers that say so. It changes nothing by itself. */
export interface Proposal {
  reason: string;
  about: About;
  lever: Lever;
  value: string;
  /** Of the leads answered that have this value, those that were rejected for this reason. */
  share: Share;
  /** The same of all others that were answered. */
  others: Share;
  /** By how much the one share is higher than the other at least, above 0 and at most 1. */
  least: number;
  /** All of this in words, and what to look at. */
  text: string;
}

/** Of fewer leads with a value nothing is said. */
export const fewestAnswered = 8;
const mostProposals = 10;

/** What each kind of reason can point at, and what to look at there. */
const looks: Readonly<Record<About, readonly (readonly [lever: Lever, look: string])[]>> = {
  targeting: [
    ['title', 'Look at what the agreement gives such titles, and at what a title weighs.'],
    ['segment', 'Look at whom this segment takes in.'],
    ['source', 'Look at whom this source brings.'],
  ],
  message: [
    ['segment', 'Look at what this segment is told.'],
    ['sequence', 'Look at what this sequence says, and to whom.'],
  ],
  timing: [
    ['segment', 'Look at when its leads are handed over: they may be the right ones, and early.'],
    ['source', 'Look at when it brings people in: they may be the right ones, and early.'],
    ['sequence', 'Look at its pace: they may be the right ones, and early.'],
  ],
  data: [['source', 'Look at how its data is gathered and checked.']],
};

/**
 * What the reasons of rejections point at among the things that marketing can change, the strongest first. What a
 * reason says is read from what the agreement has follow from it, because its name is free.
 *
 * A value is named when at least 8 leads that have it were answered, and more of them were rejected for the reason
 * than of all others: when their share's Wilson interval (95 %) lies above the share of the others, also with what is
 * not sure of that (`leastDifference`, which names the source). Of forty comparisons of what is the same everywhere one
 * is still named by chance.
 */
export function proposalsOf(
  answered: readonly Answered[],
  agreement: AgreementDocument,
): Proposal[] {
  return Object.entries(agreement.rejections)
    .flatMap(([reason, rule]) => {
      const about = aboutOf(rule);
      if (about === null) return [];
      return looks[about].flatMap(([lever, look]) => {
        const rows = answered.filter(row => row.lever === lever);
        return standingOut(rows, reason).map(found => {
          const told = inWords(reason, lever, found, agreement);
          return { reason, about, lever, ...found, text: `${told} ${look}` };
        });
      });
    })
    .toSorted((a, b) => b.least - a.least || (a.text < b.text ? -1 : 1))
    .slice(0, mostProposals);
}

/** What a reason says about the campaign, by what follows from it; null when that says nothing. */
function aboutOf(rule: AgreementDocument['rejections'][string]): About | null {
  const { suppress, disqualify, asks, attempts, hold, restart } = rule;
  if (suppress || disqualify || asks === 'duplicate' || attempts !== undefined) return 'data';
  if (asks === 'colleague' || hold === 'until fit changes') return 'targeting';
  if (restart) return 'message';
  return asks === 'date' ? 'timing' : null;
}

type Found = Pick<Proposal, 'value' | 'share' | 'others' | 'least'>;

/** The values of which more were rejected for a reason than of all others. */
function standingOut(rows: readonly Answered[], reason: string): Found[] {
  const all = tallyOf(rows, reason);
  return [...new Set(rows.map(({ value }) => value))].flatMap(value => {
    const { rejected, of } = tallyOf(
      rows.filter(row => row.value === value),
      reason,
    );
    if (value === null || of < fewestAnswered) return [];
    const share = shareOf(rejected, of);
    const others = shareOf(all.rejected - rejected, all.of - of);
    const least = leastDifference(share, others);
    return least !== null && least > 0 ? [{ value, share, others, least }] : [];
  });
}

function tallyOf(rows: readonly Answered[], wanted: string): { rejected: number; of: number } {
  let [rejected, of] = [0, 0];
  for (const { reason, count } of rows) {
    of += count;
    if (reason === wanted) rejected += count;
  }
  return { rejected, of };
}

/** `Of 14 leads answered from the source "webinar", 6 were "wrong target" (43 %, 21 to 67 %); of 50 others 8 %.` */
function inWords(
  reason: string,
  lever: Lever,
  { value, share, others }: Found,
  agreement: AgreementDocument,
): string {
  const [rate, low, high, otherwise] = [share.rate, share.low, share.high, others.rate].map(part =>
    percent(part ?? 0),
  );
  const were = share.count === 1 ? 'was' : 'were';
  return `Of ${share.of} leads answered ${whoOf(lever, value, agreement)}, ${share.count} ${were} "${reason}" (${rate} %, ${low} to ${high} %); of ${others.of} others ${otherwise} %.`;
}

function whoOf(lever: Lever, value: string, agreement: AgreementDocument): string {
  switch (lever) {
    case 'segment':
      return `of the segment "${value}"`;
    case 'source':
      return `from the source "${value}"`;
    case 'sequence':
      return `whose last mail was of the sequence "${value}"`;
    case 'title':
      return value === 'missing'
        ? 'without a title'
        : `whose title gives ${value} of 100${examplesOf(value, agreement)}`;
  }
}

/** Patterns that are named as examples. */
const mostExamples = 3;

/** ` ("* manager", "* engineer")`: titles that give so much by the agreement in force; nothing where none does. */
function examplesOf(points: string, { fit }: AgreementDocument): string {
  const patterns = fit.criteria
    .filter(({ field }) => field === 'title')
    .flatMap(({ gives }) => gives.filter(given => String(given.points) === points))
    .flatMap(given => given.patterns);
  if (patterns.length === 0) return '';
  const named = patterns.slice(0, mostExamples).map(pattern => `"${pattern}"`);
  return ` (${named.join(', ')}${patterns.length > mostExamples ? ', …' : ''})`;
}
