import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { OpsSaid } from '../domain/escalation/by-ops.ts';
import type { EscalationId, HookId, PersonId } from '../domain/ids.ts';
import { day, minute } from '../domain/instant.ts';
import { sayToEscalation } from '../engine/by-ops.ts';
import { forward, idle } from '../engine/virtual-time.ts';
import { HookGateway } from '../hook/receiver.ts';
import { keepAgreement } from '../store/agreement.ts';
import { switchHooks } from '../store/control.ts';
import { ingestEvents } from '../store/event.ts';
import { announce, hooksToStart, type HookKind } from '../store/hook.ts';
import { openImport, openSource } from '../store/lead.ts';
import { takeIn as takeInRows } from '../store/intake.ts';
import { recordAnswer } from '../store/answer.ts';
import { noFields } from '../domain/lead/fields.ts';
import { theAgreement } from './domain/facts.ts';
import { agreeOn } from './agreed.ts';
import { startApp, type App } from './app.ts';
import { hookSecret, startHookReceiver, status } from './hook/hook-receiver.ts';
import { nurtureOf } from './nurtured.ts';
import {
  address,
  aLead,
  anArrival,
  bestFit,
  does,
  escalationsOf,
  later,
  settled,
  takeIn,
  until,
} from './program.ts';

/** Raised when workflows change in a way that makes new histories worth keeping. */
const generation = 1;

let app: App;
beforeAll(async () => {
  app = await startApp('2026-03-02T08:00:00Z');
  await mkdir('test/histories', { recursive: true });
});
afterAll(() => app.stop());

async function save(name: string, workflowId: string, runId?: string): Promise<void> {
  const file = `test/histories/${name}.${generation}.json`;
  if (existsSync(file)) return;
  const history = await app.client.workflow.getHandle(workflowId, runId).fetchHistory();
  // Failures name the files that they went through; where this copy of the project lies is nobody's business.
  await writeFile(file, `${historyToJSON(history).replaceAll(process.cwd(), '/lockstep')}\n`);
}

it('records nurture: a whole sequence', async () => {
  const lead = await aLead(app, bestFit);
  await takeIn(app, lead);
  await until(app, lead, later(app, 60 * day));
  await save('nurture-finished', await nurtureOf(app, lead));
});

it('records nurture: nudged, paused, resumed, escalated', async () => {
  const lead = await aLead(app, bestFit);
  await takeIn(app, lead);
  const id = await nurtureOf(app, lead);
  await does(app, lead, { kind: 'page', subject: '/' });
  for (const verb of ['pause', 'resume']) {
    await app.client.workflow.getHandle(id).signal(verb);
    await settled(app, lead);
    await until(app, lead, later(app, 3 * day));
  }
  await does(app, lead, { kind: 'form', subject: 'Book a demo' });
  await save('nurture-escalated', id);
});

it('records nurture: cancelled', async () => {
  const lead = await aLead(app, bestFit);
  await takeIn(app, lead);
  const id = await nurtureOf(app, lead);
  await app.client.workflow.getHandle(id).cancel();
  await settled(app, lead);
  await save('nurture-cancelled', id);
});

it('records an escalation that was rejected, and the intake that led to it', async () => {
  const lead = await aLead(app, bestFit);
  const at = app.clock.now();
  const click = {
    kind: 'click',
    subject: 'https://a.example',
    at,
    holdUntil: later(app, minute),
  } as const;
  await ingestEvents(app.database, [anArrival(lead, click)], at);
  await takeIn(app, lead);
  const id = `intake/${lead}/2`;
  await forward(app.client, id, later(app, 2 * minute));
  await app.client.workflow.getHandle(id).result();
  await save('intake-held', id);
  await does(app, lead, { kind: 'form', subject: 'Book a demo' });
  const [escalation] = await escalationsOf(app, lead);
  await does(app, lead, { kind: 'page', subject: '/' });
  await recordAnswer(
    app.database,
    {
      escalationId: escalation?.id as never,
      personId: escalation?.ownerId as never,
      kind: 'rejected',
      reason: 'not now',
      note: null,
      way: 'cli',
    },
    app.clock.now(),
  );
  app.nudger.nudge([lead]);
  await settled(app, lead);
  await save('escalation-recycled', `escalation/${escalation?.id ?? ''}`);
});

