import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LeadId } from '../../domain/ids.ts';
import { hour, instant, minute, plus } from '../../domain/instant.ts';
import { newId } from '../../store/database.ts';
import { openRows, overdueRows } from '../../store/orphans.ts';
import { createDatabase, type TestDatabase } from '../database.ts';
import { aLead } from '../program.ts';

const at = instant(Date.parse('2026-03-02T08:00:00Z'));
const clock = { now: () => at, shift: () => 0 };
let test: TestDatabase;
beforeAll(async () => {
  test = await createDatabase();
});
afterAll(() => test.drop());

/** A lead in nurture. Moments are minutes from now. */
async function nurtured(wakes: number | null, turned: number | null): Promise<LeadId> {
  const { database } = test;
  const leadId = await aLead({ database, clock });
  const id = newId();
  const { id: versionId } = await database.sequenceVersion.findFirstOrThrow();
  const moment = (minutes: number | null) =>
    minutes === null ? null : new Date(plus(at, minutes * minute));
  await database.transaction(async session => {
    await session.enrollment.create({
      data: {
        id,
        leadId,
        versionId,
        originKey: id,
        dueAt: new Date(at),
        wakeAt: moment(wakes),
        turnedAt: moment(turned),
        createdAt: new Date(plus(at, -minute)),
      },
    });
    await session.openSlot.create({ data: { leadId, enrollmentId: id } });
  });
  return leadId;
}

it('rows are overdue that should have woken long ago, or a moment ago if they never took a turn', async () => {
  const expected = [await nurtured(-9, -30), await nurtured(-8, null), await nurtured(-2, null)];
  await nurtured(-2, -30);
  await nurtured(1, null);
  await nurtured(null, -30);
  const limits = {
    dueBefore: plus(at, -5 * minute),
    neverTurnedBefore: plus(at, -minute),
    deafBefore: plus(at, -hour),
  };
  const rows = await overdueRows(test.database, limits, 100);
  expect(rows.map(({ leadId }) => leadId)).toEqual(expected);
  expect(await overdueRows(test.database, limits, 2)).toEqual(rows.slice(0, 2));
});

it('open rows are looked through page by page, each once', async () => {
  for (let n = 0; n < 5; n++) await nurtured(1, null);
  const all = await openRows(test.database, at, null, 100);
  expect(all).toHaveLength(await test.database.openSlot.count());
  const paged: unknown[] = [];
  for (let after: LeadId | null = null; ;) {
    const page = await openRows(test.database, at, after, 2);
    paged.push(...page);
    after = page.at(-1)?.leadId ?? null;
    if (after === null) break;
  }
  expect(paged).toEqual(all);
});
