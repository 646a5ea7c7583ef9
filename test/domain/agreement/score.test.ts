import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainScore } from '../../../domain/agreement/explain.ts';
import { bandOf, gradeOf, grades } from '../../../domain/agreement/grade.ts';
import { scoreLead, type Bands } from '../../../domain/agreement/score.ts';
import { hundredths } from '../../../domain/hundredths.ts';
import { day, hour, minute, plus } from '../../../domain/instant.ts';
import { noFields } from '../../../domain/lead/fields.ts';
import { anEvent, monday, someEvents, someFields, someMoment, theAgreement } from '../facts.ts';
import type { SendId } from '../../../domain/ids.ts';

const agreement = theAgreement();
const score = (events: Parameters<typeof scoreLead>[2], at = monday, bands: Bands | null = null) =>
  scoreLead(agreement, noFields, events, bands, at);

describe('a score', () => {
  it('explains itself: its lines add up to fit and to engagement exactly (P4)', () => {
    fc.assert(
      fc.property(someFields, someEvents, someMoment, (fields, events, at) => {
        const { lines, fit, engagement } = scoreLead(agreement, fields, events, null, at);
        const sum = (axis: string) =>
          lines.filter(line => line.axis === axis).reduce((total, { points }) => total + points, 0);
        expect(sum('fit')).toBe(fit);
        expect(sum('engagement')).toBe(engagement);
        expect(fit).toBeGreaterThanOrEqual(0);
        expect(fit).toBeLessThanOrEqual(10_000);
        expect(engagement).toBeGreaterThanOrEqual(0);
        expect(engagement).toBeLessThanOrEqual(10_000);
        const shown = explainScore({ lines, at });
        const total = shown.reduce((all, { points }) => all + Math.round(Number(points) * 100), 0);
        expect(total).toBe(fit + engagement);
      }),
      { numRuns: 2_000 },
    );
  });

  it('has no line that only makes the sum fit: every line names a rule, and a cap the events it cuts', () => {
    fc.assert(
      fc.property(someEvents, someMoment, (events, at) => {
        const ids = new Set(events.map(({ id }) => id));
        for (const line of score(events, at).lines) {
          if (line.axis === 'fit') continue;
          expect(line.events.length).toBeGreaterThan(0);
          expect(line.events.every(id => ids.has(id))).toBe(true);
        }
      }),
    );
  });

  it('is the same in any order of events, and however often each arrives (P6)', () => {
    fc.assert(
      fc.property(someEvents, someMoment, fc.infiniteStream(fc.nat()), (events, at, noise) => {
        const shuffled = [...events, ...events]
          .map(event => ({ event, key: noise.next().value as number }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ event }) => event);
        const once = score(events, at);
        const again = score(shuffled, at);
        expect([again.fit, again.engagement, again.grade]).toEqual([
          once.fit,
          once.engagement,
          once.grade,
        ]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('never falls by more engagement and never rises by time, without negative points', () => {
    const positive = someEvents.map(events =>
      events.filter(
        ({ kind, subject }) =>
          !(kind === 'page' && subject?.startsWith('/careers')) && kind !== 'click',
      ),
    );
    fc.assert(
      fc.property(
        positive,
        someMoment,
        fc.integer({ min: 0, max: 90 * day }),
        (events, at, later) => {
          const known = events.filter(event => event.at <= at);
          const now = score(known, at).engagement;
          expect(score(known.slice(1), at).engagement).toBeLessThanOrEqual(now);
          expect(
            score(
              known.map(event => ({ ...event, holdUntil: null })),
              plus(at, later),
            ).engagement,
          ).toBeLessThanOrEqual(
            score(
              known.map(event => ({ ...event, holdUntil: null })),
              at,
            ).engagement,
          );
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('lets points fall in a straight line to nothing over their window', () => {
    const pricing = [anEvent({ subject: '/pricing', at: monday })];
    expect(score(pricing, monday).engagement).toBe(1000);
    expect(score(pricing, plus(monday, 15 * day)).engagement).toBe(500);
    expect(score(pricing, plus(monday, 30 * day)).engagement).toBe(0);
  });

  it('cuts a group at its cap, and says so in a line', () => {
    const visits = Array.from({ length: 5 }, () => anEvent({ subject: '/pricing', at: monday }));
    const { engagement, lines } = score(visits);
    expect(engagement).toBe(3000);
    expect(lines.at(-1)).toMatchObject({ rule: 'cap', group: 'web', raw: 30, points: -2000 });
  });

  it('counts a click once for each mail and link', () => {
    const click = {
      kind: 'click',
      subject: 'https://a.example/1',
      sendId: 'send-1' as SendId,
    } as const;
    const events = [anEvent(click), anEvent({ ...click, at: plus(monday, 5 * minute) })];
    expect(
      score(events, plus(monday, hour)).lines.filter(({ rule }) => rule === 'click'),
    ).toHaveLength(1);
  });

  it('does not count a click while it is held', () => {
    const held = [anEvent({ kind: 'click', holdUntil: plus(monday, minute) })];
    expect(score(held, monday).engagement).toBe(0);
    expect(score(held, plus(monday, minute)).engagement).toBeGreaterThan(0);
  });

  it('gives a raised hand at least B while its window lasts, but not with fit D', () => {
    const demo = [anEvent({ kind: 'form', subject: 'Book a demo', at: monday })];
    const fields = { ...noFields, industry: 'manufacturing' };
    const withFit = (at = monday) => scoreLead(agreement, fields, demo, null, at);
    expect(withFit()).toMatchObject({ grade: 'B', handRaised: true, bands: { fit: 'C' } });
    expect(withFit(plus(monday, 60 * day)).grade).toBe('D');
    expect(score(demo)).toMatchObject({ grade: 'D', handRaised: false, bands: { fit: 'D' } });
  });
});

describe('bands', () => {
  const { cuts } = agreement.grade;

  it('give every pair of scores exactly one grade', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000 }),
        fc.integer({ min: 0, max: 10_000 }),
        (fit, engagement) => {
          const row = bandOf(hundredths(fit), cuts, 5, null);
          const column = bandOf(hundredths(engagement), cuts, 5, null);
          const fitBand = grades[row];
          if (fitBand === undefined) throw new Error('no band');
          const grade = gradeOf(agreement.grade.matrix, fitBand, (column + 1) as 1);
          expect(grades).toContain(grade);
        },
      ),
    );
  });

  it('are entered at their cut and left downwards only the hysteresis below it', () => {
    expect(bandOf(hundredths(7_500), cuts, 5, null)).toBe(0);
    expect(bandOf(hundredths(7_499), cuts, 5, null)).toBe(1);
    expect(bandOf(hundredths(7_000), cuts, 5, 0)).toBe(0);
    expect(bandOf(hundredths(6_999), cuts, 5, 0)).toBe(1);
    expect(bandOf(hundredths(7_400), cuts, 5, 1)).toBe(1);
  });

  it('never flap: a score that stays put keeps its band from the second time on', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000 }),
        fc.option(fc.integer({ min: 0, max: 3 })),
        (value, before) => {
          const first = bandOf(hundredths(value), cuts, 5, before);
          expect(bandOf(hundredths(value), cuts, 5, first)).toBe(first);
        },
      ),
    );
  });

  it('are never left upwards by falling nor downwards by rising', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000 }),
        fc.integer({ min: 0, max: 10_000 }),
        (a, b) => {
          const before = bandOf(hundredths(a), cuts, 5, null);
          const after = bandOf(hundredths(b), cuts, 5, before);
          if (b >= a) expect(after).toBeLessThanOrEqual(before);
          else expect(after).toBeGreaterThanOrEqual(before);
        },
      ),
    );
  });
});
