import type { EngagementLine } from '../../../domain/agreement/engagement.ts';
import type { FitLine } from '../../../domain/agreement/fit.ts';
import type { AgreementDocument } from '../../../domain/agreement/schema.ts';
import {
  bandsOf,
  gradeWith,
  type Bands,
  type Score,
  type ScoreLine,
} from '../../../domain/agreement/score.ts';
import { atLeast } from '../../../domain/agreement/grade.ts';
import type { Engagement } from '../../../domain/event/event.ts';
import { hundredths, type Hundredths } from '../../../domain/hundredths.ts';
import type { EventId } from '../../../domain/ids.ts';
import { plus, second, type Instant } from '../../../domain/instant.ts';
import type { LeadFields } from '../../../domain/lead/fields.ts';

/*
 * Scoring as it is told, line by line, with nothing compiled, remembered or skipped: what the quick way
 * must agree with to the hundredth.
 */

interface Counted {
  event: Engagement;
  name: string;
  group: string;
  raw: number;
  window: number;
  from: Instant;
}

export function plainScore(
  agreement: AgreementDocument,
  fields: LeadFields,
  events: readonly Engagement[],
  previous: Bands | null,
  at: Instant,
): Score {
  const counted = plainlyCounted(events, agreement);
  const ofFit = fitLines(fields, agreement);
  const ofEngagement = engagementLines(counted, agreement, at);
  const sum = (lines: readonly ScoreLine[]) =>
    hundredths(lines.reduce((total, { points }) => total + points, 0));
  const fit = sum(ofFit);
  const engagement = sum(ofEngagement);
  const bands = bandsOf(agreement, fit, engagement, previous);
  const { hand_raise: rule } = agreement.grade;
  const handRaised =
    atLeast(bands.fit, rule.fit_at_least) &&
    counted.some(
      ({ name, event, window, from }) =>
        rule.events.includes(name) && at >= from && at < plus(event.at, window),
    );
  const grade = gradeWith(agreement, bands, handRaised);
  return { at, fit, engagement, bands, handRaised, grade, lines: [...ofFit, ...ofEngagement] };
}

function plainlyCounted(
  events: readonly Engagement[],
  agreement: AgreementDocument,
): Counted[] {
  const scanned = plainlyScanned(events);
  const ordered = events.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const seen = new Set<string>();
  return ordered.flatMap(event => {
    const name = nameOf(event, agreement);
    if (scanned.has(event)) return [];
    const key = event.kind === 'click' ? `${event.sendId}\n${event.subject}` : event.id;
    if (seen.has(key)) return [];
    seen.add(key);
    const [group, rule] =
      Object.entries(agreement.engagement).find(([, { points }]) => name in points) ?? [];
    if (group === undefined || rule === undefined) return [];
    const raw = rule.points[name] ?? 0;
    return [{ event, name, group, raw, window: rule.window, from: event.holdUntil ?? event.at }];
  });
}

function nameOf(event: Engagement, { events }: AgreementDocument): string {
  for (const [name, { kind, like }] of Object.entries(events))
    if (kind === event.kind && like.some(pattern => plainlyMatches(event.subject ?? '', pattern)))
      return name;
  return event.kind;
}

function decayed({ raw, window, event, from }: Counted, at: Instant): Hundredths {
  if (at < from) return hundredths(0);
  const age = Math.max(0, at - event.at);
  if (age >= window) return hundredths(0);
  return hundredths(Math.trunc((Math.round(raw * 100) * (window - age)) / window) || 0);
}

