import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { day } from '../../domain/instant.ts';
import { startApp, type App } from '../app.ts';
import {
  aLead,
  bestFit,
  does,
  enrollmentOf,
  later,
  mailsTo,
  search,
  settled,
  takeIn,
  until,
} from '../program.ts';

let app: App;
beforeAll(async () => {
  app = await startApp('2026-03-02T08:00:00Z');
});
afterAll(() => app.stop());

const steps = async (lead: Parameters<typeof mailsTo>[1]) =>
  (await mailsTo(app, lead)).map(({ customArgs }) => customArgs.step);

describe('ops', () => {
  it('shows ops where a lead stands, and finds it by what they look for', async () => {
    const lead = await aLead(app, bestFit);
    await takeIn(app, lead);
    const { id } = await enrollmentOf(app, lead);
    const handle = app.client.workflow.getHandle(`nurture/${id}`);
    await handle.signal('pause');
    await settled(app, lead);
    expect(
      await search(
        app,
        `Grade = "C" AND Sequence = "c-nurture" AND Stage = "paused" AND LeadId = "${lead}"`,
      ),
    ).toEqual([`nurture/${id}`]);
    const metadata = await handle.query<{ currentDetails?: string }>(
      '__temporal_workflow_metadata',
    );
    expect(metadata.currentDetails).toContain('C lead, paused');
    await handle.signal('resume');
    await settled(app, lead);
    expect(
      (await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata'))
        .currentDetails,
    ).toContain('Next mail: **02-what-a-stop-costs**');
  });

  it('holds a pause for weeks, scores on, and resumes at the same step (P9)', async () => {
    const lead = await aLead(app, bestFit);
    await takeIn(app, lead);
    const { id } = await enrollmentOf(app, lead);
    const handle = app.client.workflow.getHandle(`nurture/${id}`);
    await handle.signal('pause');
    await settled(app, lead);
    await until(app, lead, later(app, 30 * day));
    expect(await steps(lead)).toEqual(['01-welcome']);
    await handle.signal('resume');
    await settled(app, lead);
    expect(await steps(lead)).toEqual(['01-welcome']);
    await until(app, lead, later(app, 12 * day));
    expect((await steps(lead))[1]).toBe('02-what-a-stop-costs');
  });

  it('ends by stop, and by cancelling the workflow, with who ended it', async () => {
    for (const [end, reason] of [
      ['stop', 'stopped by ops'],
      ['cancel', 'cancelled by ops'],
    ] as const) {
      const lead = await aLead(app, bestFit);
      await takeIn(app, lead);
      const handle = app.client.workflow.getHandle(`nurture/${(await enrollmentOf(app, lead)).id}`);
      await (end === 'stop' ? handle.signal('stop') : handle.cancel());
      await settled(app, lead);
      expect((await enrollmentOf(app, lead)).endReason).toBe(reason);
      // It rests: what the lead does later starts no sequence by itself.
      await does(app, lead, { kind: 'page', subject: '/' });
      expect(await app.database.openSlot.findUnique({ where: { leadId: lead } })).toBeNull();
    }
  });

  it('comes to no harm by a reset to its beginning', async () => {
    const lead = await aLead(app, bestFit);
    await takeIn(app, lead);
    await until(app, lead, later(app, 9 * day));
    const before = await steps(lead);
    const { id } = await enrollmentOf(app, lead);
    const { runId } = await app.client.workflow.getHandle(`nurture/${id}`).describe();
    await app.client.workflowService.resetWorkflowExecution({
      namespace: app.client.options.namespace,
      workflowExecution: { workflowId: `nurture/${id}`, runId },
      reason: 'ops try it',
      workflowTaskFinishEventId: 4 as never,
      requestId: id,
    });
    await settled(app, lead);
    expect(await steps(lead)).toEqual(before);
    expect((await enrollmentOf(app, lead)).endedAt).toBeNull();
  });
});