it('records an escalation that ops gave more time for, gave to somebody else, and closed', async () => {
  const lead = await aLead(app, bestFit);
  await takeIn(app, lead);
  await does(app, lead, { kind: 'form', subject: 'Book a demo' });
  const id = (await escalationsOf(app, lead))[0]?.id as EscalationId;
  const { id: to } = await app.database.person.findUniqueOrThrow({ where: { key: 'theo' } });
  const ops: OpsSaid[] = [
    { verb: 'extend', until: later(app, -day) },
    { verb: 'extend', until: later(app, 5 * day) },
    { verb: 'reassign', to: to as PersonId },
    { verb: 'close' },
  ];
  for (const said of ops) {
    await sayToEscalation(app.client, id, said);
    await settled(app, lead);
  }
  await save('escalation-by-ops', `escalation/${id}`);
});

it('records the intake of an import, and a sweep', async () => {
  const at = app.clock.now();
  const sourceId = await openSource(app.database, 'recorded', null, at);
  const importId = await openImport(app.database, 'recorded', sourceId, at);
  const rows = Array.from({ length: 60 }, (_, n) => ({
    address: address(`recorded-${n}@recorded-${n}.example`),
    fields: noFields,
    accountStatus: null,
    optedOut: false,
    consent: null,
    conversions: [],
  }));
  await app.database.transaction(session =>
    takeInRows(session, importId, sourceId, rows, theAgreement(), at),
  );
  await app.engine.importIntake(importId, { shift: app.clock.shift() });
  const handle = app.client.workflow.getHandle(`intake/${importId}`);
  const first = await handle.describe();
  await handle.result();
  await save('import-intake-page', `intake/${importId}`, first.runId);
  await save('import-intake-last', `intake/${importId}`);
  await app.client.workflow.execute('sweep', {
    taskQueue: 'lockstep',
    workflowId: 'sweep',
    args: [],
  });
  await save('sweep', 'sweep');
});

it('records an activation with leads that cross by it, and the signing before it', async () => {
  const lead = await aLead(app, bestFit);
  await takeIn(app, lead);
  await does(app, lead, { kind: 'page', subject: '/pricing' });
  await does(app, lead, { kind: 'page', subject: '/pricing/teams' });
  const agreement = theAgreement();
  const { cuts } = agreement.grade;
  const draft = { ...agreement, grade: { ...agreement.grade, cuts: { ...cuts, low: 15 } } };
  const at = app.clock.now();
  const { id } = await keepAgreement(app.database, draft, null, at);
  await app.engine.signing(id, { shift: app.clock.shift() });
  await idle(app.client, `signing/${id}`);
  await forward(app.client, `signing/${id}`, later(app, 4 * day));
  const { activation } = await agreeOn(app.database, draft, at);
  await app.engine.tell(`signing/${id}`);
  await app.client.workflow.getHandle(`signing/${id}`).result();
  await save('signing', `signing/${id}`);
  const workflow = `activation/${activation ?? ''}`;
  await app.engine.activation(activation as never, { shift: app.clock.shift() });
  await idle(app.client, workflow);
  await settled(app, lead);
  await forward(app.client, workflow, later(app, 10 * day));
  await app.client.workflow.getHandle(workflow).result();
  await save('activation', workflow);
});

it('records a webhook that was taken at the second attempt, and one that was given up on', async () => {
  const lead = await aLead(app, bestFit);
  await takeIn(app, lead);
  await does(app, lead, { kind: 'form', subject: 'Book a demo' });
  const escalationId = (await escalationsOf(app, lead))[0]?.id as EscalationId;
  const at = app.clock.now();
  await switchHooks(app.database, 'on', at);
  const receiver = await startHookReceiver();
  app.context.hooks = new HookGateway({
    url: receiver.url,
    secret: hookSecret,
    mayBePrivate: true,
  });
  const start = async (kind: HookKind) => {
    await announce(app.database, { escalationId, kind, originKey: `${escalationId}/${kind}`, at });
    const [id = ''] = await hooksToStart(app.database, escalationId);
    await app.engine.hook(id as HookId, { shift: 0 });
    return app.client.workflow.getHandle(`hook/${id}`);
  };
  receiver.answer(status(500));
  const taken = await start('escalation.assigned');
  await taken.result();
  await save('hook-taken', taken.workflowId);
  receiver.answer(status(500));
  const cancelled = await start('escalation.accepted');
  await vi.waitFor(() => expect(receiver.heard).toHaveLength(3));
  await cancelled.cancel();
  await expect(cancelled.result()).rejects.toThrow();
  await save('hook-given-up', cancelled.workflowId);
  receiver.stop();
});
