import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportId, LeadId } from '../../domain/ids.ts';
import { day, minute, plus } from '../../domain/instant.ts';
import { idle } from '../../engine/virtual-time.ts';
import { sql } from '../../store/database.ts';
import { ingestEvents } from '../../store/event.ts';
import { startApp, type App } from '../app.ts';
import { aNurturedLead, nurtureOf, stepsOf } from '../nurtured.ts';
import {
  batch,
  cancel,
  currentRun,
  signal,
  statusOf,
  sweep,
  sweepUntil,
  terminate,
} from '../ops.ts';
import {
  aLead,
  anArrival,
  anImport,
  answer,
  bestFit,
  does,
  enrollmentOf,
  escalationsOf,
  later,
  settled,
  takeIn,
  until,
} from '../program.ts';

let app: App;
beforeAll(async () => {
  app = await startApp('2026-03-02T08:00:00Z');
});
afterAll(() => app.stop());

const verbs = [
  ['terminated', terminate],
  ['cancelled', cancel],
] as const;
const demo = { kind: 'form', subject: 'Book a demo' } as const;
const isRunning = async (id: string) => (await statusOf(app, id)) === 'RUNNING';

/** Lets a minute pass, which makes rows old enough for the sweep, and sweeps until a workflow runs. */
async function startedAgain(lead: LeadId, ...workflowIds: string[]): Promise<void> {
  app.clock.at = later(app, minute);
  await sweepUntil(app, async () => (await Promise.all(workflowIds.map(isRunning))).every(Boolean));
  await settled(app, lead);
}

describe('a lead whose workflow is terminated', () => {
  it('goes on at its cursor, started once however many sweeps there are, and is mailed nothing twice', async () => {
    const lead = await aNurturedLead(app);
    await until(app, lead, later(app, 9 * day));
    const id = await nurtureOf(app, lead);
    const { cursor, dueAt, wakeAt } = await enrollmentOf(app, lead);
    await terminate(app, id);
    app.clock.at = later(app, minute);
    await sweepUntil(app, async () => {
      await Promise.all([sweep(app), sweep(app), sweep(app)]);
      return isRunning(id);
    });
    await settled(app, lead);
    const run = await currentRun(app, id);
    await Promise.all([sweep(app), sweep(app)]);
    expect(await currentRun(app, id)).toEqual(run);
    expect(await enrollmentOf(app, lead)).toMatchObject({ cursor, dueAt, wakeAt });
    await until(app, lead, later(app, 60 * day));
    const steps = await stepsOf(app, lead);
    expect(steps).toHaveLength(5);
    expect(new Set(steps).size).toBe(5);
    expect((await enrollmentOf(app, lead)).endReason).toBe('finished');
  });

  it('stays paused if it was, and is resumed as any other', async () => {
    const lead = await aNurturedLead(app);
    const id = await nurtureOf(app, lead);
    await until(app, lead, later(app, day));
    await signal(app, id, 'pause');
    await settled(app, lead);
    const { pausedAt, remainingMs } = await enrollmentOf(app, lead);
    await terminate(app, id);
    await until(app, lead, later(app, 20 * day));
    await startedAgain(lead, id);
    expect(await enrollmentOf(app, lead)).toMatchObject({ pausedAt, remainingMs });
    await signal(app, id, 'resume');
    await settled(app, lead);
    await until(app, lead, later(app, 9 * day));
    // How many follow within the days is the calendar's affair.
    const [first, second, ...rest] = await stepsOf(app, lead);
    expect([first, second]).toEqual(['01-welcome', '02-what-a-stop-costs']);
    expect(rest.length).toBeLessThan(2);
  });

  it('is among many that a batch terminated: every one is started again', async () => {
    const { importId, leads } = await anImport(app, 30);
    await app.engine.importIntake(importId, { shift: app.clock.shift() });
    await app.client.workflow.getHandle(`intake/${importId}`).result();
    for (const lead of leads) await settled(app, lead);
    const ids = await Promise.all(leads.map(lead => nurtureOf(app, lead)));
    const query = `WorkflowType = "nurture" AND ExecutionStatus = "Running"`;
    await expect.poll(async () => (await app.client.workflow.count(query)).count >= 30).toBe(true);
    await batch(app, query, { terminationOperation: {} });
    for (const id of ids) expect(await isRunning(id)).toBe(false);
    app.clock.at = later(app, minute);
    await sweepUntil(app, async () => (await Promise.all(ids.map(isRunning))).every(Boolean));
    for (const lead of leads) await settled(app, lead);
    expect(await app.database.send.count({ where: { leadId: { in: leads } } })).toBe(30);
  });
});

