import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextGradeChange } from '../../../domain/agreement/next-change.ts';
import { scoreLead } from '../../../domain/agreement/score.ts';
import { day, hour, instant, plus } from '../../../domain/instant.ts';
import { noFields } from '../../../domain/lead/fields.ts';
import { anEvent, monday, someEvents, someFields, someMoment, theAgreement } from '../facts.ts';

const agreement = theAgreement();

describe('the next change of a grade', () => {
  it('comes at exactly the foretold millisecond, and just before it nothing has changed', () => {
    fc.assert(
      fc.property(someFields, someEvents, someMoment, (fields, events, at) => {
        const score = scoreLead(agreement, fields, events, null, at);
        const change = nextGradeChange(agreement, events, score);
        const gradeAt = (moment: number) =>
          scoreLead(agreement, fields, events, score.bands, instant(moment)).grade;
        if (change === null) {
          for (let hours = 1; hours < 200 * 24; hours += 97)
            expect(gradeAt(at + hours * hour)).toBe(score.grade);
          return;
        }
        expect(change.at).toBeGreaterThan(at);
        expect(gradeAt(change.at)).toBe(change.to);
        expect(change.to).not.toBe(score.grade);
        expect(gradeAt(change.at - 1)).toBe(score.grade);
        // Nothing in between either.
        for (let step = 1; step < 40; step++)
          expect(gradeAt(at + Math.floor(((change.at - at - 1) * step) / 40))).toBe(score.grade);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is computed for decay alone: a pricing page, two webinars and a demo form', () => {
    const fields = {
      ...noFields,
      title: 'Plant Manager',
      industry: 'logistics',
      employees: 300,
      country: 'AT',
    };
    const events = [
      anEvent({ kind: 'webinar', subject: 'A webinar' }),
      anEvent({ kind: 'webinar', subject: 'Another webinar' }),
    ];
    const score = scoreLead(agreement, fields, events, null, monday);
    expect(score).toMatchObject({ grade: 'B', engagement: 3000 });
    // 30 points over 60 days fall below 20 (the cut of 25 less the hysteresis of 5) after 20 days.
    const change = nextGradeChange(agreement, events, score);
    expect(change?.to).toBe('C');
    expect(change && Math.abs(change.at - plus(monday, 20 * day))).toBeLessThan(hour);
  });

  it('foresees that a raised hand is lowered', () => {
    const fields = { ...noFields, industry: 'manufacturing' };
    const events = [anEvent({ kind: 'form', subject: 'Demo' })];
    const score = scoreLead(agreement, fields, events, null, monday);
    expect(nextGradeChange(agreement, events, score)).toEqual({
      at: plus(monday, 60 * day),
      to: 'D',
    });
  });

  it('is null when nothing is left to change', () => {
    const score = scoreLead(agreement, noFields, [], null, monday);
    expect(nextGradeChange(agreement, [], score)).toBeNull();
  });
});
