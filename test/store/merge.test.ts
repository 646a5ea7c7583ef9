import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EnrollmentId } from '../../domain/ids.ts';
import { instant } from '../../domain/instant.ts';
import { noFields } from '../../domain/lead/fields.ts';
import { newId } from '../../store/database.ts';
import { loadFacts } from '../../store/facts.ts';
import { leadByAddress, openSource, upsertLeads } from '../../store/lead.ts';
import { planMerge } from '../../store/merge.ts';
import { claimSend, settleSend } from '../../store/send.ts';
import { isSuppressed, optOut } from '../../store/suppression.ts';
import { aRow } from '../processes.ts';
import { at, nothing, People } from './people.ts';

let people: People;
beforeAll(async () => {
  people = await People.meet();
});
afterAll(() => people.part());

describe('two leads who are one person', () => {
  it('are one: what the other had, and what comes for its address, is the survivor’s', async () => {
    const [survivor, other] = [await people.nurtured('a'), await people.nurtured('a', 'b')];
    const old = await people.addressOf(other);
    await people.does(survivor);
    await people.does(other, 'form');
    await people.becomes(await people.addressOf(other));
    const plan = await planMerge(people.database, { survivor, merged: other });
    const result = await people.merge(survivor, other);
    expect(result).toMatchObject(plan);
    // Content that both had is one mail of the ledger (P1).
    expect(result.moved).toMatchObject({ events: 1, sends: 1, enrollments: 1, outcomes: 1 });
    expect(await leadByAddress(people.database, old)).toBe(survivor);
    const send = await people.database.send.findFirstOrThrow({
      where: { leadId: other, contentKey: 'storm/a' },
    });
    // By its address, by its own id, and by a mail that stayed with it.
    await people.does(other, 'page', { leadId: null, address: old });
    await people.does(other, 'page', { leadId: other });
    await people.does(other, 'page', { leadId: null, sendId: send.id });
    await people.becomes(old);
    const facts = await loadFacts(people.database, survivor, at);
    expect(facts?.events).toHaveLength(5);
    expect(facts?.sends.map(({ contentKey }) => contentKey).toSorted()).toEqual([
      'storm/a',
      'storm/b',
    ]);
    expect(await people.database.outcome.count({ where: { leadId: survivor } })).toBe(2);
    expect(await loadFacts(people.database, other, at)).toMatchObject({
      lead: { disqualified: 'merged', suppressed: true },
      events: [],
      enrollment: null,
    });
  });

  it('are never sent what either had (P1), and the other is never mailed again', async () => {
    const [survivor, other] = [await people.nurtured('a'), await people.nurtured('b')];
    const { enrollmentId } = (await people.slotOf(other)) ?? {};
    await people.merge(survivor, other);
    expect(await people.worker.deliver(survivor, 'b', nothing)).toBe(false);
    expect(await people.worker.deliver(survivor, 'a', nothing)).toBe(false);
    expect(await people.worker.deliver(survivor, 'c', nothing)).toBe(true);
    const dispatch = {
      enrollmentId: enrollmentId as EnrollmentId,
      stepKey: 'd',
      contentKey: 'storm/d',
      caps: [{ mails: 9, since: instant(0) }],
      at,
    };
    expect(await claimSend(people.database, { ...dispatch, leadId: other })).toBeNull();
  });

  it('are never mailed once one of their addresses is suppressed, before or after (P2)', async () => {
    for (const when of ['before', 'after']) {
      const [survivor, other] = [await people.nurtured(), await people.nurtured()];
      const old = await people.addressOf(other);
      if (when === 'before') await optOut(people.database, [old], at);
      await people.merge(survivor, other);
      await people.worker.turn(survivor);
      const slot = await people.slotOf(survivor);
      if (when === 'after') {
        expect(slot).not.toBeNull();
        expect(await optOut(people.database, [old], at)).toEqual({
          suppressed: 1,
          toNudge: [survivor],
        });
        expect(await people.worker.deliver(survivor, 'x', nothing)).toBe(false);
      } else expect(slot).toBeNull();
      expect((await loadFacts(people.database, survivor, at))?.lead.suppressed).toBe(true);
      expect(await isSuppressed(people.database, await people.addressOf(survivor))).toBe(false);
    }
  });

  it('keep what the survivor says of itself, and fill its blanks', async () => {
    const survivor = await people.aPerson({ title: 'Head of Sales' });
    const other = await people.aPerson({ title: 'Manager', industry: 'steel', employees: 7 });
    expect(await people.merge(survivor, other)).toMatchObject({ fills: ['industry', 'employees'] });
    const row = await people.database.lead.findUniqueOrThrow({ where: { id: survivor } });
    expect(row).toMatchObject({ title: 'Head of Sales', industry: 'steel', employees: 7 });
  });

  it('are told of by rows of both addresses, which do not overwrite each other', async () => {
    const [survivor, other] = [
      await people.aPerson({ title: 'Head of Sales' }),
      await people.aPerson(),
    ];
    const [own, old] = [await people.addressOf(survivor), await people.addressOf(other)];
    const { merge: id } = await people.merge(survivor, other);
    const source = await openSource(people.database, 'test', null, at);
    const rows = [
      aRow(own, { fields: { ...noFields, title: 'Head of Sales', region: 'Nord' } }),
      aRow(old, { fields: { ...noFields, title: 'Manager', industry: 'steel', region: 'Nord' } }),
    ];
    const effects = async () =>
      (await upsertLeads(people.database, rows, source, at)).map(lead => [lead.id, lead.effect]);
    expect(await effects()).toEqual([
      [survivor, 'updated'],
      [survivor, 'updated'],
    ]);
    for (let n = 0; n < 2; n++)
      expect(await effects()).toEqual([
        [survivor, 'unchanged'],
        [survivor, 'unchanged'],
      ]);
    const lead = await people.database.lead.findUniqueOrThrow({ where: { id: survivor } });
    expect(lead).toMatchObject({ title: 'Head of Sales', industry: 'steel', region: 'Nord' });
    await people.undo(id);
    const both = await people.database.lead.findMany({
      where: { id: { in: [survivor, other] } },
      orderBy: { id: 'asc' },
    });
    expect(both).toMatchObject([
      { title: 'Head of Sales', industry: null, region: 'Nord' },
      { title: 'Manager', industry: 'steel', region: 'Nord' },
    ]);
  });

  it('are not merged when that means nothing', async () => {
    const [a, b, erased] = [await people.aPerson(), await people.aPerson(), await people.aPerson()];
    await people.database.lead.update({ where: { id: erased }, data: { address: null } });
    expect(await people.merging(a, a)).toEqual({ refused: 'same lead' });
    expect(await people.merging(a, newId())).toEqual({ refused: 'unknown' });
    expect(await people.merging(a, erased)).toEqual({ refused: 'erased' });
    expect(await people.merging(erased, a)).toEqual({ refused: 'erased' });
    await people.merge(a, b);
    expect(await people.merging(a, b)).toEqual({ refused: 'merged already' });
    expect(await people.merging(b, a)).toEqual({ refused: 'same lead' });
  });
});

describe('a mail that is on its way', () => {
  it('is settled after the merge, as the survivor’s', async () => {
    const [survivor, other] = [await people.nurtured(), await people.nurtured()];
    const claim = await claimSend(people.database, {
      enrollmentId: (await people.slotOf(other))?.enrollmentId as EnrollmentId,
      leadId: other,
      stepKey: 'k',
      contentKey: 'storm/k',
      caps: [{ mails: 9, since: instant(0) }],
      at,
    });
    await people.merge(survivor, other);
    if (claim === null) throw new Error('Nothing was claimed.');
    const settlement = {
      state: 'accepted',
      providerId: newId(),
      reason: null,
      cursor: 1,
      dueAt: at,
      wakeAt: at,
    } as const;
    expect(await settleSend(people.database, claim, settlement, at)).toBe(true);
    expect((await loadFacts(people.database, survivor, at))?.sends).toMatchObject([
      { contentKey: 'storm/k', state: 'accepted' },
    ]);
    expect(await people.worker.deliver(survivor, 'k', nothing)).toBe(false);
  });
});
