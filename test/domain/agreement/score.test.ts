import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bandOf } from '../../../domain/agreement/grade.ts';
import { scoreLead, type Bands } from '../../../domain/agreement/score.ts';
import { hundredths } from '../../../domain/hundredths.ts';
import { day, hour, minute, plus } from '../../../domain/instant.ts';
import { noFields } from '../../../domain/lead/fields.ts';
import { anEvent, monday, theAgreement } from '../facts.ts';
import type { SendId } from '../../../domain/ids.ts';

const agreement = theAgreement();
const score = (events: Parameters<typeof scoreLead>[2], at = monday, bands: Bands | null = null) =>
  scoreLead(agreement, noFields, events, bands, at);

describe('a score', () => {
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

  it('are entered at their cut and left downwards only the hysteresis below it', () => {
    expect(bandOf(hundredths(7_500), cuts, 5, null)).toBe(0);
    expect(bandOf(hundredths(7_499), cuts, 5, null)).toBe(1);
    expect(bandOf(hundredths(7_000), cuts, 5, 0)).toBe(0);
    expect(bandOf(hundredths(6_999), cuts, 5, 0)).toBe(1);
    expect(bandOf(hundredths(7_400), cuts, 5, 1)).toBe(1);
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
