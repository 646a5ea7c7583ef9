import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeadId } from '../../domain/ids.ts';
import { day, hour, instant, plus } from '../../domain/instant.ts';
import { forward, idle } from '../../engine/virtual-time.ts';
import { startApp, type App } from '../app.ts';
import { nurtureOf, stepsOf } from '../nurtured.ts';
import {
  batch,
  cancel,
  currentRun,
  reset,
  resetPoints,
  signal,
  statusOf,
  sweep,
  sweepUntil,
  type Run,
} from '../ops.ts';
import {
  aLead,
  anImport,
  answer,
  bestFit,
  does,
  enrollmentOf,
  escalationsOf,
  later,
  mailsTo,
  settled,
  takeIn,
  until,
} from '../program.ts';

let app: App;
beforeAll(async () => {
  app = await startApp('2026-03-02T08:00:00Z');
});
afterAll(() => app.stop());

const page = { kind: 'page', subject: '/' } as const;
const demo = { kind: 'form', subject: 'Book a demo' } as const;
const wholeSequence = [
  '01-welcome',
  '02-what-a-stop-costs',
  '03-three-plants',
  '04-two-minutes',
  '05-whom-should-i-ask',
];

const escalationOf = async (lead: LeadId) =>
  `escalation/${(await escalationsOf(app, lead)).at(-1)?.id ?? ''}`;
/** A lead that was mailed twice, nudged, paused, nudged again, resumed, and mailed once more. */
async function aLeadWithAPast(): Promise<LeadId> {
  const lead = await aLead(app, bestFit);
  await takeIn(app, lead);
  const id = await nurtureOf(app, lead);
  await does(app, lead, page);
  await until(app, lead, later(app, 9 * day));
  await signal(app, id, 'pause');
  await settled(app, lead);
  await does(app, lead, page);
  await until(app, lead, later(app, 5 * day));
  await signal(app, id, 'resume');
  await settled(app, lead);
  await until(app, lead, later(app, 9 * day));
  return lead;
}

/** Everything that ops, reps and the lead would notice if it changed. */
async function lifeOf(lead: LeadId) {
  const row = await app.database.lead.findUniqueOrThrow({ where: { id: lead } });
  const own = { where: { leadId: lead }, orderBy: { id: 'asc' } } as const;
  const enrollments = await app.database.enrollment.findMany(own);
  return {
    news: row.revision - row.seenRevision,
    armed: row.armed,
    wakeAt: row.wakeAt,
    enrollments: enrollments.map(enrollment => ({ ...enrollment, turnedAt: null })),
    escalations: (await escalationsOf(app, lead)).map(each => ({ ...each, turnedAt: null })),
    slot: await app.database.openSlot.findMany({ where: { leadId: lead } }),
    sends: await app.database.send.findMany(own),
    mails: await mailsTo(app, lead),
    repMails: [...app.sandbox.outbox.all()].filter(
      ({ customArgs }) => customArgs.step === undefined,
    ).length,
  };
}

/**
 * Resets a run to every event there is, one after the other, and finds the lead's life unchanged each
 * time. A run that is reset begins at the moment it is reset to, by its own clock; to be as late as it
 * would be in real time it is forwarded to the present.
 */
async function resetToEveryEvent(lead: LeadId, run: Run, goesOn: boolean): Promise<number> {
  const before = await lifeOf(lead);
  const points = await resetPoints(app, run);
  for (const point of points) {
    await reset(app, run, point);
    await forward(app.client, run.workflowId, app.clock.now());
    // A timer has fired; what it set going is under way a moment later.
    await sleep(50);
    await idle(app.client, run.workflowId);
    const isRunning = async () => (await statusOf(app, run.workflowId)) === 'RUNNING';
    // A cancellation is not said again; that its row is closed the sweep tells it then.
    if (!goesOn) await sweepUntil(app, async () => !(await isRunning()));
    await settled(app, lead);
    expect(await lifeOf(lead), `reset to ${point}`).toEqual(before);
    expect(await isRunning(), `reset to ${point}`).toBe(goesOn);
  }
  return points.length;
}

/** The event after which a run waits because it is paused. */
async function pausedPoint({ workflowId, runId }: Run): Promise<number> {
  const { events } = await app.client.workflow.getHandle(workflowId, runId).fetchHistory();
  const paused = events?.find(
    event => event.workflowExecutionSignaledEventAttributes?.signalName === 'pause',
  );
  // The first event after it asks a turn what to do, the second waits as the turn says.
  const after = (await resetPoints(app, { workflowId, runId })).filter(
    point => point > Number(paused?.eventId),
  );
  return after[1] ?? 0;
}

