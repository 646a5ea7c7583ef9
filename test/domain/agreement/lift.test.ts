import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tellLifts } from '../../../domain/agreement/explain.ts';
import { liftsOf } from '../../../domain/agreement/lift.ts';
import { scoreLead } from '../../../domain/agreement/score.ts';
import type { Engagement } from '../../../domain/event/event.ts';
import { minute, plus } from '../../../domain/instant.ts';
import { noFields, type LeadFields } from '../../../domain/lead/fields.ts';
import { anEvent, monday, theAgreement } from '../facts.ts';
import {
  examples,
  fresh,
  manyEvents,
  manyFields,
  manyMoments,
  someAgreement,
  someBands,
} from './some.ts';

const agreement = theAgreement();
const best = {
  ...noFields,
  title: 'Plant Manager',
  industry: 'logistics',
  employees: 300,
  country: 'AT',
};
const pricing = (n: number) => anEvent({ subject: `/pricing/${n}` });

function lifts(fields: LeadFields, events: Engagement[] = []) {
  const score = scoreLead(agreement, fields, events, null, monday);
  const found = liftsOf(agreement, fields, events, score);
  return { ...found, told: tellLifts(found, score) };
}

describe('what would lift a grade', () => {
  it('is told by the event that suffices alone first, then by how often it takes', () => {
    const { events, told } = lifts(best);
    expect(events.map(({ event, times, to }) => `${times} ${event}: ${to}`)).toEqual([
      '1 demo form: B',
      '1 contact form: B',
      '2 webinar attended: B',
      '3 pricing page: B',
      '3 download: B',
      '3 guide: B',
      '6 click: B',
    ]);
    expect(told).toBe(
      'A demo form makes it B; a contact form makes it B; 2 × webinar attended make it B; and 4 more.',
    );
  });

  it('is one look at the prices for a lead who has looked twice, and no number of pages', () => {
    const { events } = lifts(best, [pricing(1), pricing(2)]);
    expect(events).toContainEqual({ event: 'pricing page', kind: 'page', times: 1, to: 'B' });
    expect(events.map(({ event }) => event)).toContain('page');
    // Their group gives 30 at most: with 26 in it already, a better band is out of its reach.
    const full = [pricing(1), pricing(2), pricing(3)];
    expect(lifts(best, full).events.map(({ event }) => event)).not.toContain('pricing page');
  });

  it('keeps a margin for a click that is held meanwhile', () => {
    const events = [pricing(1), pricing(2)];
    // Just 5 short of the cut at this very moment, and no longer so when a held click counts.
    expect(lifts(best, events).events).toContainEqual(
      expect.objectContaining({ event: 'click', times: 2 }),
    );
  });

  it('is no activity alone where fit holds it down, but what is not known', () => {
    const told = (fields: Partial<LeadFields>) => lifts({ ...noFields, ...fields });
    const unknown = told({ country: 'US', title: 'Cook' });
    expect(unknown).toMatchObject({ events: [], fitHolds: false });
    expect(unknown.told).toBe(
      'No one kind of activity lifts it by itself: fit is D. Industry, employees are not known: together, fitting ones could make it C.',
    );
    const hot = scoreLead(agreement, noFields, [], { fit: 'D', engagement: 1 }, monday);
    const found = liftsOf(agreement, noFields, [], { ...hot, grade: 'C' });
    expect(tellLifts(found, { ...hot, grade: 'C' })).toBe('No activity alone lifts it: fit is D.');
  });

  it('names a single field that would do, best first', () => {
    const { fields, told } = lifts({ ...best, title: null }, [pricing(1), pricing(2), pricing(3)]);
    expect(fields).toEqual([{ fields: ['title'], to: 'B' }]);
    expect(told).toContain('Title is not known: a fitting one could make it B.');
  });

  it('is nothing for an A', () => {
    const events = [
      ...[1, 2, 3].map(n => anEvent({ kind: 'form', subject: `Demo ${n}` })),
      pricing(1),
    ];
    const { told, ...found } = lifts(best, events);
    expect(found).toMatchObject({ events: [], fields: [] });
    expect(told).toBe('No grade is better.');
  });

  it('comes true: with so many more events the grade is that or better, also ten minutes later, and with one less it is not', () => {
    fc.assert(
      fc.property(
        ...[someAgreement(), manyFields, manyEvents, someBands, manyMoments],
        (any, fields, events, bands, at) => {
          const score = scoreLead(any, fields, events, bands, at);
          const found = liftsOf(any, fields, events, score);
          const gradesWith = (name: string, times: number) => {
            const more = Array.from({ length: times }, (_, n) => fresh(name, at, n));
            return [at, plus(at, 10 * minute)].map(
              moment =>
                scoreLead(any, fields, [...events, ...more], score.bands, moment).grade,
            );
          };
          for (const { event, times, to } of found.events) {
            expect(to < score.grade).toBe(true);
            expect(gradesWith(event, times).every(grade => grade <= to)).toBe(true);
            expect(gradesWith(event, times - 1).every(grade => grade < score.grade)).toBe(false);
          }
          const lifting = new Set(found.events.map(({ event }) => event));
          for (const name of Object.keys(examples))
            if (!lifting.has(name))
              expect(gradesWith(name, 10).every(grade => grade < score.grade)).toBe(false);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
