import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Agreement } from '../../../domain/agreement/agreement.ts';
import { Forecaster, type Forecast } from '../../../domain/agreement/forecast.ts';
import { thresholdInWords } from '../../../domain/agreement/forecast/in-words.ts';
import { ruleChanges } from '../../../domain/agreement/forecast/rule-changes.ts';
import { grades } from '../../../domain/agreement/grade.ts';
import type { LeadHistory } from '../../../domain/agreement/replay/history.ts';
import { day, plus } from '../../../domain/instant.ts';
import { anEvent, monday, theAgreement } from '../facts.ts';
import { aHistory, anOutcome, bestFields, someHistory } from './histories.ts';

const active = theAgreement();
const from = plus(monday, -84 * day);

/** The agreement with other points for a visit of the pricing page. */
function withPricing(points: number): Agreement {
  const { web } = active.engagement;
  if (web === undefined) throw new Error('The agreement has no group "web".');
  const changed = { ...web, points: { ...web.points, 'pricing page': points } };
  return { ...active, engagement: { ...active.engagement, web: changed } };
}

function forecastOf(
  leads: readonly LeadHistory[],
  draft: Agreement = active,
  options: { capacity?: number | null; sample?: number } = {},
): Forecast {
  const forecaster = new Forecaster({
    active: { version: 3, agreement: active },
    draft: { name: 'the draft', agreement: draft },
    ...{ from, to: monday, timeline: 'received', leads: leads.length },
    ...{ capacity: 10, sample: 10_000, ...options },
  });
  for (const lead of leads) forecaster.add(lead);
  return forecaster.result();
}

/** Visits the pricing page so many times, three days apart, beginning so many days before Monday. */
const visitor = (visits: number, daysAgo: number, lead: Partial<LeadHistory> = {}) =>
  aHistory({
    ...lead,
    fields: bestFields,
    events: Array.from({ length: visits }, (_, n) =>
      anEvent({ subject: `/pricing/${n}`, at: plus(monday, (3 * n - daysAgo) * day) }),
    ),
  });

