import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueTimes } from '../../../domain/escalation/due.ts';
import { route, type Candidate } from '../../../domain/escalation/routing.ts';
import type { PersonId } from '../../../domain/ids.ts';
import { instant } from '../../../domain/instant.ts';
import { noFields } from '../../../domain/lead/fields.ts';
import { theAgreement } from '../facts.ts';

const person = (id: string, more: Partial<Candidate> = {}): Candidate => ({
  id: id as PersonId,
  territory: null,
  capacity: null,
  assigned: 0,
  lastAssignedAt: null,
  country: null,
  isRep: true,
  isCatchAll: false,
  isAway: false,
  ...more,
});
const manager = person('manager', { isRep: false, isCatchAll: true });
const german = { ...noFields, country: 'DE' };

describe('routing', () => {
  it('asks reps of the territory, the one longest without a lead first', () => {
    const reps = [
      person('vienna', { territory: { country: ['AT'] } }),
      person('berlin', { territory: { country: ['DE'] }, lastAssignedAt: instant(20) }),
      person('hamburg', { territory: { country: ['DE'] }, lastAssignedAt: instant(10) }),
      manager,
    ];
    expect(route(german, reps).person).toBe('hamburg');
  });

  it('leaves out who is at capacity', () => {
    const reps = [
      person('full', { capacity: 5, assigned: 5 }),
      person('free', { capacity: 5, assigned: 4, lastAssignedAt: instant(99) }),
      manager,
    ];
    expect(route(german, reps).person).toBe('free');
  });

  it('gives what nobody can take to the catch-all owner, and says why (P3)', () => {
    const reps = [
      person('full', { capacity: 1, assigned: 1 }),
      person('vienna', { territory: { country: ['AT'] } }),
      manager,
    ];
    expect(route(german, reps)).toEqual({
      person: 'manager',
      cause: 'queued',
      reason:
        'nobody eligible: 1 at capacity, 0 away, 1 of another territory; waits with the catch-all owner until somebody has room',
    });
    expect(route({ ...noFields, country: 'JP' }, reps.slice(1))).toMatchObject({
      person: 'manager',
      cause: 'catch-all',
    });
  });

  it('says in the reason that a lead joins a colleague, and with whom that one is', () => {
    const ties = { owner: null, colleagueRep: 'busy' as PersonId, lastRep: null };
    const reps = [person('busy'), person('free', { lastAssignedAt: instant(9) }), manager];
    expect(route(german, reps, ties)).toMatchObject({
      person: 'busy',
      reason: 'has a colleague of this lead, whom it joins',
    });
    expect(route(german, reps, { ...ties, owner: ties.colleagueRep }).reason).toBe(
      'owns the account; joins a colleague who is with them',
    );
    const away = reps.map(rep => ({ ...rep, isAway: rep.id === 'busy' }));
    expect(route(german, away, ties)).toMatchObject({
      person: 'free',
      reason:
        'in territory, with room, longest without a lead; joins a colleague who is with somebody else',
    });
  });

  it('always names somebody, and never a rep who is full or of another territory', () => {
    const candidates = fc.array(
      fc.record({
        id: fc.uuid(),
        territory: fc.constantFrom<Candidate['territory']>(
          null,
          { country: ['DE'] },
          { country: ['AT'] },
        ),
        capacity: fc.option(fc.integer({ min: 1, max: 3 })),
        assigned: fc.integer({ min: 0, max: 4 }),
        lastAssignedAt: fc.option(fc.nat()),
      }),
    );
    fc.assert(
      fc.property(candidates, given => {
        const reps = given.map(({ id, lastAssignedAt, ...rest }) =>
          person(id, {
            ...rest,
            lastAssignedAt: lastAssignedAt === null ? null : instant(lastAssignedAt),
          }),
        );
        const chosen = route(german, [...reps, manager]).person;
        const rep = reps.find(({ id }) => id === chosen);
        if (rep === undefined) expect(chosen).toBe('manager');
        else {
          expect(rep.capacity === null || rep.assigned < rep.capacity).toBe(true);
          expect(rep.territory?.country).not.toEqual(['AT']);
        }
      }),
    );
  });
});

describe('due times', () => {
  it('run in the working hours that both teams agreed on', () => {
    const friday = instant(Date.parse('2026-03-06T15:00:00Z')); // 16:00 in Berlin
    expect(dueTimes(theAgreement(), 'A', null, friday).acceptDueAt).toBe(
      Date.parse('2026-03-09T10:30:00Z'),
    );
    expect(dueTimes(theAgreement(), 'B', null, friday).acceptDueAt).toBe(
      Date.parse('2026-03-09T15:00:00Z'),
    );
    expect(dueTimes(theAgreement(), 'D', null, friday)).toEqual(
      dueTimes(theAgreement(), 'B', null, friday),
    );
  });
});
