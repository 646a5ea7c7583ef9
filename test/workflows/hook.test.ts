import { randomUUID } from 'node:crypto';
import { msToTs } from '@temporalio/common/lib/time.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EscalationId, HookId, LeadId } from '../../domain/ids.ts';
import { day, hour, minute, plus, second } from '../../domain/instant.ts';
import { HookGateway } from '../../hook/receiver.ts';
import { switchHooks } from '../../store/control.ts';
import { announce, hooksToStart, type HookKind } from '../../store/hook.ts';
import { startApp, type App } from '../app.ts';
import { runIn } from '../cli/run.ts';
import {
  hookSecret as secret,
  startHookReceiver,
  status,
  type TestHookReceiver,
} from '../hook/hook-receiver.ts';
import { sweep, sweepUntil } from '../ops.ts';
import { aLead, answer, bestFit, does, escalationsOf, takeIn } from '../program.ts';

let app: App;
let receiver: TestHookReceiver;
let gateway: HookGateway;
let lead: LeadId;
let escalationId: EscalationId;
beforeAll(async () => {
  receiver = await startHookReceiver();
  app = await startApp('2026-03-02T08:00:00Z');
  gateway = new HookGateway({ url: receiver.url, secret, mayBePrivate: true }, 2_000);
  lead = await aLead(app, bestFit);
  await takeIn(app, lead);
  await does(app, lead, { kind: 'form', subject: 'Book a demo' });
  const [escalation] = await escalationsOf(app, lead);
  escalationId = escalation?.id as EscalationId;
});
beforeEach(async () => {
  app.context.hooks = gateway;
  receiver.heard.length = 0;
  receiver.answer();
  await switchHooks(app.database, 'on', app.clock.now());
});
afterAll(async () => {
  await app.stop();
  receiver.stop();
});

const say = (kind: HookKind, originKey: string, at = app.clock.now()) =>
  app.database.transaction(session => announce(session, { escalationId, kind, originKey, at }));

const rowOf = (id: HookId) => app.database.hook.findUniqueOrThrow({ where: { id } });
const workflowOf = (id: HookId) => app.client.workflow.getHandle(`hook/${id}`);

/** A transition that is written down, and not told yet. */
async function written(kind: HookKind = 'escalation.accepted', at = app.clock.now()) {
  await say(kind, `${escalationId}/${randomUUID()}`, at);
  const id = (await hooksToStart(app.database, escalationId)).at(-1);
  if (id === undefined) throw new Error('Nothing was written.');
  return id;
}

/** One whose workflow runs. */
async function started(kind?: HookKind): Promise<HookId> {
  const id = await written(kind);
  await app.engine.hook(id, { shift: app.clock.shift() });
  return id;
}

/** Waits until an attempt has failed, with what, and the next is a while away. */
async function failed(id: HookId, why: string): Promise<void> {
  await vi.waitFor(
    async () => {
      const { raw } = await workflowOf(id).describe();
      expect(raw.pendingActivities?.[0]?.lastFailure?.message).toBe(why);
    },
    { timeout: 10_000 },
  );
}

/** Lets time pass for a hook, however often it is tried meanwhile. */
async function pass(id: HookId, milliseconds: number): Promise<void> {
  const { namespace } = app.client.options;
  const workflowExecution = { workflowId: `hook/${id}` };
  const fastForwardId = randomUUID();
  await app.client.workflowService.updateWorkflowExecutionOptions({
    namespace,
    workflowExecution,
    workflowExecutionOptions: {
      timeSkippingConfig: {
        enabled: true,
        disablePropagation: true,
        maxSessionSkipCount: 1_000,
        fastForwardConfig: { id: fastForwardId, duration: msToTs(milliseconds) },
      },
    },
    updateMask: { paths: ['time_skipping_config'] },
  });
}