describe('a reset to any event', () => {
  it('leaves a lead in the middle of its sequence where it is, and it goes on to the end', async () => {
    const lead = await aLeadWithAPast();
    expect(await stepsOf(app, lead)).toEqual(wholeSequence.slice(0, 3));
    const run = await currentRun(app, await nurtureOf(app, lead));
    expect(await resetToEveryEvent(lead, run, true)).toBeGreaterThan(8);
    await until(app, lead, later(app, 60 * day));
    expect(await stepsOf(app, lead)).toEqual(wholeSequence);
    expect((await enrollmentOf(app, lead)).endReason).toBe('finished');
  });

  it('leaves a paused lead paused, with just as much of its wait left', async () => {
    const lead = await aLeadWithAPast();
    await signal(app, await nurtureOf(app, lead), 'pause');
    await settled(app, lead);
    await resetToEveryEvent(lead, await currentRun(app, await nurtureOf(app, lead)), true);
  });

  it('leaves a finished lead finished: each new run ends', async () => {
    const lead = await aLeadWithAPast();
    await until(app, lead, later(app, 60 * day));
    expect((await enrollmentOf(app, lead)).endReason).toBe('finished');
    await resetToEveryEvent(lead, await currentRun(app, await nurtureOf(app, lead)), false);
  });

  it('leaves an escalated lead with its rep, who is told nothing new (P3)', async () => {
    const lead = await aLeadWithAPast();
    await does(app, lead, demo);
    expect(await escalationsOf(app, lead)).toHaveLength(1);
    await resetToEveryEvent(lead, await currentRun(app, await nurtureOf(app, lead)), false);
    await does(app, lead, page);
    await answer(app, lead, 'accepted');
    await resetToEveryEvent(lead, await currentRun(app, await escalationOf(lead)), true);
  });

  it('of an escalation that was answered enrolls the lead no second time', async () => {
    const lead = await aLead(app, bestFit);
    await takeIn(app, lead);
    await does(app, lead, demo);
    await answer(app, lead, 'rejected', 'not now');
    const run = await currentRun(app, await escalationOf(lead));
    await until(app, lead, later(app, 20 * day));
    expect(await stepsOf(app, lead)).toEqual(['01-welcome', '01-fair-enough']);
    await resetToEveryEvent(lead, run, false);
  });

  it('of what ops stopped, or cancelled, brings nothing back', async () => {
    for (const end of ['stop', 'cancel'] as const) {
      const lead = await aLead(app, bestFit);
      await takeIn(app, lead);
      await until(app, lead, later(app, 9 * day));
      const id = await nurtureOf(app, lead);
      await (end === 'stop' ? signal(app, id, 'stop') : cancel(app, id));
      await settled(app, lead);
      await idle(app.client, id);
      await resetToEveryEvent(lead, await currentRun(app, id), false);
    }
  });

  it('does no harm to many at once, to their first or to their last event', async () => {
    const leads = [await aLead(app, bestFit), await aLead(app, bestFit)];
    for (const lead of leads) {
      await takeIn(app, lead);
      await does(app, lead, page);
    }
    const before = await Promise.all(leads.map(lifeOf));
    const query = `WorkflowType = "nurture" AND LeadId IN (${leads.map(id => `"${id}"`).join()})`;
    await expect.poll(async () => (await app.client.workflow.count(query)).count).toBe(2);
    for (const options of [{ firstWorkflowTask: {} }, { lastWorkflowTask: {} }]) {
      await batch(app, `${query} AND ExecutionStatus = "Running"`, { resetOperation: { options } });
      for (const lead of leads) await settled(app, lead);
      expect(await Promise.all(leads.map(lifeOf))).toEqual(before);
      await expect
        .poll(
          async () =>
            (await app.client.workflow.count(`${query} AND ExecutionStatus = "Running"`)).count,
        )
        .toBe(2);
    }
  });

  it('of an intake, and of an import, takes nobody in a second time', async () => {
    const lead = await aLead(app, bestFit);
    await takeIn(app, lead);
    const id = `intake/${lead}/1`;
    await resetToEveryEvent(lead, await currentRun(app, id), false);

    const { importId, leads } = await anImport(app, 20);
    const workflowId = `intake/${importId}`;
    await app.engine.importIntake(importId, { shift: app.clock.shift() });
    const first = await currentRun(app, workflowId);
    await app.client.workflow.getHandle(workflowId).result();
    for (const each of leads) await settled(app, each);
    const runs = [first, await currentRun(app, workflowId)];
    expect(new Set(runs.map(({ runId }) => runId)).size).toBe(2);
    const [one = lead] = leads;
    for (const run of runs) await resetToEveryEvent(one, run, false);
    expect(await app.database.send.count({ where: { leadId: { in: leads } } })).toBe(20);
    expect(await app.database.enrollment.count({ where: { leadId: { in: leads } } })).toBe(20);
  });
});

describe('a reset that leaves out what was said since', () => {
  it('and so waits for a resume that it had, is told after an hour', async () => {
    const lead = await aLeadWithAPast();
    const run = await currentRun(app, await nurtureOf(app, lead));
    const open = await enrollmentOf(app, lead);
    await reset(app, run, await pausedPoint(run), false);
    app.clock.at = plus(instant(open.wakeAt?.getTime() ?? 0), 2 * hour);
    await sweep(app);
    await settled(app, lead);
    await until(app, lead, later(app, 60 * day));
    expect(await stepsOf(app, lead)).toEqual(wholeSequence);
  });

  it('and so waits although its row is closed, ends with the next sweep', async () => {
    const lead = await aLead(app, bestFit);
    await takeIn(app, lead);
    await does(app, lead, demo);
    await answer(app, lead, 'rejected', 'not now');
    const before = await lifeOf(lead);
    for (const id of [`nurture/${before.enrollments[0]?.id ?? ''}`, await escalationOf(lead)]) {
      const run = await currentRun(app, id);
      // What came after this wait told it that its row is closed.
      await reset(app, run, (await resetPoints(app, run)).at(-3) ?? 0, false);
      expect(await statusOf(app, id)).toBe('RUNNING');
      await sweepUntil(app, async () => (await statusOf(app, id)) === 'COMPLETED');
    }
    expect(await lifeOf(lead)).toEqual(before);
  });
});
