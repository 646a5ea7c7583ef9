import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EscalationId, PersonId } from '../../domain/ids.ts';
import { recordAnswer } from '../../store/answer.ts';
import { newId } from '../../store/database.ts';
import { endEscalation } from '../../store/escalation.ts';
import { ingestEvents } from '../../store/event.ts';
import { loadFacts } from '../../store/facts.ts';
import { anArrival } from '../program.ts';
import { at, People, soon } from './people.ts';

let people: People;
beforeAll(async () => {
  people = await People.meet();
});
afterAll(() => people.part());

describe('what they are in', () => {
  it('is one thing: the survivor’s own sequence, and the other ends', async () => {
    const [survivor, other] = [await people.nurtured(), await people.nurtured()];
    const ends = await people.slotOf(other);
    const asked = await people.database.person.findFirstOrThrow({ where: { team: 'sales' } });
    const task = { id: newId(), enrollmentId: ends?.enrollmentId ?? '', stepKey: 'ring' };
    const moment = new Date(at);
    await people.database.task.create({
      data: {
        ...{ ...task, personId: asked.id, kind: 'call' },
        ...{ createdAt: moment, dueAt: moment, lapsesAt: moment },
      },
    });
    const stateOfTask = async () =>
      (await people.database.task.findUniqueOrThrow({ where: { id: task.id } })).state;
    const result = await people.merge(survivor, other);
    expect(await stateOfTask()).toBe('lapsed');
    expect(result).toMatchObject({ goesOn: null, ends: { enrollment: ends?.enrollmentId } });
    expect(await people.slotOf(other)).toBeNull();
    const row = await people.database.enrollment.findUniqueOrThrow({
      where: { id: ends?.enrollmentId ?? '' },
    });
    expect(row).toMatchObject({ leadId: survivor, endReason: 'merged', wakeAt: null });
    // Who was in the middle of a sequence has not had it.
    expect((await loadFacts(people.database, survivor, at))?.past).toEqual([]);
    expect((await people.undo(result.merge)).goesOn).toMatchObject([{ leadId: other }]);
    // What people were asked for ends, and goes on, with its enrollment.
    expect(await stateOfTask()).toBe('open');
  });

  it('is the escalation that only the other has, with the same rep', async () => {
    const [survivor, other] = [await people.nurtured('a'), await people.escalated()];
    const before = await people.everything(survivor, other);
    const escalation = (await people.slotOf(other))?.escalationId as EscalationId;
    const own = (await people.slotOf(survivor))?.enrollmentId;
    const result = await people.merge(survivor, other);
    expect(result).toMatchObject({ goesOn: escalation, ends: { enrollment: own } });
    expect(await people.slotOf(survivor)).toMatchObject({
      escalationId: escalation,
      enrollmentId: null,
    });
    // It was with sales already: only another crossing goes there again (P3).
    expect((await loadFacts(people.database, survivor, at))?.lead.armed).toBe(false);
    expect((await people.undo(result.merge)).goesOn).toMatchObject([
      { leadId: survivor, enrollmentId: own },
    ]);
    expect(await people.everything(survivor, other)).toEqual(before);
  });

  it('is the survivor’s escalation, where both have one', async () => {
    const [survivor, other] = [await people.escalated(), await people.escalated()];
    const before = await people.everything(survivor, other);
    const own = await people.slotOf(survivor);
    const result = await people.merge(survivor, other);
    expect(await people.slotOf(survivor)).toEqual(own);
    const [ended] = await people.database.escalation.findMany({
      where: { id: result.ends.escalation ?? '' },
    });
    expect(ended).toMatchObject({ leadId: survivor, state: 'merged' });
    await people.undo(result.merge);
    expect(await people.everything(survivor, other)).toEqual(before);
  });

  it('goes on as it was left, when the rep has answered meanwhile', async () => {
    const [survivor, other] = [await people.nurtured(), await people.escalated()];
    const escalationId = (await people.slotOf(other))?.escalationId as EscalationId;
    const own = (await people.slotOf(survivor))?.enrollmentId;
    const { merge: id } = await people.merge(survivor, other);
    const { ownerId } = await people.database.escalation.findUniqueOrThrow({
      where: { id: escalationId },
    });
    const said = { kind: 'rejected', reason: 'not now', note: null, way: 'page' } as const;
    await recordAnswer(
      people.database,
      { escalationId, personId: ownerId as PersonId, ...said },
      at,
    );
    await endEscalation(people.database, escalationId, 'rejected', {}, at);
    const undone = await people.undo(id);
    expect(undone.goesOn).toMatchObject([{ leadId: survivor, enrollmentId: own }]);
    const row = await people.database.escalation.findUniqueOrThrow({ where: { id: escalationId } });
    expect(row).toMatchObject({ leadId: other, state: 'rejected' });
    expect(await people.slotOf(other)).toBeNull();
  });

  it('escalates again under a name of its own, before and after it is undone (P3)', async () => {
    const [survivor, other] = [await people.escalated(), await people.escalated()];
    const { merge: id } = await people.merge(survivor, other);
    for (const when of ['merged', 'undone']) {
      if (when === 'undone') await people.undo(id);
      const slot = await people.slotOf(survivor);
      await endEscalation(people.database, slot?.escalationId as EscalationId, 'rejected', {}, at);
      await ingestEvents(people.database, [anArrival(survivor, { kind: 'reply', at })], soon);
      await people.worker.turn(survivor);
      expect((await people.slotOf(survivor))?.escalationId).not.toBe(slot?.escalationId);
    }
    const keys = await people.database.escalation.findMany({
      where: { leadId: survivor },
      orderBy: { id: 'asc' },
    });
    expect(keys.map(({ originKey }) => originKey)).toEqual([1, 2, 3].map(n => `${survivor}/${n}`));
  });
});
