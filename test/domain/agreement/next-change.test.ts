import { describe, expect, it } from 'vitest';
import { nextGradeChange } from '../../../domain/agreement/next-change.ts';
import { scoreLead } from '../../../domain/agreement/score.ts';
import { day, hour, plus } from '../../../domain/instant.ts';
import { noFields } from '../../../domain/lead/fields.ts';
import { anEvent, monday, theAgreement } from '../facts.ts';

const agreement = theAgreement();

describe('the next change of a grade', () => {
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