describe('a transition of an escalation', () => {
  it('is written down once, and not at all while there is nobody to tell', async () => {
    const key = `${escalationId}/accepted/1`;
    await switchHooks(app.database, 'off', app.clock.now());
    await say('escalation.accepted', key);
    expect(await app.database.hook.count()).toBe(0);
    await switchHooks(app.database, 'on', app.clock.now());
    await Promise.all([1, 2, 3].map(() => say('escalation.accepted', key)));
    expect(await app.database.hook.count()).toBe(1);
    const cut = app.database.transaction(async session => {
      await announce(session, {
        escalationId,
        kind: 'escalation.won',
        originKey: `${escalationId}/won`,
        at: app.clock.now(),
      });
      throw new Error('cut off');
    });
    await expect(cut).rejects.toThrow('cut off');
    expect(await app.database.hook.count()).toBe(1);
    await app.database.$executeRawUnsafe('TRUNCATE hook');
  });

  it('is told with what the database holds then, and nothing of it stands in a history (P8)', async () => {
    const id = await started('escalation.assigned');
    await workflowOf(id).result();
    const [escalation] = await escalationsOf(app, lead);
    const owner = await app.database.person.findUniqueOrThrow({
      where: { id: escalation?.ownerId ?? '' },
    });
    const row = await app.database.lead.findUniqueOrThrow({ where: { id: lead } });
    expect(receiver.heard).toEqual([
      {
        id,
        payload: {
          type: 'escalation.assigned',
          timestamp: '2026-03-02T08:00:00.000Z',
          data: {
            escalation: escalationId,
            state: 'assigned',
            grade: 'A',
            cause: 'hand raise',
            lead: {
              id: lead,
              email: row.address,
              first_name: 'Ada',
              last_name: 'Lovelace',
              company: 'Analytical Engines',
            },
            owner: { key: owner.key, name: owner.name },
            joins: null,
            disposition: null,
            amount: null,
            currency: null,
            page: expect.stringContaining(`${app.config.http.publicUrl}/lead/l.`) as string,
          },
        },
      },
    ]);
    expect(await rowOf(id)).toMatchObject({
      deliveredAt: expect.any(Date) as Date,
      deadAt: null,
      attempts: 1,
      lastError: null,
    });
    const history = await workflowOf(id).fetchHistory();
    const text = JSON.stringify(history, (key, value: unknown) =>
      key === 'data' && typeof value === 'string' ? Buffer.from(value, 'base64').toString() : value,
    );
    expect(text).toContain('Delivered: escalation.assigned.');
    for (const secret of [row.address, row.lastName, row.company, 'Ada', owner.name, receiver.url])
      expect(text).not.toContain(secret);
  });

  it('is tried again after a failure, by the same id, and told once', async () => {
    receiver.answer(status(500));
    const id = await started();
    await failed(id, 'status 500');
    expect(await rowOf(id)).toMatchObject({ lastError: 'status 500', deliveredAt: null });
    await pass(id, 6 * second);
    await workflowOf(id).result();
    expect(receiver.heard.map(heard => heard.id)).toEqual([id, id]);
    expect(await rowOf(id)).toMatchObject({
      attempts: 2,
      lastError: null,
      deliveredAt: expect.any(Date) as Date,
    });
    await app.engine.hook(id, { shift: app.clock.shift(), again: true });
    await workflowOf(id).result();
    expect(receiver.heard).toHaveLength(2);
  });

  it('is given up on at once when the receiver is gone, and when ops cancel it', async () => {
    receiver.answer(status(410), status(500));
    const gone = await started();
    await workflowOf(gone).result();
    expect(await rowOf(gone)).toMatchObject({
      attempts: 1,
      deadAt: expect.any(Date) as Date,
      lastError: 'status 410',
    });
    const cancelled = await started();
    await failed(cancelled, 'status 500');
    await workflowOf(cancelled).cancel();
    await expect(workflowOf(cancelled).result()).rejects.toThrow();
    expect(await rowOf(cancelled)).toMatchObject({
      deadAt: expect.any(Date) as Date,
      lastError: 'cancelled',
    });
    await app.database.$executeRawUnsafe('TRUNCATE hook');
  });

  it('is dead when three days are over; ops see it, and replay it by the same id', async () => {
    receiver.answer(...Array.from({ length: 200 }, () => status(503)));
    const id = await started('escalation.rejected');
    await failed(id, 'status 503');
    await pass(id, 4 * day);
    await workflowOf(id).result();
    const dead = await rowOf(id);
    expect(dead).toMatchObject({ lastError: 'status 503', deliveredAt: null });
    const lasted = (dead.deadAt?.getTime() ?? 0) - app.clock.now();
    expect(lasted).toBeGreaterThan(3 * day - 3 * hour);
    expect(lasted).toBeLessThan(3 * day + hour);
    expect(dead.attempts).toBeGreaterThan(30);

    const [listed, foretold] = await Promise.all([
      runIn(app, 'ops', 'hooks', '--dead', '--json'),
      runIn(app, 'ops', 'hooks', '--replay', '--dry-run'),
    ]);
    expect(JSON.parse(listed.out)).toMatchObject({
      waiting: 0,
      dead: 1,
      hooks: [{ id, state: 'dead', kind: 'escalation.rejected', lastError: 'status 503' }],
    });
    expect(foretold.out).toBe('1 webhook would be tried again; nothing has changed.\n');
    receiver.answer();
    receiver.heard.length = 0;
    const replayed = await runIn(app, 'ops', 'hooks', '--replay', id);
    expect(replayed.out).toContain('1 webhook is tried again');
    await workflowOf(id).result();
    expect(receiver.heard.map(heard => heard.id)).toEqual([id]);
    const again = await runIn(app, 'ops', 'hooks', '--replay', id);
    expect([again.code, again.error]).toEqual([
      1,
      expect.stringContaining(`Webhook ${id} was delivered; nothing has changed.`),
    ]);
  }, 60_000);

  it('is started by the sweep when its workflow was lost, before or while it ran (P7)', async () => {
    const lost = await written('escalation.won', plus(app.clock.now(), -minute));
    receiver.answer(status(500));
    const young = await written();
    await sweep(app);
    await failed(lost, 'status 500');
    expect((await rowOf(young)).attempts).toBe(0);
    await workflowOf(lost).terminate('ops try it');
    await sweepUntil(app, async () => (await rowOf(lost)).deliveredAt !== null);
    await workflowOf(lost).result();
    expect(receiver.heard.map(({ id }) => id)).toEqual([lost, lost]);
  });

  it('waits while there is no receiver, or too many are under way', async () => {
    app.context.hooks = null;
    const nobody = await started();
    await failed(nobody, 'no receiver');
    expect((await rowOf(nobody)).lastError).toBe('no receiver');

    app.context.hooks = Object.create(gateway, { hasRoom: { value: false } }) as HookGateway;
    const waits = await started();
    await failed(waits, 'too many at once');
    expect((await rowOf(waits)).attempts).toBe(0);
    app.context.hooks = gateway;
    await pass(waits, 6 * second);
    await workflowOf(waits).result();
    expect(receiver.heard.map(({ id }) => id)).toEqual([waits]);
  });

  it('is told of by the escalation itself, in order, with what the rep said', async () => {
    await answer(app, lead, 'accepted');
    await answer(app, lead, 'contacted', null, { note: 'we talked' });
    await answer(app, lead, 'won', null, { money: { minor: 1_200_000, currency: 'EUR' } });
    await expect
      .poll(() => receiver.heard.map(({ payload }) => (payload as { type: string }).type))
      .toEqual(
        expect.arrayContaining(['escalation.accepted', 'escalation.contacted', 'escalation.won']),
      );
    expect(receiver.heard.at(-1)).toMatchObject({
      payload: {
        type: 'escalation.won',
        data: { state: 'won', disposition: { kind: 'won' }, amount: 1_200_000, currency: 'EUR' },
      },
    });
  });
});
