import type { Engagement } from '../event/event.ts';
import { scannerClicks } from '../event/human.ts';
import type { LeadId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import { holdOut } from '../sequence/variants.ts';
import { shareOf, type Share } from './intervals.ts';

/** What is told apart: a mail, a variant of it, and the segment of the leads where that is asked for. */
export interface StepKey {
  step: string;
  /** Null where the mail has none; `hold_out` is those who were to get nothing. */
  variant: string | null;
  /** Null where segments are not told apart, and of leads that came by none. */
  segment: string | null;
}

/** What is counted of one step without a look at single clicks; everything in leads. */
export interface StepTally extends StepKey {
  came: number;
  sent: number;
  delivered: number;
  bounced: number;
  opened: number;
  /** Those whose opens were all a machine's. */
  openedByMachine: number;
  replied: number;
  unsubscribed: number;
  complained: number;
  escalated: number;
  accepted: number;
  won: number;
}

/** A click on a mail, or that it was delivered; of every mail that was clicked. */
export interface Visit extends StepKey {
  /** Who got it; of a lead that was merged its survivor. */
  person: LeadId;
  event: Engagement;
}

/** What one step brought, in leads: who clicked twice clicked once. */
export interface StepFigures extends StepTally {
  /** By people: neither a scanner's nor still held. */
  clicked: number;
  /** Whose mail a scanner clicked, whether or not they did too. */
  scanned: number;
  /** With 95 % intervals; what each is a share of stands in its name's place in `shareBases`. */
  shares: Record<ShareName, Share>;
}

/** Each share, and what it is a share of. */
export const shareBases = {
  delivered: 'sent',
  bounced: 'sent',
  opened: 'delivered',
  clicked: 'delivered',
  replied: 'delivered',
  unsubscribed: 'delivered',
  complained: 'delivered',
  escalated: 'sent',
  accepted: 'escalated',
  won: 'escalated',
} as const;
export type ShareName = keyof typeof shareBases;
export const shareNames = Object.keys(shareBases) as readonly ShareName[];

/**
 * What each step brought, in the order of the plan and after those the ones that it has no more.
 * @param order the steps of the plan, with their variants
 */
export function stepFigures(
  tallies: readonly StepTally[],
  visits: readonly Visit[],
  order: readonly Pick<StepKey, 'step' | 'variant'>[],
  at: Instant,
): StepFigures[] {
  const clicks = clicksBy(visits, at);
  const places = new Map(order.map((key, place) => [nameOf(key), place]));
  const place = (key: StepKey) => places.get(nameOf(key)) ?? order.length;
  return tallies
    .map(tally => {
      const { people, scanned } = clicks.get(keyOf(tally)) ?? { people: 0, scanned: 0 };
      const counts = { ...tally, clicked: people, scanned };
      // Who is held out is sent nothing, and may be escalated all the same.
      const of = tally.variant === holdOut ? { ...counts, sent: tally.came } : counts;
      const shares = Object.fromEntries(
        shareNames.map(name => [name, shareOf(counts[name], of[shareBases[name]])]),
      ) as Record<ShareName, Share>;
      return { ...counts, shares };
    })
    .toSorted((a, b) => place(a) - place(b) || (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** How many leads clicked by themselves, and whose mail a scanner clicked. */
function clicksBy(
  visits: readonly Visit[],
  at: Instant,
): Map<string, { people: number; scanned: number }> {
  const isScanner = scannerClicks(visits.map(({ event }) => event));
  const found = new Map<string, { people: Set<LeadId>; scanned: Set<LeadId> }>();
  for (const visit of visits) {
    const { event, person } = visit;
    if (event.kind !== 'click') continue;
    const key = keyOf(visit);
    let sets = found.get(key);
    if (sets === undefined) found.set(key, (sets = { people: new Set(), scanned: new Set() }));
    if (isScanner.has(event)) sets.scanned.add(person);
    else if (event.holdUntil === null || event.holdUntil <= at) sets.people.add(person);
  }
  return new Map(
    [...found].map(([key, { people, scanned }]) => [
      key,
      { people: people.size, scanned: scanned.size },
    ]),
  );
}

function nameOf({ step, variant }: Pick<StepKey, 'step' | 'variant'>): string {
  return JSON.stringify([step, variant]);
}

function keyOf({ step, variant, segment }: StepKey): string {
  return JSON.stringify([step, variant, segment]);
}
