import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EnrollmentId, LeadId } from '../../domain/ids.ts';
import { day, instant, minute, plus, second } from '../../domain/instant.ts';
import { switchMail } from '../../store/control.ts';
import { newId, sql } from '../../store/database.ts';
import { ingestEvents } from '../../store/event.ts';
import {
  claimSend,
  giveUpOn,
  giveUpOnLost,
  releaseSend,
  settleSend,
  type Claim,
  type Dispatch,
} from '../../store/send.ts';
import { suppress } from '../../store/suppression.ts';
import { sayWish } from '../../store/wish.ts';
import { createDatabase, type TestDatabase } from '../database.ts';
import { address, aLead, anArrival } from '../program.ts';

let test: TestDatabase;
const at = instant(Date.parse('2026-03-02T08:00:00Z'));
const clock = { now: () => at, shift: () => 0 };
beforeAll(async () => {
  test = await createDatabase(30);
});
afterAll(() => test.drop());

async function anEnrolledLead(): Promise<Dispatch & { leadId: LeadId }> {
  const { database } = test;
  const leadId = await aLead({ database, clock });
  const version = await database.sequenceVersion.findFirstOrThrow();
  const enrollmentId = newId<EnrollmentId>();
  await database.transaction(async session => {
    const moment = new Date(at);
    await session.enrollment.create({
      data: {
        id: enrollmentId,
        leadId,
        versionId: version.id,
        originKey: newId(),
        dueAt: moment,
        wakeAt: moment,
        createdAt: moment,
      },
    });
    await session.openSlot.create({ data: { leadId, enrollmentId } });
  });
  return {
    enrollmentId,
    leadId,
    stepKey: 'first',
    contentKey: 'test/first',
    caps: [{ mails: 2, since: instant(0) }],
    at,
  };
}

const settlement = {
  state: 'accepted',
  providerId: null,
  reason: null,
  cursor: 1,
  dueAt: at,
  wakeAt: at,
} as const;
const claimed = (claim: Claim | null): Claim => {
  if (claim === null) throw new Error('Nothing was claimed.');
  return claim;
};

/** How many statements wait for what another holds. */
async function lockWaits(): Promise<number> {
  const [row] = await test.database.$queryRaw<{ count: number }[]>(sql`
    SELECT count(*)::int FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'`);
  return row?.count ?? 0;
}

