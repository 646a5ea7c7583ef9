import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hour, minute, plus } from '../../domain/instant.ts';
import { instant } from '../../domain/instant.ts';
import { ingestEvents } from '../../store/event.ts';
import { startApp, type App } from '../app.ts';
import {
  aLead,
  anArrival,
  anImport,
  bestFit,
  does,
  enrollmentOf,
  escalationsOf,
  settled,
  takeIn,
} from '../program.ts';

// The sweep runs in real time alone, so the domain's time is the real one here.
let app: App;
beforeAll(async () => {
  app = await startApp('now');
});
afterAll(() => app.stop());

async function sweep(): Promise<void> {
  await app.client.workflow.execute('sweep', {
    taskQueue: 'lockstep',
    workflowId: `sweep-${Date.now()}`,
    args: [],
  });
}

/** Makes what was written look as if it had been written long enough ago. */
async function age(table: 'lead' | 'enrollment' | 'escalation'): Promise<void> {
  const column = table === 'lead' ? 'revised_at' : 'created_at';
  await app.database.$executeRawUnsafe(
    `UPDATE ${table} SET ${column} = ${column} - interval '10 minutes'`,
  );
}

const isRunning = async (id: string) => {
  try {
    return (await app.client.workflow.getHandle(id).describe()).status.name === 'RUNNING';
  } catch {
    return false;
  }
};

describe('the sweep', () => {
  it('starts a terminated workflow again at its cursor, and nothing is sent twice', async () => {
    const lead = await aLead(app, bestFit);
    await takeIn(app, lead);
    const { id } = await enrollmentOf(app, lead);
    const sent = app.sandbox.outbox.count;
    await app.client.workflow.getHandle(`nurture/${id}`).terminate('ops try it');
    await age('enrollment');
    // Visibility is written a moment after the history.
    for (let attempt = 0; attempt < 30 && !(await isRunning(`nurture/${id}`)); attempt++) {
      await sweep();
      await new Promise(resolve => setTimeout(resolve, 200));
    }
    await settled(app, lead);
    expect(await isRunning(`nurture/${id}`)).toBe(true);
    expect(app.sandbox.outbox.count).toBe(sent);
  });

  it('starts the workflow of an enrollment whose start was cut off', async () => {
    const lead = await aLead(app, bestFit);
    const version = await app.database.sequence.findUniqueOrThrow({ where: { name: 'c-nurture' } });
    const id = crypto.randomUUID();
    const past = new Date(Date.now() - hour);
    await app.database.transaction(async session => {
      await session.enrollment.create({
        data: {
          id,
          leadId: lead,
          versionId: version.currentId,
          originKey: `test/${id}`,
          dueAt: new Date(),
          wakeAt: past,
          createdAt: past,
        },
      });
      await session.openSlot.create({ data: { leadId: lead, enrollmentId: id } });
    });
    await sweep();
    await settled(app, lead);
    expect(await isRunning(`nurture/${id}`)).toBe(true);
    expect((await enrollmentOf(app, lead)).turnedAt).not.toBeNull();
  });

  it('nudges a lead whose nudge was lost, also one that is in nothing (P7)', async () => {
    const nurtured = await aLead(app, bestFit);
    await takeIn(app, nurtured);
    const resting = await aLead(app, bestFit);
    for (const lead of [nurtured, resting]) {
      const at = app.clock.now();
      await ingestEvents(
        app.database,
        [anArrival(lead, { kind: 'form', subject: 'Book a demo', at: instant(Date.now()) })],
        at,
      );
    }
    await sweep();
    expect(await escalationsOf(app, nurtured)).toEqual([]);
    await age('lead');
    await sweep();
    for (const lead of [nurtured, resting]) {
      await settled(app, lead);
      expect(await escalationsOf(app, lead)).toHaveLength(1);
    }
  });

  it('starts an escalation again that ops terminated; only an answer ends it', async () => {
    const lead = await aLead(app, bestFit);
    await takeIn(app, lead);
    await does(app, lead, { kind: 'form', subject: 'Book a demo' });
    const [escalation] = await escalationsOf(app, lead);
    const id = `escalation/${escalation?.id ?? ''}`;
    const told = app.sandbox.outbox.count;
    await app.client.workflow.getHandle(id).terminate('ops try it');
    await age('escalation');
    for (let attempt = 0; attempt < 30 && !(await isRunning(id)); attempt++) {
      await sweep();
      await new Promise(resolve => setTimeout(resolve, 200));
    }
    await settled(app, lead);
    expect(await isRunning(id)).toBe(true);
    expect(app.sandbox.outbox.count).toBe(told);
  });

  it('starts the workflow of a lead that has news, when there is none to be nudged', async () => {
    const lead = await aLead(app, bestFit);
    await takeIn(app, lead);
    const { id } = await enrollmentOf(app, lead);
    await app.client.workflow.getHandle(`nurture/${id}`).terminate('ops try it');
    const arrival = anArrival(lead, { kind: 'form', subject: 'Book a demo', at: app.clock.now() });
    await ingestEvents(app.database, [arrival], app.clock.now());
    await age('lead');
    await sweep();
    await settled(app, lead);
    expect(await escalationsOf(app, lead)).toHaveLength(1);
  });

  it('starts every open row again after Temporal has lost its store, paused ones too', async () => {
    const leads = await Promise.all(Array.from({ length: 12 }, () => aLead(app, bestFit)));
    for (const lead of leads) await takeIn(app, lead);
    const ids = await Promise.all(
      leads.map(async lead => `nurture/${(await enrollmentOf(app, lead)).id}`),
    );
    await app.client.workflow.getHandle(ids[0] ?? '').signal('pause');
    await settled(app, leads[0] as never);
    for (const id of ids) {
      await app.client.workflow.getHandle(id).terminate();
      await app.client.workflowService.deleteWorkflowExecution({
        namespace: app.client.options.namespace,
        workflowExecution: { workflowId: id },
      });
    }
    await age('enrollment');
    const missing = async () =>
      (await Promise.all(ids.map(isRunning))).filter(running => !running).length;
    for (let attempt = 0; attempt < 30 && (await missing()) > 0; attempt++) {
      await sweep();
      await new Promise(resolve => setTimeout(resolve, 200));
    }
    expect(await missing()).toBe(0);
    for (const lead of leads) await settled(app, lead);
  });

  it('is not put off by workflows of others', async () => {
    const other = await app.client.workflow.start('other', {
      taskQueue: 'other',
      workflowId: 'order/1234',
      args: [],
    });
    await other.terminate();
    await sweep();
  });

  it('takes an import in to its end whose workflow was never started', async () => {
    const { importId, leads } = await anImport(app, 120);
    await app.database.import.update({
      where: { id: importId },
      data: { createdAt: new Date(plus(app.clock.now(), -10 * minute)) },
    });
    await sweep();
    for (let attempt = 0; attempt < 200; attempt++) {
      const row = await app.database.import.findUniqueOrThrow({ where: { id: importId } });
      if (row.finishedAt !== null) break;
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    const open = await app.database.openSlot.count({ where: { leadId: { in: leads } } });
    expect(open).toBe(120);
  });
});