describe('an escalation', () => {
  it.each(verbs)(
    'that is %s is started again; its rep is told once, and answers (P3)',
    async (_, end) => {
      const lead = await aNurturedLead(app);
      await does(app, lead, demo);
      const id = `escalation/${(await escalationsOf(app, lead))[0]?.id ?? ''}`;
      const told = app.sandbox.outbox.count;
      await end(app, id);
      await expect.poll(() => isRunning(id)).toBe(false);
      await startedAgain(lead, id);
      expect(app.sandbox.outbox.count).toBe(told);
      expect(await escalationsOf(app, lead)).toMatchObject([{ state: 'assigned', endedAt: null }]);
      await answer(app, lead, 'rejected', 'not now');
      await settled(app, lead);
      expect(await escalationsOf(app, lead)).toMatchObject([{ state: 'rejected' }]);
      expect(await enrollmentOf(app, lead)).toMatchObject({ endedAt: null });
    },
  );

  it('among many that a batch cancels by their sequence is started again; the others have left', async () => {
    const [nurtured, escalated] = [await aNurturedLead(app), await aNurturedLead(app)];
    await does(app, escalated, demo);
    const id = `escalation/${(await escalationsOf(app, escalated))[0]?.id ?? ''}`;
    const query = `Sequence = "c-nurture" AND ExecutionStatus = "Running" AND LeadId IN ("${nurtured}", "${escalated}")`;
    await expect.poll(async () => (await app.client.workflow.count(query)).count).toBe(2);
    expect(await batch(app, query, { cancellationOperation: {} })).toEqual({ done: 2 });
    await expect.poll(() => isRunning(id)).toBe(false);
    await settled(app, nurtured);
    await startedAgain(escalated, id);
    expect((await enrollmentOf(app, nurtured)).endReason).toBe('cancelled by ops');
    expect(await escalationsOf(app, escalated)).toMatchObject([{ endedAt: null }]);
  });

  it('takes no notice of pause, resume and stop', async () => {
    const lead = await aNurturedLead(app);
    await does(app, lead, demo);
    const before = await escalationsOf(app, lead);
    const id = `escalation/${before[0]?.id ?? ''}`;
    for (const verb of ['pause', 'resume', 'stop'] as const) await signal(app, id, verb);
    await settled(app, lead);
    expect(await escalationsOf(app, lead)).toMatchObject([{ state: 'assigned', endedAt: null }]);
    expect(await isRunning(id)).toBe(true);
  });
});

describe('an intake', () => {
  it.each(verbs)(
    'that is %s while a click is held takes the lead in when the hold ends',
    async (_, end) => {
      const lead = await aLead(app, bestFit);
      const at = app.clock.now();
      const click = { kind: 'click', subject: 'https://a.example', at } as const;
      const pricing = { kind: 'page', subject: '/pricing', at } as const;
      const pages = Array.from({ length: 4 }, () => ({ kind: 'page', subject: '/', at }) as const);
      const events = [{ ...click, holdUntil: plus(at, minute) }, pricing, pricing, ...pages];
      await ingestEvents(
        app.database,
        events.map(event => anArrival(lead, event)),
        at,
      );
      await takeIn(app, lead);
      const { revision } = await app.database.lead.findUniqueOrThrow({ where: { id: lead } });
      const id = `intake/${lead}/${revision}`;
      expect(await isRunning(id)).toBe(true);
      await end(app, id);
      await expect.poll(() => isRunning(id)).toBe(false);
      app.clock.at = later(app, 2 * minute);
      await sweep(app);
      await idle(app.client, id);
      await settled(app, lead);
      // The click takes it over the line.
      expect(await escalationsOf(app, lead)).toMatchObject([{ cause: 'crossing' }]);
      await sweep(app);
      expect(await isRunning(id)).toBe(false);
    },
  );
});

describe('an import', () => {
  it.each(verbs)(
    'that is %s in the middle of a page is taken in to its end, each lead once',
    async (_, end) => {
      const { importId, leads } = await anImport(app, 30);
      const id = `intake/${importId}`;
      await app.database.transaction(async session => {
        // The page's leads are enrolled together, so all of them wait for this one.
        await session.$queryRaw(sql`SELECT id FROM lead WHERE id = ${leads[7]}::uuid FOR UPDATE`);
        await app.engine.importIntake(importId, { shift: app.clock.shift() });
        await expect.poll(() => hasActivity(id)).toBe(true);
        await end(app, id);
        await expect.poll(() => isRunning(id)).toBe(false);
      });
      expect(await finishedAt(importId)).toBeNull();
      app.clock.at = later(app, minute);
      await sweepUntil(app, async () => (await finishedAt(importId)) !== null);
      for (const lead of leads) await settled(app, lead);
      const own = { where: { leadId: { in: leads } } };
      expect(await app.database.enrollment.count(own)).toBe(30);
      expect(await app.database.openSlot.count(own)).toBe(30);
      expect(await app.database.send.count(own)).toBe(30);
    },
  );
});

async function hasActivity(workflowId: string): Promise<boolean> {
  const { pendingActivities } = await app.client.workflowService.describeWorkflowExecution({
    namespace: app.client.options.namespace,
    execution: { workflowId },
  });
  return pendingActivities.length > 0;
}

async function finishedAt(id: ImportId): Promise<Date | null> {
  return (await app.database.import.findUniqueOrThrow({ where: { id } })).finishedAt;
}
