import type { Engagement } from '../event/event.ts';
import { scannerClicks } from '../event/human.ts';
import { hundredths, type Hundredths } from '../hundredths.ts';
import type { EventId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import { compiled, type PointsRule } from './compile.ts';
import { inOrder, onceKey } from './named-event.ts';
import type { AgreementDocument } from './schema.ts';

/** What one event, a group's cap, or the scale's ends give to engagement. */
export interface EngagementLine {
  axis: 'engagement';
  /** The event's name in the agreement; `cap` of a group; `limit` for the scale from 0 to 100. */
  rule: string;
  group: string | null;
  /** The events it speaks of; for a cap or limit, those that it cuts. */
  events: EventId[];
  /** The agreement's points before decay; for a cap or limit, its value. */
  raw: number;
  /** When it happened; null for a cap or limit. */
  at: Instant | null;
  points: Hundredths;
}

/** An event that the agreement gives points to. */
export interface CountedEvent extends PointsRule {
  event: Engagement;
  /** When it begins to count: at once, or when its hold is over. */
  from: Instant;
}

/**
 * The events that count, now or when their hold is over: named by the agreement, each once, clicks
 * once per mail and link, scanners' left out. The same set of events gives the same result in
 * any order.
 */
export function countedEvents(
  events: readonly Engagement[],
  agreement: AgreementDocument,
): CountedEvent[] {
  const { ruleOf } = compiled(agreement);
  const scanned = scannerClicks(events);
  const seen = new Set<string>();
  const counted: CountedEvent[] = [];
  for (const event of inOrder(events)) {
    const rule = ruleOf(event);
    if (rule === null || scanned.has(event)) continue;
    const key = onceKey(event);
    if (seen.has(key)) continue;
    seen.add(key);
    counted.push(counting(rule, event));
  }
  return counted;
}

/** An event as its rule counts it. */
export function counting(rule: PointsRule, event: Engagement): CountedEvent {
  const { name, group, order, raw, full, window } = rule;
  return { event, name, group, order, raw, full, window, from: event.holdUntil ?? event.at };
}

/**
 * What is left of an event's points: they fall in a straight line to nothing over the window, and
 * are cut to whole hundredths towards zero.
 */
export function decayed({ full, window, event, from }: CountedEvent, at: Instant): Hundredths {
  if (at < from) return hundredths(0);
  const age = Math.max(0, at - event.at);
  if (age >= window) return hundredths(0);
  // Both factors are whole, so their product is exact below 2^53.
  return hundredths(Math.trunc((full * (window - age)) / window) || 0);
}

/**
 * Engagement, E = clamp₀¹⁰⁰ Σ_group min(cap, Σ points·max(0, 1 − age/window)), as lines whose sum
 * is E exactly: one for each event that still counts, one for each cap that cuts.
 */
export function engagementLines(
  counted: readonly CountedEvent[],
  agreement: AgreementDocument,
  at: Instant,
): EngagementLine[] {
  const { groups } = compiled(agreement);
  const lines: EngagementLine[] = [];
  let total = 0;
  for (const [order, { name: group, cap, most }] of groups.entries()) {
    const first = lines.length;
    let sum = 0;
    for (const item of counted) {
      if (item.order !== order) continue;
      const points = decayed(item, at);
      if (points === 0) continue;
      sum += points;
      lines.push({
        axis: 'engagement',
        rule: item.name,
        group,
        events: [item.event.id],
        raw: item.raw,
        at: item.event.at,
        points,
      });
    }
    if (cap !== undefined && sum > most)
      lines.push(limitLine('cap', group, eventsOf(lines.slice(first)), cap, most - sum));
    total += Math.min(sum, most);
  }
  const clamped = clamp(total);
  if (clamped !== total)
    lines.push(
      limitLine('limit', null, [...new Set(eventsOf(lines))], clamped / 100, clamped - total),
    );
  return lines;
}

function eventsOf(lines: readonly EngagementLine[]): EventId[] {
  return lines.flatMap(({ events }) => events);
}

function clamp(total: number): number {
  return Math.min(Math.max(total, 0), 10_000);
}

function limitLine(
  rule: 'cap' | 'limit',
  group: string | null,
  events: EventId[],
  raw: number,
  points: number,
): EngagementLine {
  return { axis: 'engagement', rule, group, events, raw, at: null, points: hundredths(points) };
}

/**
 * E alone, without its lines; equal to their sum.
 * @param pointsOf what an event is worth, `decayed` at the moment in question
 */
export function engagementOf(
  counted: readonly CountedEvent[],
  agreement: AgreementDocument,
  pointsOf: (item: CountedEvent) => Hundredths,
): Hundredths {
  const { groups } = compiled(agreement);
  const sums = new Array<number>(groups.length).fill(0);
  for (const item of counted) sums[item.order] = (sums[item.order] ?? 0) + pointsOf(item);
  let total = 0;
  for (const [order, { most }] of groups.entries()) total += Math.min(sums[order] ?? 0, most);
  return hundredths(clamp(total));
}
