import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EnrollmentId, LeadId } from '../../domain/ids.ts';
import { instant } from '../../domain/instant.ts';
import { noFields } from '../../domain/lead/fields.ts';
import { newId, sql, sqlState, unlessDeadlocked, type Database } from '../../store/database.ts';
import { ingestEvents } from '../../store/event.ts';
import { leadByAddress } from '../../store/lead.ts';
import { mergeLeads } from '../../store/merge.ts';
import { storeOutcomes } from '../../store/outcome.ts';
import { claimSend } from '../../store/send.ts';
import { undoMerge } from '../../store/unmerge.ts';
import { createDatabase, type TestDatabase } from '../database.ts';
import { aRow, bringIn, WebProcess, WorkerProcess } from '../processes.ts';
import { address, aLead, anArrival } from '../program.ts';

const at = instant(Date.parse('2026-03-02T08:00:00Z'));
let test: TestDatabase;
let web: WebProcess;
let worker: WorkerProcess;
beforeAll(async () => {
  test = await createDatabase(20);
  web = new WebProcess(test.url, 10, at);
  worker = new WorkerProcess(test.url, 15, at);
});
afterAll(async () => {
  await web.close();
  await worker.close();
  await test.drop();
});

const byUs = { who: 'ops', way: 'cli' } as const;
const nothing = async () => undefined;

async function nurtured(...mails: string[]): Promise<LeadId> {
  const clock = { now: () => at, shift: () => 0 };
  const lead = await aLead({ database: test.database, clock });
  await worker.turn(lead);
  for (const mail of mails) await worker.deliver(lead, mail, nothing);
  return lead;
}

async function addressOf(lead: LeadId) {
  const row = await test.database.lead.findUniqueOrThrow({ where: { id: lead } });
  return address(row.address ?? '');
}

async function enrollmentOf(leadId: LeadId): Promise<EnrollmentId> {
  const { id } = await test.database.enrollment.findFirstOrThrow({ where: { leadId } });
  return id as EnrollmentId;
}

function claim(leadId: LeadId, enrollmentId: EnrollmentId, mail: string) {
  return claimSend(test.database, {
    enrollmentId,
    leadId,
    stepKey: mail,
    contentKey: `storm/${mail}`,
    caps: [{ mails: 99, since: instant(0) }],
    at,
  });
}

async function waits(): Promise<number> {
  const [row] = await test.database.$queryRaw<{ count: number }[]>(sql`
    SELECT count(*)::int FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'`);
  return row?.count ?? 0;
}

/** Merges two leads, and begins something else when all is written and nothing is committed. */
async function whileMerging<T>(survivor: LeadId, merged: LeadId, work: () => Promise<T>) {
  let begun: Promise<T> | undefined;
  const database: Database = Object.create(test.database, {
    transaction: {
      value: (of: Parameters<Database['transaction']>[0]) =>
        test.database.transaction(async session => {
          const result = await of(session);
          begun = work();
          begun.catch(() => undefined);
          for (let n = 0; n < 100 && (await waits()) === 0; n++) await sleep(5);
          expect(await waits()).toBeGreaterThan(0);
          return result;
        }),
    },
  }) as Database;
  expect(await mergeLeads(database, { survivor, merged, ...byUs }, at)).toMatchObject({ survivor });
  return begun as Promise<T>;
}

/** What must be true of two leads of whom one was merged. */
async function expectOne(survivor: LeadId, merged: LeadId): Promise<void> {
  const none = { leadId: merged };
  const { database } = test;
  expect(await database.event.count({ where: none })).toBe(0);
  expect(await database.outcome.count({ where: none })).toBe(0);
  expect(await database.enrollment.count({ where: none })).toBe(0);
  expect(await database.escalation.count({ where: none })).toBe(0);
  expect(await database.openSlot.count({ where: none })).toBe(0);
  expect(await database.leadAlias.count({ where: none })).toBe(0);
  // A mail stays only where the survivor has had its content.
  const had = await database.send.findMany({ where: { leadId: survivor } });
  const contents = new Set(had.map(({ contentKey }) => contentKey));
  for (const { contentKey } of await database.send.findMany({ where: none }))
    expect(contents.has(contentKey)).toBe(true);
  const open = await database.enrollment.findMany({ where: { leadId: survivor, endedAt: null } });
  const slot = await database.openSlot.findUnique({ where: { leadId: survivor } });
  expect(open.map(({ id }) => id)).toEqual(slot?.enrollmentId == null ? [] : [slot.enrollmentId]);
}

