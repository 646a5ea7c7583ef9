import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeadId, MergeId } from '../../domain/ids.ts';
import { newId } from '../../store/database.ts';
import { mergeOfAddress, planUndo, undoMerge } from '../../store/unmerge.ts';
import { at, People, soon } from './people.ts';

let people: People;
beforeAll(async () => {
  people = await People.meet();
});
afterAll(() => people.part());

describe('a merge that is undone', () => {
  it('leaves everything as it was', async () => {
    const survivor = await people.nurtured('a', 'b');
    const other = await people.nurtured('b', 'c');
    await people.database.lead.update({
      where: { id: other },
      data: { title: 'Manager', consentBasis: 'fair', consentAt: new Date(at) },
    });
    await people.database.leadAlias.create({
      data: { address: `${newId()}@private.example`, leadId: other },
    });
    for (const lead of [survivor, other]) {
      await people.does(lead, 'form');
      await people.becomes(await people.addressOf(lead));
    }
    const before = await people.everything(survivor, other);
    const { merge: id } = await people.merge(survivor, other);
    expect(await planUndo(people.database, id)).toMatchObject({
      restored: other,
      moved: { events: 1, sends: 1, enrollments: 1, outcomes: 1, addresses: 2 },
    });
    await people.undo(id);
    expect(await people.everything(survivor, other)).toEqual(before);
    expect(await undoMerge(people.database, id, soon)).toEqual({ refused: 'undone already' });
    expect(await undoMerge(people.database, newId(), soon)).toEqual({ refused: 'unknown' });
  });

  it('gives each what came since by its own addresses', async () => {
    const [survivor, other] = [await people.nurtured('a'), await people.nurtured('b')];
    const [own, old] = [await people.addressOf(survivor), await people.addressOf(other)];
    const { merge: id } = await people.merge(survivor, other);
    const sends = await people.database.send.findMany({ where: { leadId: survivor } });
    const by = async (more: object) =>
      (await people.does(survivor, 'page', { leadId: null, ...more })).naturalHash;
    const mine = [
      await by({ address: own }),
      await by({ leadId: survivor }),
      await by({ leadId: survivor, address: own }),
      await by({ sendId: sends.find(({ contentKey }) => contentKey === 'storm/a')?.id }),
    ];
    const theirs = [
      await by({ address: old }),
      await by({ leadId: other }),
      await by({ leadId: survivor, address: old }),
      await by({ sendId: sends.find(({ contentKey }) => contentKey === 'storm/b')?.id }),
    ];
    expect(await people.database.event.count({ where: { leadId: survivor } })).toBe(8);
    expect(await mergeOfAddress(people.database, old)).toMatchObject({ merge: id, address: old });
    await people.undo(id);
    expect(await mergeOfAddress(people.database, old)).toBeNull();
    for (const [lead, keys] of [
      [survivor, mine],
      [other, theirs],
    ] as const) {
      const events = await people.database.event.findMany({ where: { leadId: lead } });
      expect(events.map(({ naturalHash }) => naturalHash.replaceAll('-', '')).toSorted()).toEqual(
        keys.map(key => key.replaceAll('-', '')).toSorted(),
      );
    }
  });

  it('gives back each lead of a chain, in any order', async () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const [a, b, c] = [
        await people.nurtured('x', 'a'),
        await people.nurtured('b'),
        await people.nurtured('x', 'c'),
      ];
      await people.database.lead.update({ where: { id: a }, data: { title: 'Manager' } });
      for (const lead of [a, b, c]) await people.does(lead, 'form');
      const before = await people.everything(a, b, c);
      const ids = [(await people.merge(b, a)).merge, (await people.merge(c, b)).merge];
      // What is merged into a lead that was merged goes to its survivor.
      const late = await people.nurtured('late');
      expect(await people.merge(a, late)).toMatchObject({ survivor: c });
      expect(await people.database.event.count({ where: { leadId: c } })).toBe(3);
      expect(await people.database.lead.findUnique({ where: { id: c } })).toMatchObject({
        title: 'Manager',
      });
      const contents = await people.database.send.findMany({ where: { leadId: c } });
      expect(contents.map(({ contentKey }) => contentKey).toSorted()).toEqual([
        'storm/a',
        'storm/b',
        'storm/c',
        'storm/late',
        'storm/x',
      ]);
      await people.undo((await mergeOf(late)).merge);
      for (const n of order) await people.undo(ids[n] as MergeId);
      expect(await people.everything(a, b, c)).toEqual(before);
    }
  });
});

async function mergeOf(lead: LeadId): Promise<{ merge: MergeId }> {
  const row = await people.database.merge.findFirstOrThrow({
    where: { mergedId: lead, undoneAt: null },
  });
  return { merge: row.id as MergeId };
}
