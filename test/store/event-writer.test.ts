import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeadId } from '../../domain/ids.ts';
import { instant } from '../../domain/instant.ts';
import { newId } from '../../store/database.ts';
import { EventWriter } from '../../store/event-writer.ts';
import { createDatabase, type TestDatabase } from '../database.ts';
import { aLead, anArrival } from '../program.ts';

let test: TestDatabase;
const at = instant(Date.parse('2026-03-02T08:00:00Z'));
beforeAll(async () => {
  test = await createDatabase();
});
afterAll(() => test.drop());

/** A lead that a turn has seen, so that an event asks for a nudge. */
async function lead(): Promise<LeadId> {
  const id = await aLead({ database: test.database, clock: { now: () => at, shift: () => 0 } });
  const { revision } = await test.database.lead.findUniqueOrThrow({ where: { id } });
  await test.database.lead.update({ where: { id }, data: { seenRevision: revision } });
  return id;
}
const commits = async () => {
  const rows = await test.database.$queryRawUnsafe<{ xacts: number }[]>(
    'SELECT count(DISTINCT xmin::text)::int AS xacts FROM event',
  );
  return rows[0]?.xacts ?? 0;
};

describe('an event writer', () => {
  it('stores what waits together in few commits, and each post knows when its own are there', async () => {
    const id = await lead();
    const nudged: LeadId[] = [];
    const writer = new EventWriter(test.database, leads => nudged.push(...leads));
    const before = await commits();
    const keys = await Promise.all(
      Array.from({ length: 500 }, async () => {
        const event = anArrival(id, { at });
        await writer.write([event], at);
        return event.providerKey;
      }),
    );
    const rows = await test.database.event.count({ where: { providerKey: { in: keys } } });
    expect(rows).toBe(500);
    expect((await commits()) - before).toBeLessThanOrEqual(4);
    expect(new Set(nudged)).toEqual(new Set([id]));
  });

  it('takes the same event once, in whichever posts it comes', async () => {
    const id = await lead();
    const writer = new EventWriter(test.database, () => undefined);
    const event = anArrival(id, { at });
    await Promise.all(Array.from({ length: 50 }, () => writer.write([event, event], at)));
    expect(await test.database.event.count({ where: { leadId: id } })).toBe(1);
  });

  it('refuses of posts that wait together only the one that cannot be stored', async () => {
    const id = await lead();
    const writer = new EventWriter(test.database, () => undefined);
    // PostgreSQL cannot hold NUL in a text.
    const events = ['a', 'b', 'nul \u0000', 'c'].map(subject => anArrival(id, { at, subject }));
    const first = writer.write([anArrival(id, { at })], at);
    const second = writer.write([anArrival(id, { at })], at);
    const results = await Promise.allSettled(events.map(event => writer.write([event], at)));
    await Promise.all([first, second]);
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(await test.database.event.count({ where: { leadId: id } })).toBe(5);
  });

  it('refuses every post when the database is away', async () => {
    const away = await createDatabase();
    await away.drop();
    const writer = new EventWriter(away.database, () => undefined);
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => writer.write([anArrival(newId<LeadId>(), { at })], at)),
    );
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
  });
});
