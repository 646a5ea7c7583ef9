import { holdOut } from '../sequence/variants.ts';
import type { Share } from './intervals.ts';
import type { Lift, Measure, SplitResult } from './variant-results.ts';

const doneWords: Readonly<Record<Measure, string>> = {
  clicked: 'clicked',
  replied: 'replied',
  escalated: 'went to sales',
  accepted: 'were accepted by sales',
  won: 'were won',
};

/** What is measured, and whose time is over: `went to sales within 30 days; of leads who came at least 30 days ago`. */
export function measureInWords({ measure, withinDays, settledDays }: SplitResult): string {
  const what =
    measure === 'accepted' || measure === 'won'
      ? `went to sales within ${days(withinDays)}, and ${doneWords[measure]}`
      : `${doneWords[measure]} within ${days(withinDays)}`;
  return `${what}; of leads who came at least ${days(settledDays)} ago`;
}

/** What may be said of a split, one sentence or two each: whether its numbers can be trusted, and who has won. */
export function splitFindings(result: SplitResult): string[] {
  return [...warning(result), verdict(result)];
}

function warning({ variants, sampleRatio }: SplitResult): string[] {
  if (!sampleRatio.isOff) return [];
  const found = variants.map(({ variant, exposed }) => `${variant} ${many(exposed)}`);
  const wanted = sampleRatio.expected.map(leads => many(Math.round(leads)));
  return [
    `The leads did not fall to the variants as the weights say: ${found.join(', ')}, where ${wanted.join(', ')} were to be expected. By chance this happens less than once in a thousand times, so something else decides who is counted, and no winner is called until that is found.`,
  ];
}

function verdict(result: SplitResult): string {
  const { variants, winner, leader, sampleRatio, measure } = result;
  const rates = variants
    .filter(({ variant, share }) => variant !== leader && share !== null)
    .map(({ variant, share }) => `${variant} ${rate(share)}`)
    .join(', ');
  const best = `${leader ?? ''} ${rate(variants.find(each => each.variant === leader)?.share ?? null)}`;
  if (winner === holdOut)
    return `Those who get nothing do best: ${doneWords[measure]}: ${best}, against ${rates}. What the others get does harm.`;
  if (winner !== null)
    return `${winner} has won: ${doneWords[measure]}: ${best}, against ${rates}. That holds at any look.`;
  if (sampleRatio.isOff) return 'No winner, because of that.';
  if (variants.every(({ share }) => share === null || share.of === 0))
    return 'No winner yet: no lead has had its time so far.';
  if (leader === null) return 'No winner yet: the best are the same so far.';
  return `No winner yet. ${leader} is ahead: ${doneWords[measure]}: ${best}, against ${rates}. ${outlook(result)}`;
}

function outlook({ leadsNeeded }: SplitResult): string {
  if (leadsNeeded === null)
    return 'That is so little that a million leads would not tell it from chance.';
  if (leadsNeeded === 0) return 'A few more leads will tell.';
  return `If it stays so, about ${many(rounded(leadsNeeded))} more leads are likely needed; half of such tests need fewer.`;
}

/** `+25 % (+1.3 to +6.9)`: how much more, and the bounds of the difference of the rates in percentage points. */
export function liftInWords({ relative, low, high }: Lift): string {
  const points = `${signed(low * 100, 1)} to ${signed(high * 100, 1)}`;
  return relative === null ? points : `${signed(relative * 100, 0)} % (${points})`;
}

function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return `${value < 0 && Number(text) !== 0 ? '−' : '+'}${text}`;
}

function rate(share: Share | null): string {
  return share === null || share.rate === null ? '–' : `${(share.rate * 100).toFixed(1)} %`;
}

function days(count: number): string {
  return count === 1 ? 'a day' : `${count} days`;
}

/** No forecast is known to more than two digits. */
function rounded(leads: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(leads)) - 1);
  return Math.ceil(leads / unit) * unit;
}

function many(leads: number): string {
  return leads.toLocaleString('en');
}
