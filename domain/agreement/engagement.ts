import type { Engagement } from '../event/event.ts';
import { scannerClicks } from '../event/human.ts';
import { hundredths, type Hundredths } from '../hundredths.ts';
import type { EventId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import { matches } from '../lead/match.ts';
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

/** Something that a person did, by the agreement's name for it. */
export interface NamedEvent {
  event: Engagement;
  name: string;
  /** When it begins to count: at once, or when its hold is over. */
  from: Instant;
}

/** An event that the agreement gives points to. */
export interface CountedEvent extends NamedEvent {
  group: string;
  raw: number;
  /** How long its points last, in milliseconds. */
  window: number;
}

/** What people did among these events, scanners' clicks left out, oldest first. */
export function namedEvents(
  events: readonly Engagement[],
  agreement: Pick<AgreementDocument, 'events'>,
): NamedEvent[] {
  const scanned = scannerClicks(events);
  return events
    .filter(event => !scanned.has(event))
    .toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
    .map(event => ({
      event,
      name: nameOf(event, agreement),
      from: event.holdUntil ?? event.at,
    }));
}

/** The same for events of which only the first counts: clicks of one link in one mail. */
export function onceKey({ id, kind, sendId, subject }: Engagement): string {
  return kind === 'click' ? `${sendId}\n${subject}` : id;
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
  const seen = new Set<string>();
  return namedEvents(events, agreement).flatMap(({ event, name, from }) => {
    const key = onceKey(event);
    if (seen.has(key)) return [];
    seen.add(key);
    const [group, rule] =
      Object.entries(agreement.engagement).find(([, { points }]) => name in points) ?? [];
    if (group === undefined || rule === undefined) return [];
    const raw = rule.points[name] ?? 0;
    return [{ event, name, group, raw, window: rule.window, from }];
  });
}

/** The agreement's name for an event: the first description that fits, else its kind. */
function nameOf(event: Engagement, { events }: Pick<AgreementDocument, 'events'>): string {
  for (const [name, { kind, like }] of Object.entries(events))
    if (kind === event.kind && like.some(pattern => matches(event.subject ?? '', pattern)))
      return name;
  return event.kind;
}

/**
 * What is left of an event's points: they fall in a straight line to nothing over the window, and
 * are cut to whole hundredths towards zero.
 */
export function decayed({ raw, window, event, from }: CountedEvent, at: Instant): Hundredths {
  if (at < from) return hundredths(0);
  const age = Math.max(0, at - event.at);
  if (age >= window) return hundredths(0);
  // Both factors are whole, so their product is exact below 2^53.
  return hundredths(Math.trunc((Math.round(raw * 100) * (window - age)) / window) || 0);
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
  const lines: EngagementLine[] = [];
  let total = 0;
  for (const [group, { cap }] of Object.entries(agreement.engagement)) {
    const mine = counted
      .filter(item => item.group === group)
      .map(item => ({ ...item, points: decayed(item, at) }))
      .filter(({ points }) => points !== 0);
    lines.push(
      ...mine.map(({ event, name, raw, points }) => ({
        axis: 'engagement' as const,
        rule: name,
        group,
        events: [event.id],
        raw,
        at: event.at,
        points,
      })),
    );
    const sum = mine.reduce((subtotal, { points }) => subtotal + points, 0);
    const kept = cap === undefined ? sum : Math.min(sum, cap * 100);
    if (cap !== undefined && kept < sum)
      lines.push(
        limitLine(
          'cap',
          group,
          mine.map(({ event }) => event.id),
          cap,
          kept - sum,
        ),
      );
    total += kept;
  }
  const clamped = Math.min(Math.max(total, 0), 10_000);
  if (clamped !== total) {
    const all = lines.flatMap(({ events }) => events);
    lines.push(limitLine('limit', null, [...new Set(all)], clamped / 100, clamped - total));
  }
  return lines;
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
  const sums = new Map<string, number>();
  for (const item of counted) sums.set(item.group, (sums.get(item.group) ?? 0) + pointsOf(item));
  let total = 0;
  for (const [group, sum] of sums) {
    const cap = agreement.engagement[group]?.cap;
    total += cap === undefined ? sum : Math.min(sum, cap * 100);
  }
  return hundredths(Math.min(Math.max(total, 0), 10_000));
}
