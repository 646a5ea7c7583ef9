import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeadId, SendId } from '../../domain/ids.ts';
import { instant } from '../../domain/instant.ts';
import { newId } from '../../store/database.ts';
import { ingestEvents, type ArrivedEvent } from '../../store/event.ts';
import { addressHash, isSuppressed } from '../../store/suppression.ts';
import { createDatabase, type TestDatabase } from '../database.ts';
import { address, aLead, anArrival } from '../program.ts';

let test: TestDatabase;
const at = instant(Date.parse('2026-03-02T08:00:00Z'));
const clock = { now: () => at, shift: () => 0 };
beforeAll(async () => {
  test = await createDatabase(32);
});
afterAll(() => test.drop());

const lead = () => aLead({ database: test.database, clock });
const leadRow = (id: LeadId) => test.database.lead.findUniqueOrThrow({ where: { id } });
const ingest = (...events: ArrivedEvent[]) => ingestEvents(test.database, events, at);

/** As a turn does that has seen everything. */
async function see(id: LeadId): Promise<void> {
  const { revision } = await leadRow(id);
  await test.database.lead.update({ where: { id }, data: { seenRevision: revision } });
}

describe('events', () => {
  it('are stored once, by the sender’s key and by their content (P6)', async () => {
    const id = await lead();
    const event = anArrival(id, { kind: 'form', at });
    expect((await ingest(event, event)).stored).toBe(1);
    expect((await ingest(event)).stored).toBe(0);
    expect((await ingest({ ...event, providerKey: newId() })).stored).toBe(0);
    expect((await ingest({ ...event, naturalHash: newId() })).stored).toBe(0);
    expect(await test.database.event.count({ where: { leadId: id } })).toBe(1);
  });

  it('raise the revision once a batch, and ask for a nudge only of a lead that had nothing unseen', async () => {
    const id = await lead();
    await see(id);
    const { toNudge } = await ingest(anArrival(id, { at }), anArrival(id, { at }));
    expect(toNudge).toEqual([id]);
    expect((await leadRow(id)).revision).toBe(2);
    expect((await ingest(anArrival(id, { at }))).toNudge).toEqual([]);
  });

  it('that can change nothing are stored, and nudge nobody', async () => {
    const id = await lead();
    await see(id);
    const before = await leadRow(id);
    const { stored, toNudge } = await ingest(
      ...(['processed', 'delivered', 'open', 'deferred', 'unknown'] as const).map(kind =>
        anArrival(id, { kind, at }),
      ),
    );
    expect([stored, toNudge, (await leadRow(id)).revision]).toEqual([5, [], before.revision]);
  });

  it('that end mailing suppress the address in the same statement (P10)', async () => {
    for (const kind of ['bounce', 'unsubscribe', 'complaint'] as const) {
      const id = await lead();
      const row = await leadRow(id);
      await ingest(anArrival(id, { kind, at }));
      expect(await isSuppressed(test.database, address(row.address ?? ''))).toBe(true);
    }
  });

  it('suppress an address that no lead has', async () => {
    const stranger = address('stranger@nowhere.example');
    await ingest({
      ...anArrival('x' as LeadId, { kind: 'bounce', at }),
      leadId: null,
      address: stranger,
    });
    expect(
      await test.database.suppression.findFirst({ where: { addressHash: addressHash(stranger) } }),
    ).not.toBeNull();
  });

  it('are kept when nobody knows whose they are, or of what kind', async () => {
    const event = {
      ...anArrival('x' as LeadId, { kind: 'unknown', at, detail: { raw: { event: 'new thing' } } }),
      leadId: null,
      sendId: newId(),
      providerId: 'nobody',
    };
    expect((await ingest(event)).stored).toBe(1);
    expect(
      await test.database.event.findUnique({ where: { providerKey: event.providerKey } }),
    ).toMatchObject({ leadId: null, sendId: null, kind: 'unknown' });
  });

  it('find their lead by the mail, by the provider’s message, or by the address', async () => {
    const id = await lead();
    const row = await leadRow(id);
    const version = await test.database.sequenceVersion.findFirstOrThrow();
    const enrollmentId = newId();
    const sendId = newId<SendId>();
    await test.database.transaction(async session => {
      await session.enrollment.create({
        data: {
          id: enrollmentId,
          leadId: id,
          versionId: version.id,
          originKey: newId(),
          dueAt: new Date(),
          createdAt: new Date(),
        },
      });
      await session.openSlot.create({ data: { leadId: id, enrollmentId } });
      await session.send.create({
        data: {
          id: sendId,
          enrollmentId,
          stepKey: 'a',
          leadId: id,
          contentKey: 'a/a',
          state: 'unknown',
          attemptToken: newId(),
          attemptedAt: new Date(),
          at: new Date(),
          providerId: 'message-1',
        },
      });
    });
    const blank = { ...anArrival(id, { at }), leadId: null };
    const byMail = { ...blank, ...keys(), sendId };
    const byMessage = { ...blank, ...keys(), providerId: 'message-1', kind: 'delivered' as const };
    const byAddress = { ...blank, ...keys(), address: address(row.address ?? '') };
    await ingest(byMail, byMessage, byAddress);
    const rows = await test.database.event.findMany({
      where: { leadId: id },
      orderBy: { id: 'asc' },
    });
    expect(rows.map(event => event.sendId).toSorted()).toEqual([sendId, sendId, null].toSorted());
    // That it was delivered settles what was not known.
    expect(await test.database.send.findUnique({ where: { id: sendId } })).toMatchObject({
      state: 'accepted',
    });
  });

  it('of overlapping batches never deadlock, and every lead is raised', async () => {
    const leads = await Promise.all(Array.from({ length: 30 }, lead));
    const shared = leads.map(id => anArrival(id, { at }));
    const shuffle = (seed: number) =>
      fc.sample(fc.shuffledSubarray(shared, { minLength: 20 }), { numRuns: 1, seed })[0] ?? [];
    const rounds = Array.from({ length: 120 }, (_, seed) => [
      ...shuffle(seed),
      ...leads.slice(seed % 10, (seed % 10) + 15).map(id => anArrival(id, { at })),
    ]);
    const results = await Promise.all(rounds.map(events => ingest(...events)));
    const stored = results.reduce((sum, result) => sum + result.stored, 0);
    expect(stored).toBe(30 + 120 * 15);
    // Every round had something of these that no other had.
    for (const id of leads.slice(9, 15)) expect((await leadRow(id)).revision).toBe(121);
  });

  it('beside turns of the same leads never deadlock', async () => {
    const leads = await Promise.all(Array.from({ length: 10 }, lead));
    const turns = leads.flatMap(id =>
      Array.from({ length: 20 }, () => see(id).catch(() => undefined)),
    );
    const posts = Array.from({ length: 40 }, () =>
      ingest(...leads.map(id => anArrival(id, { at }))),
    );
    await Promise.all([...turns, ...posts]);
    for (const id of leads) expect((await leadRow(id)).revision).toBe(41);
  });
});

function keys(): { providerKey: string; naturalHash: string } {
  return { providerKey: newId(), naturalHash: newId() };
}
