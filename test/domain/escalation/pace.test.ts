import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { letThrough, type Busy, type WaitingLead } from '../../../domain/escalation/pace.ts';
import type { LeadId, PersonId } from '../../../domain/ids.ts';
import { noFields } from '../../../domain/lead/fields.ts';

const person = (id: string, more: Partial<Busy> = {}): Busy => ({
  id: id as PersonId,
  territory: null,
  capacity: 10,
  assigned: 0,
  lastAssignedAt: null,
  country: null,
  isRep: true,
  isAway: false,
  isCatchAll: false,
  today: 0,
  ...more,
});
const manager = person('manager', { isRep: false, isCatchAll: true, capacity: null });
const leads = (count: number, country: string | null = null): WaitingLead[] =>
  Array.from({ length: count }, (_, n) => ({
    id: `${country ?? 'any'}-${n}` as LeadId,
    fields: { ...noFields, country },
  }));

describe('of leads that a new agreement made sales’ to work, there go to sales today', () => {
  it('a working day’s share of what reps can take in a week, the first first', () => {
    const waiting = leads(50);
    const through = letThrough(waiting, [person('a'), person('b', { capacity: 11 }), manager], 5);
    expect(through).toEqual(waiting.slice(0, 2 + 3).map(({ id }) => id));
  });

  it('fewer where others came in today, and none where the week is full', () => {
    const busy = [person('a', { today: 1, assigned: 1 }), person('b', { assigned: 10 }), manager];
    expect(letThrough(leads(50), busy, 5)).toHaveLength(1);
  });

  it('those of a territory to its reps alone: the others do not wait for them', () => {
    const german = person('a', { territory: { country: ['DE'] }, assigned: 10 });
    const austrian = person('b', { territory: { country: ['AT'] } });
    const waiting = [...leads(5, 'DE'), ...leads(5, 'AT')];
    expect(letThrough(waiting, [german, austrian, manager], 5)).toEqual(['AT-0', 'AT-1']);
  });

  it('to the catch-all owner those of nobody’s territory, as many as to the rep with most room', () => {
    const german = person('a', { territory: { country: ['DE'] }, capacity: 15 });
    expect(letThrough(leads(50, 'US'), [german, manager], 5)).toHaveLength(3);
  });

  it('all, where reps are without limit', () => {
    expect(letThrough(leads(50), [person('a', { capacity: null }), manager], 5)).toHaveLength(50);
  });

  it('never more to anybody than a day’s share and what is left of the week, whatever waits', () => {
    const rep = fc.record({
      capacity: fc.integer({ min: 1, max: 40 }),
      assigned: fc.integer({ min: 0, max: 40 }),
      today: fc.integer({ min: 0, max: 8 }),
    });
    fc.assert(
      fc.property(
        fc.array(rep, { minLength: 1, maxLength: 6 }),
        fc.nat(200),
        fc.integer({ min: 1, max: 7 }),
        (reps, count, days) => {
          const people = reps.map((each, n) => person(String(n), each));
          const through = letThrough(leads(count), [...people, manager], days);
          const room = reps.reduce((sum, { capacity, assigned, today }) => {
            const left = Math.min(Math.ceil(capacity / days) - today, capacity - assigned);
            return sum + Math.max(0, left);
          }, 0);
          expect(through).toHaveLength(Math.min(count, room));
        },
      ),
    );
  });
});