describe('while two leads are merged', () => {
  it('an event of the other is the survivor’s (P7), also one that changes nothing', async () => {
    for (const kind of ['page', 'delivered'] as const) {
      const [survivor, other] = [await nurtured(), await nurtured()];
      await whileMerging(survivor, other, () => web.post([anArrival(other, { kind, at })]));
      await expectOne(survivor, other);
      expect(await test.database.event.count({ where: { leadId: survivor } })).toBe(1);
    }
  });

  it('an event of a mail that the other was sent is the survivor’s', async () => {
    const [survivor, other] = [await nurtured('a'), await nurtured('a', 'b')];
    const sends = await test.database.send.findMany({ where: { leadId: other } });
    const clicks = sends.map(({ id }) =>
      anArrival(other, { kind: 'click', leadId: null, sendId: id, at }),
    );
    await whileMerging(survivor, other, () => web.post(clicks));
    await expectOne(survivor, other);
    expect(await test.database.event.count({ where: { leadId: survivor } })).toBe(2);
  });

  it('a mail that is about to leave for the other does not leave (P1)', async () => {
    const [survivor, other] = [await nurtured(), await nurtured()];
    const enrollment = await enrollmentOf(other);
    expect(await whileMerging(survivor, other, () => claim(other, enrollment, 'a'))).toBeNull();
    await expectOne(survivor, other);
  });

  it('a mail that the other had does not leave for the survivor (P1)', async () => {
    const [survivor, other] = [await nurtured(), await nurtured('a')];
    const enrollment = await enrollmentOf(survivor);
    expect(await whileMerging(survivor, other, () => claim(survivor, enrollment, 'a'))).toBeNull();
    await expectOne(survivor, other);
  });

  it('a turn of either decides anew', async () => {
    for (const which of [0, 1]) {
      const leads = [await nurtured(), await nurtured()] as const;
      for (const lead of leads)
        await ingestEvents(test.database, [anArrival(lead, { kind: 'reply', at })], at);
      await whileMerging(...leads, () => worker.turn(leads[which] ?? leads[0]));
      await expectOne(...leads);
      expect(await test.database.escalation.count({ where: { leadId: leads[0] } })).toBe(
        which === 0 ? 1 : 0,
      );
    }
  });

  it('an import that names the other tells of the survivor', async () => {
    const [survivor, other] = [await nurtured(), await nurtured()];
    const old = await addressOf(other);
    const row = aRow(old, {
      fields: { ...noFields, region: 'Nord' },
      conversions: [{ name: 'Guide', at }],
    });
    await whileMerging(survivor, other, () => bringIn(test.database, [row], at));
    await expectOne(survivor, other);
    expect(await leadByAddress(test.database, old)).toBe(survivor);
    const lead = await test.database.lead.findUniqueOrThrow({ where: { id: survivor } });
    expect(lead.region).toBe('Nord');
    expect(await test.database.event.count({ where: { leadId: survivor } })).toBe(1);
  });

  it('an outcome of the other is the survivor’s', async () => {
    const [survivor, other] = [await nurtured(), await nurtured()];
    const row = {
      address: await addressOf(other),
      kind: 'qualified',
      at,
      reason: null,
      money: null,
      id: newId(),
    } as const;
    await whileMerging(survivor, other, () =>
      unlessDeadlocked(() => storeOutcomes(test.database, [{ source: 'crm', row }], at)),
    );
    await expectOne(survivor, other);
    expect(await test.database.outcome.count({ where: { leadId: survivor } })).toBe(1);
  });
});