describe('a forecast', () => {
  it('says that nothing moves where the draft says the same', () => {
    fc.assert(
      fc.property(fc.array(someHistory, { maxLength: 12 }), leads => {
        const forecast = forecastOf(leads);
        expect([forecast.better, forecast.worse, forecast.rules]).toEqual([0, 0, []]);
        expect(forecast.escalations.draft).toEqual(forecast.escalations.active);
        expect(forecast.outcomes.handedOver.draft).toEqual(forecast.outcomes.handedOver.active);
      }),
      { numRuns: 50 },
    );
  });

  it('adds up: every lead is in one cell, every escalation in one week', () => {
    fc.assert(
      fc.property(fc.array(someHistory, { maxLength: 12 }), leads => {
        const { moves, weeks, escalations, ...forecast } = forecastOf(leads, withPricing(25));
        const cells = grades.flatMap(row => grades.map(column => moves[row][column]));
        expect(cells.reduce((sum, count) => sum + count, 0)).toBe(forecast.leads);
        for (const version of ['active', 'draft', 'real'] as const)
          expect(weeks.reduce((sum, week) => sum + week[version], 0)).toBe(
            escalations[version].total,
          );
        for (const version of ['active', 'draft'] as const) {
          const handed = forecast.outcomes.handedOver[version];
          expect(handed.wanted + handed.unwanted + handed.pending).toBe(handed.leads);
          expect(handed.leads).toBeLessThanOrEqual(escalations[version].total);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('tells moved grades, and escalations by week, of both versions', () => {
    // One visit is 10 points now, and 30 under the draft: over the cut of 25.
    const leads = [visitor(1, 1), visitor(1, 10), visitor(3, 60)];
    const forecast = forecastOf(leads, withPricing(30));
    // What is left of it after ten days is 20, where the band is still held.
    expect(forecast.moves.C.B).toBe(2);
    expect([forecast.better, forecast.worse]).toEqual([2, 0]);
    expect(forecast.escalations.active.total).toBe(1);
    expect(forecast.escalations.draft.total).toBe(3);
    const busy = forecast.weeks.filter(week => week.active + week.draft > 0);
    expect(busy.map(({ week, active: now, draft }) => [week, now, draft])).toEqual([
      ['2026-W01', 0, 1],
      ['2026-W02', 1, 0],
      ['2026-W08', 0, 1],
      ['2026-W09', 0, 1],
    ]);
  });

  it('counts caught, missed and in vain by what was known after it, and pending as neither', () => {
    const at = (days: number) => plus(monday, -days * day);
    const leads = [
      visitor(1, 50, { outcomes: [anOutcome('accepted', at(40)), anOutcome('won', at(20))] }),
      visitor(1, 50, { outcomes: [anOutcome('accepted', at(45)), anOutcome('lost', at(30))] }),
      visitor(1, 50, { outcomes: [anOutcome('rejected', at(40))] }),
      visitor(3, 50, { outcomes: [anOutcome('qualified', at(60))] }),
      visitor(1, 50),
    ];
    const { outcomes } = forecastOf(leads, withPricing(30));
    const reached = Object.fromEntries(
      outcomes.byKind.map(({ kind, leads: all, draft }) => [kind, [draft.count, all]]),
    );
    expect(reached).toEqual({
      ...{ accepted: [2, 2], won: [1, 1], lost: [1, 1], rejected: [1, 1] },
      // What came before the draft would have handed it over, the draft did not catch.
      qualified: [0, 1],
    });
    expect(outcomes.wanted).toMatchObject({ leads: 2, active: { count: 0 }, draft: { count: 1 } });
    expect(outcomes.unwanted).toMatchObject({ leads: 2, draft: { count: 2 } });
    expect(outcomes.handedOver.draft).toMatchObject({
      ...{ leads: 5, wanted: 1, unwanted: 2, pending: 2 },
      share: { count: 1, of: 3 },
    });
  });

  it('finds the lowest cuts at which escalations fit the reps', () => {
    // Of a hundred leads the n-th has n/2 points: 25 is reached by half of them.
    const leads = Array.from({ length: 100 }, (_, n) =>
      aHistory({
        fields: bestFields,
        events: Array.from({ length: Math.ceil(n / 20) }, (_visit, k) =>
          anEvent({ subject: `/pricing/${k}`, at: plus(monday, -40 * day + n * 1000) }),
        ),
      }),
    );
    const few = forecastOf(leads, active, { capacity: 2 });
    expect(few.threshold?.fits).toBe(true);
    const { shift = 0, perWeek = 0 } = few.threshold ?? {};
    expect(perWeek).toBeLessThanOrEqual(2);
    // One point lower is already too much, told by a forecast with just these cuts.
    const cuts = few.threshold?.cuts ?? active.grade.cuts;
    const moved = (by: number) => ({
      ...active,
      grade: {
        ...active.grade,
        cuts: { high: cuts.high + by, middle: cuts.middle + by, low: cuts.low + by },
      },
    });
    expect(cuts.low).toBe(active.grade.cuts.low + shift);
    expect(forecastOf(leads, moved(0)).escalations.draft.perWeek).toBeCloseTo(perWeek, 10);
    expect(forecastOf(leads, moved(-1)).escalations.draft.perWeek).toBeGreaterThan(2);
  });

  it('says so where no cut brings escalations down to what the reps can take', () => {
    const leads = Array.from({ length: 30 }, () =>
      aHistory({ events: [anEvent({ kind: 'reply', at: plus(monday, -day) })] }),
    );
    const { threshold } = forecastOf(leads, active, { capacity: 1 });
    expect(threshold?.fits).toBe(false);
    expect(threshold && thresholdInWords(threshold, 1)).toBe(
      'Not even cuts of 100, 75 and 50 bring it to 1 a week: it would be 3, of which 3 ask for sales themselves (replies, bookings, raised hands).',
    );
    expect(forecastOf(leads, active, { capacity: null }).threshold).toBeNull();
  });

  it('says which changed rule alone moves how many, the greatest first', () => {
    const changed = withPricing(30);
    const draft = { ...changed, grade: { ...changed.grade, hysteresis: 0 } };
    const { rules } = forecastOf([visitor(1, 1), visitor(1, 2), visitor(2, 60)], draft);
    expect(rules).toEqual([
      { rule: 'engagement.web.points.pricing page', moves: 2, of: 3 },
      { rule: 'grade.hysteresis', moves: 0, of: 3 },
    ]);
  });

  it('names every rule that differs, and changes it alone', () => {
    const draft = structuredClone(active);
    draft.fit.missing = 10;
    draft.fit.criteria = draft.fit.criteria.slice(1);
    draft.disqualified = { title: ['student'] };
    draft.events = { ...draft.events, guide: { kind: 'download', like: ['*guide*'] } };
    draft.engagement = {
      ...Object.fromEntries(Object.entries(draft.engagement).filter(([name]) => name !== 'career')),
      email: { window: 10 * day, points: { click: 6, reply: 20 } },
      calls: { window: day, points: { booked: 5 } },
    };
    draft.grade = { ...draft.grade, cuts: { high: 80, middle: 50, low: 30 } };
    const changes = ruleChanges(active, draft);
    expect(changes.map(({ rule }) => rule)).toEqual([
      ...['fit.title', 'fit.missing', 'disqualified.account', 'disqualified.title'],
      ...['events.guide', 'engagement.email.cap', 'engagement.email.window'],
      ...['engagement.email.points.click', 'engagement.email.points.reply'],
      ...['engagement.career', 'engagement.calls', 'grade.cuts'],
    ]);
    for (const { rule, alone } of changes)
      expect(ruleChanges(active, alone).map(change => change.rule)).toEqual([rule]);
  });

  it('takes a sample by what a lead is called, and says so', () => {
    const leads = Array.from({ length: 400 }, (_, n) => visitor(n % 4, 60));
    const forecast = forecastOf(leads, withPricing(30), { sample: 100 });
    const [rule] = forecast.rules;
    expect(rule?.of).toBeGreaterThan(60);
    expect(rule?.of).toBeLessThan(140);
    expect(forecast.notes.join()).toContain('The threshold and the effect of each rule come from');
  });

  it('tells what a reader must know', () => {
    const notes = forecastOf([visitor(0, 0)], active, { capacity: null }).notes.join('\n');
    expect(notes).toContain('1 of 1 leads did nothing that counts');
    expect(notes).toContain('Nothing is known yet of what came of leads');
    expect(notes).toContain('At least one rep has no capacity');
    expect(notes).toContain('nothing can differ');
  });
});