describe('the ledger', () => {
  it('lets one of many attempts at the same mail through (P1)', async () => {
    const dispatch = await anEnrolledLead();
    const claims = await Promise.all(
      Array.from({ length: 20 }, () => claimSend(test.database, dispatch)),
    );
    expect(claims.filter(claim => claim !== null)).toHaveLength(1);
  });

  it('lets the same content go out once, in whichever enrollment (P1)', async () => {
    const dispatch = await anEnrolledLead();
    claimed(await claimSend(test.database, dispatch));
    expect(await claimSend(test.database, { ...dispatch, stepKey: 'second' })).toBeNull();
  });

  it('never mails a suppressed address, even one suppressed a moment before (P2)', async () => {
    const dispatch = await anEnrolledLead();
    const lead = await test.database.lead.findUniqueOrThrow({ where: { id: dispatch.leadId } });
    await suppress(test.database, [address(lead.address ?? '')], 'unsubscribe', at);
    expect(await claimSend(test.database, dispatch)).toBeNull();
  });

  it('never mails whoever said a moment before that they want to be left alone', async () => {
    const dispatch = await anEnrolledLead();
    const say = (wish: 'stay' | 'quiet') => sayWish(test.database, dispatch.leadId, wish, at);
    await say('stay');
    await say('quiet');
    expect(await claimSend(test.database, dispatch)).toBeNull();
    await say('stay');
    expect(await claimSend(test.database, dispatch)).not.toBeNull();
  });

  it('waits for the end of an enrollment that is being committed, and then sends nothing', async () => {
    const dispatch = await anEnrolledLead();
    const where = { id: dispatch.enrollmentId };
    const claims: Promise<Claim | null>[] = [];
    await test.database.transaction(async session => {
      await session.enrollment.update({
        where,
        data: { endedAt: new Date(at), endReason: 'escalated' },
      });
      await session.openSlot.delete({ where: { leadId: dispatch.leadId } });
      claims.push(claimSend(test.database, dispatch));
      while ((await lockWaits()) === 0) await sleep(5);
    });
    expect(await Promise.all(claims)).toEqual([null]);
  });

  it('sends nothing while the enrollment is paused, ended, or all mail is off', async () => {
    const dispatch = await anEnrolledLead();
    const change = (data: object) =>
      test.database.enrollment.update({ where: { id: dispatch.enrollmentId }, data });
    await change({ pausedAt: new Date(), remainingMs: 0 });
    expect(await claimSend(test.database, dispatch)).toBeNull();
    await change({ pausedAt: null, remainingMs: null });
    await switchMail(test.database, 'off', at);
    expect(await claimSend(test.database, dispatch)).toBeNull();
    await switchMail(test.database, 'on', at);
    expect(await claimSend(test.database, dispatch)).not.toBeNull();
  });

  it('keeps to the cap at the last moment', async () => {
    const dispatch = { ...(await anEnrolledLead()), caps: [{ mails: 1, since: instant(0) }] };
    claimed(await claimSend(test.database, dispatch));
    expect(
      await claimSend(test.database, { ...dispatch, stepKey: 'second', contentKey: 'test/second' }),
    ).toBeNull();
  });

  it('takes a row back when the mail was proven not to have left, and then it can be tried again', async () => {
    const dispatch = await anEnrolledLead();
    await releaseSend(test.database, claimed(await claimSend(test.database, dispatch)));
    expect(await claimSend(test.database, dispatch)).not.toBeNull();
  });

  it('is settled by the attempt that holds it, once', async () => {
    const dispatch = await anEnrolledLead();
    const claim = claimed(await claimSend(test.database, dispatch));
    expect(await settleSend(test.database, { ...claim, token: newId() }, settlement, at)).toBe(
      false,
    );
    expect(await settleSend(test.database, claim, settlement, at)).toBe(true);
    expect(
      await settleSend(test.database, claim, { ...settlement, state: 'refused', reason: 'x' }, at),
    ).toBe(false);
    expect(await test.database.send.findUnique({ where: { id: claim.sendId } })).toMatchObject({
      state: 'accepted',
    });
    expect(
      await test.database.enrollment.findUnique({ where: { id: dispatch.enrollmentId } }),
    ).toMatchObject({ cursor: 1 });
  });

  it('keeps the wait after a mail that was on its way when its enrollment was paused (P9)', async () => {
    const dispatch = await anEnrolledLead();
    const claim = claimed(await claimSend(test.database, dispatch));
    const where = { id: dispatch.enrollmentId };
    const pausedAt = new Date(plus(at, second));
    await test.database.enrollment.update({ where, data: { pausedAt, remainingMs: 0 } });
    await settleSend(test.database, claim, { ...settlement, dueAt: plus(at, 4 * day) }, at);
    expect(await test.database.enrollment.findUnique({ where })).toMatchObject({
      pausedAt,
      remainingMs: BigInt(4 * day - second),
    });
  });

  it('is known to have left when an event told so, also before the answer was given up on', async () => {
    for (const end of ['cut off', 'no answer'] as const) {
      const dispatch = await anEnrolledLead();
      const claim = claimed(await claimSend(test.database, dispatch));
      const told = { kind: 'delivered', sendId: claim.sendId, at } as const;
      await ingestEvents(test.database, [anArrival(dispatch.leadId, told)], at);
      if (end === 'cut off') await giveUpOn(test.database, claim.sendId, at);
      else await settleSend(test.database, claim, { ...settlement, state: 'unknown' }, at);
      expect(await test.database.send.findUnique({ where: { id: claim.sendId } })).toMatchObject({
        state: 'accepted',
      });
    }
  });

  it('is settled while an event about it is being stored, and neither waits for the other for ever', async () => {
    const { leadId, ...dispatch } = await anEnrolledLead();
    const claim = claimed(await claimSend(test.database, { leadId, ...dispatch }));
    const { settling } = await test.database.transaction(async session => {
      // As an event does: first the lead, then the mail that it tells of.
      await session.$queryRaw(sql`SELECT FROM lead WHERE id = ${leadId}::uuid FOR NO KEY UPDATE`);
      const waitsForTheLead = settleSend(test.database, claim, settlement, at);
      while ((await lockWaits()) === 0) await sleep(5);
      await session.$queryRaw(
        sql`SELECT FROM send WHERE id = ${claim.sendId}::uuid FOR NO KEY UPDATE NOWAIT`,
      );
      return { settling: waitsForTheLead };
    });
    expect(await settling).toBe(true);
  });

  it('does not let an attempt that was given up on settle late', async () => {
    const dispatch = await anEnrolledLead();
    const claim = claimed(await claimSend(test.database, dispatch));
    await giveUpOn(test.database, claim.sendId, at);
    expect(await settleSend(test.database, claim, settlement, at)).toBe(false);
    expect(await test.database.send.findUnique({ where: { id: claim.sendId } })).toMatchObject({
      state: 'unknown',
    });
    await releaseSend(test.database, claim);
    expect(await claimSend(test.database, dispatch)).toBeNull();
  });

  it('is given up on by the sweep when nobody comes back to it, and only then', async () => {
    const [lost, young] = [await anEnrolledLead(), await anEnrolledLead()];
    const cutOff = claimed(await claimSend(test.database, lost));
    const underWay = claimed(await claimSend(test.database, young));
    await test.database.send.update({
      where: { id: cutOff.sendId },
      data: { attemptedAt: new Date(Date.now() - 2 * minute) },
    });
    await giveUpOnLost(test.database, minute, at);
    const states = await test.database.send.findMany({
      where: { id: { in: [cutOff.sendId, underWay.sendId] } },
      orderBy: { id: 'asc' },
      select: { state: true },
    });
    expect(states).toEqual([{ state: 'unknown' }, { state: 'dispatching' }]);
  });
});