function engagementLines(
  counted: readonly Counted[],
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
    for (const { event, name, raw, points } of mine)
      lines.push({
        axis: 'engagement',
        rule: name,
        group,
        events: [event.id],
        raw,
        at: event.at,
        points,
      });
    const sum = mine.reduce((subtotal, { points }) => subtotal + points, 0);
    const kept = cap === undefined ? sum : Math.min(sum, cap * 100);
    if (cap !== undefined && kept < sum) {
      const cut = mine.map(({ event }) => event.id);
      lines.push(limitLine('cap', group, cut, cap, kept - sum));
    }
    total += kept;
  }
  const clamped = Math.min(Math.max(total, 0), 10_000);
  if (clamped !== total) {
    const all = new Set(lines.flatMap(({ events }) => events));
    lines.push(limitLine('limit', null, [...all], clamped / 100, clamped - total));
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

function fitLines(fields: LeadFields, { fit }: AgreementDocument): FitLine[] {
  const weights = fit.criteria.reduce((sum, { weight }) => sum + weight, 0);
  let exact = 0;
  let total = 0;
  return fit.criteria.map(({ field, weight, gives }) => {
    const value = fields[field];
    const missing = value === null || value === '';
    const given = gives.find(({ patterns }) =>
      patterns.some(pattern => plainlyMatches(value, pattern)),
    );
    const raw = missing ? fit.missing : (given?.points ?? 0);
    exact += weight * raw;
    const before = total;
    total = Math.round((exact * 100) / weights);
    return {
      axis: 'fit',
      rule: field,
      share: Math.round((weight * 10_000) / weights),
      raw,
      missing,
      points: hundredths(total - before),
    };
  });
}

/** The scanners' clicks, as `domain/event/human.ts` describes them. */
export function plainlyScanned(events: readonly Engagement[]): ReadonlySet<Engagement> {
  const scanners =
    /barracuda|proofpoint|mimecast|safelinks|symantec|forcepoint|trend ?micro|fireeye|cloudmark|zscaler|bot\b|crawler|spider|scanner|preview|python-requests|python-urllib|curl\/|wget\/|go-http-client|okhttp|java\/|headlesschrome|phantomjs/i;
  const visits = events.filter(({ kind }) => kind === 'click' || kind === 'delivered');
  const sends = new Set(visits.map(({ sendId }) => sendId));
  return new Set(
    [...sends].flatMap(send => {
      const group = visits.filter(({ sendId }) => sendId === send);
      const clicks = group.filter(({ kind }) => kind === 'click');
      const delivered = group.filter(({ kind }) => kind === 'delivered').map(({ at }) => at);
      const isBurst = (click: Engagement) => {
        const near = clicks.filter(({ at }) => at >= click.at && at - click.at <= 2 * second);
        return new Set(near.map(({ subject }) => subject)).size >= 3;
      };
      const suspects = clicks.filter(
        click => click.subject?.includes('/l/p') === true || isBurst(click),
      );
      return clicks.filter(
        click =>
          suspects.some(suspect => Math.abs(suspect.at - click.at) <= 10 * second) ||
          (click.userAgent !== null && scanners.test(click.userAgent)) ||
          delivered.some(moment => click.at >= moment && click.at - moment < 3 * second),
      );
    }),
  );
}

/** Whether a value matches a pattern, by a regular expression. */
export function plainlyMatches(value: string | number | null, pattern: string): boolean {
  if (value === null) return false;
  if (typeof value === 'string') {
    const parts = squeeze(pattern).split('*');
    const escaped = parts.map(part => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
    return new RegExp(`^${escaped.join('.*')}$`, 'su').test(squeeze(value));
  }
  const text = pattern.trim();
  const [, low, high] = /^(\d+)\s*-\s*(\d+)$/.exec(text) ?? [];
  if (low !== undefined) return value >= Number(low) && value <= Number(high);
  const [, sign, limit] = /^(<=|>=|<|>)\s*(\d+)$/.exec(text) ?? [];
  if (limit === undefined) return text === '*' || (/^\d+$/.test(text) && Number(text) === value);
  if (sign === '<') return value < Number(limit);
  if (sign === '<=') return value <= Number(limit);
  return sign === '>' ? value > Number(limit) : value >= Number(limit);
}

function squeeze(text: string): string {
  return text.trim().replace(/\s+/g, ' ').toLowerCase();
}
