import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LeadId } from '../../domain/ids.ts';
import { day, hour, minute } from '../../domain/instant.ts';
import { idle } from '../../engine/virtual-time.ts';
import { sql } from '../../store/database.ts';
import { startApp, type App } from '../app.ts';
import { stepsOf } from '../nurtured.ts';
import {
  cancel,
  currentRun,
  reset,
  resetPoints,
  signal,
  statusOf,
  sweep,
  sweepUntil,
  terminate,
} from '../ops.ts';
import { aLead, bestFit, enrollmentOf, later, settled, until } from '../program.ts';

let app: App;
beforeAll(async () => {
  app = await startApp('2026-03-02T08:00:00Z');
});
afterEach(() => {
  app.sandbox.faults = { delayMs: 0 };
});
afterAll(() => app.stop());

interface BeingMailed {
  lead: LeadId;
  workflowId: string;
}

/** Does something while a lead's first mail is on its way: what comes of the call is recorded only after it. */
async function duringDelivery(work: (being: BeingMailed) => Promise<void>): Promise<BeingMailed> {
  app.sandbox.faults = { delayMs: 1_500 };
  const lead = await aLead(app, bestFit);
  await app.engine.intake(lead, 1, { shift: app.clock.shift() });
  while ((await app.database.send.count({ where: { leadId: lead } })) === 0) await sleep(20);
  const being = { lead, workflowId: `nurture/${(await enrollmentOf(app, lead)).id}` };
  await app.database.transaction(async session => {
    await session.$queryRaw(sql`SELECT id FROM send WHERE lead_id = ${lead}::uuid FOR UPDATE`);
    await work(being);
    expect(await sendOf(lead)).toMatchObject({ state: 'dispatching' });
  });
  app.sandbox.faults = { delayMs: 0 };
  await expect.poll(async () => (await sendOf(lead)).state).toBe('accepted');
  await settled(app, lead);
  return being;
}

const sendOf = (lead: LeadId) => app.database.send.findFirstOrThrow({ where: { leadId: lead } });

describe('while a mail is on its way', () => {
  it('a terminated run is started again, waits for what becomes of the mail, and goes on after it', async () => {
    const { lead } = await duringDelivery(async ({ workflowId }) => {
      await terminate(app, workflowId);
      app.clock.at = later(app, minute);
      await sweepUntil(app, async () => (await statusOf(app, workflowId)) === 'RUNNING');
      await idle(app.client, workflowId);
    });
    await until(app, lead, later(app, hour));
    expect(await stepsOf(app, lead)).toEqual(['01-welcome']);
    await until(app, lead, later(app, 60 * day));
    expect(await stepsOf(app, lead)).toHaveLength(5);
    expect((await enrollmentOf(app, lead)).endReason).toBe('finished');
  });

  it('a cancellation closes the row; the mail is recorded, and none follows', async () => {
    const { lead, workflowId } = await duringDelivery(async being => {
      await cancel(app, being.workflowId);
      await expect.poll(() => statusOf(app, being.workflowId)).toBe('CANCELED');
    });
    expect(await enrollmentOf(app, lead)).toMatchObject({ endReason: 'cancelled by ops' });
    app.clock.at = later(app, minute);
    await sweep(app);
    expect(await statusOf(app, workflowId)).toBe('CANCELED');
    expect(await stepsOf(app, lead)).toEqual(['01-welcome']);
  });

  it('a reset sends it no second time, wherever it goes back to', async () => {
    const { lead, workflowId } = await duringDelivery(async being => {
      await signal(app, being.workflowId, 'pause');
      await signal(app, being.workflowId, 'resume');
    });
    const run = await currentRun(app, workflowId);
    const { cursor, endedAt } = await enrollmentOf(app, lead);
    const points = await resetPoints(app, run);
    expect(points.length).toBeGreaterThan(3);
    for (const point of points) {
      await reset(app, run, point);
      await settled(app, lead);
      expect(await stepsOf(app, lead)).toEqual(['01-welcome']);
      expect(await enrollmentOf(app, lead)).toMatchObject({ cursor, endedAt, pausedAt: null });
    }
    await until(app, lead, later(app, 60 * day));
    expect(await stepsOf(app, lead)).toHaveLength(5);
  });

  it('a pause that a reset says again keeps the wait after the mail, not the one before it (P9)', async () => {
    const { lead, workflowId } = await duringDelivery(async being => {
      const run = await currentRun(app, being.workflowId);
      await signal(app, being.workflowId, 'pause');
      const [first = 0] = await resetPoints(app, run);
      await reset(app, run, first);
    });
    const paused = await enrollmentOf(app, lead);
    expect(Number(paused.remainingMs)).toBeGreaterThan(4 * day - minute);
    await signal(app, workflowId, 'resume');
    await settled(app, lead);
    await until(app, lead, later(app, 4 * day - minute));
    expect(await stepsOf(app, lead)).toEqual(['01-welcome']);
  });
});