/** Does everything at once, in another order for each seed. @returns what went wrong */
async function atOnce(tasks: readonly (() => Promise<unknown>)[], seed: number): Promise<string[]> {
  const [mixed = []] = fc.sample(fc.shuffledSubarray([...tasks], { minLength: tasks.length }), {
    numRuns: 1,
    seed,
  });
  const results = await Promise.allSettled(mixed.map(task => task()));
  return results
    .filter(result => result.status === 'rejected')
    .map(({ reason }) => sqlState(reason) ?? String(reason));
}

const times = <T>(count: number, of: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => of(n));

describe('merges at the same time', () => {
  it('of a few leads in all directions leave one lead, which has everything', async () => {
    const leads = [
      await nurtured('a'),
      await nurtured('b'),
      await nurtured('c'),
      await nurtured('a'),
    ];
    for (const lead of leads) await web.post([anArrival(lead, { at })]);
    const tasks = leads.flatMap(survivor =>
      leads.map(merged => () => mergeLeads(test.database, { survivor, merged, ...byUs }, at)),
    );
    expect(await atOnce(tasks, 1)).toEqual([]);
    const merges = await test.database.merge.findMany({ where: { mergedId: { in: leads } } });
    expect(merges).toHaveLength(3);
    const survivor = merges[0]?.survivorId as LeadId;
    for (const { survivorId, mergedId } of merges) {
      expect(survivorId).toBe(survivor);
      await expectOne(survivor, mergedId as LeadId);
    }
    expect(await test.database.event.count({ where: { leadId: survivor } })).toBe(4);
    expect(
      await atOnce(
        merges.map(
          ({ id }) =>
            () =>
              undoMerge(test.database, id as never, at),
        ),
        2,
      ),
    ).toEqual([]);
    for (const lead of leads) {
      expect(await test.database.event.count({ where: { leadId: lead } })).toBe(1);
      expect(await test.database.send.count({ where: { leadId: lead, mergeId: null } })).toBe(1);
    }
  });
});

describe('of all that happens to two leads while they are merged and parted again', () => {
  it.each([1, 2])('nothing is refused, lost or done twice (%i)', async seed => {
    const [survivor, other] = [await nurtured('a'), await nurtured('a', 'b')];
    const leads = [survivor, other];
    const addresses = [await addressOf(survivor), await addressOf(other)];
    const enrollments = [await enrollmentOf(survivor), await enrollmentOf(other)] as const;
    const events = leads.flatMap((lead, n) => [
      ...times(6, () => anArrival(lead, { at })),
      ...times(6, () => anArrival(lead, { at, leadId: null, address: addresses[n] ?? null })),
    ]);
    const sent: string[] = [];
    const merge = async () => {
      const result = await mergeLeads(test.database, { survivor, merged: other, ...byUs }, at);
      if ('merge' in result) await undoMerge(test.database, result.merge, at);
    };
    const tasks = [
      ...events.map(event => () => web.post([event])),
      ...leads.flatMap(lead =>
        // What is ended for another to go on is tried again, as Temporal does.
        times(4, () => () => unlessDeadlocked(() => worker.turn(lead))),
      ),
      ...addresses.flatMap(of =>
        times(
          3,
          n => () =>
            bringIn(test.database, [aRow(of, { conversions: [{ name: `Guide ${n}`, at }] })], at),
        ),
      ),
      ...leads.flatMap((lead, n) =>
        times(4, step => async () => {
          const mail = `m${step}`;
          const made = await claim(lead, enrollments[n] ?? enrollments[0], mail);
          if (made !== null) sent.push(`${made.address} ${mail}`);
        }),
      ),
      ...times(3, () => merge),
    ];
    expect(await atOnce(tasks, seed)).toEqual([]);
    const last = await mergeLeads(test.database, { survivor, merged: other, ...byUs }, at);
    expect(last).toMatchObject({ survivor });
    await expectOne(survivor, other);
    expect(await test.database.event.count({ where: { leadId: survivor } })).toBe(
      events.length + 6,
    );
    expect(new Set(sent).size).toBe(sent.length);
    if (!('merge' in last)) return;
    await undoMerge(test.database, last.merge, at);
    for (const lead of leads)
      expect(await test.database.event.count({ where: { leadId: lead } })).toBe(12 + 3);
  });
});
