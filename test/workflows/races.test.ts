import { setTimeout as sleep } from 'node:timers/promises';
import { defaultPayloadConverter } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EscalationId, LeadId, PersonId, VersionId } from '../../domain/ids.ts';
import { plus, second } from '../../domain/instant.ts';
import { sql } from '../../store/database.ts';
import { recordAnswer } from '../../store/answer.ts';
import { ingestEvents, type ArrivedEvent } from '../../store/event.ts';
import { rollBack } from '../../store/publication.ts';
import { startApp, type App } from '../app.ts';
import { aNurturedLead } from '../nurtured.ts';
import {
  aLead,
  anArrival,
  aSequence,
  bestFit,
  does,
  enrollmentOf,
  escalationsOf,
  mailsTo,
  settled,
  takeIn,
} from '../program.ts';

// What happens at the same time happens in real time.
let app: App;
beforeAll(async () => {
  app = await startApp('now');
});
afterAll(() => app.stop());

const demo = { kind: 'form', subject: 'Book a demo' } as const;
const now = () => app.clock.now();

/** Stores events as a webhook does, and nudges nobody. */
async function store(
  lead: LeadId,
  receivedAt = now(),
  ...events: Partial<ArrivedEvent>[]
): Promise<void> {
  const arrivals = events.map(event => anArrival(lead, { at: receivedAt, ...event }));
  await ingestEvents(app.database, arrivals, receivedAt);
}

async function reject(lead: LeadId, reason: string): Promise<void> {
  const escalation = (await escalationsOf(app, lead)).at(-1);
  if (escalation === undefined) throw new Error('There is no escalation.');
  const answer = {
    escalationId: escalation.id as EscalationId,
    personId: escalation.ownerId as PersonId,
    kind: 'rejected' as const,
    reason,
    note: null,
    way: 'page' as const,
  };
  expect(await recordAnswer(app.database, answer, now())).toEqual({ recorded: true });
}

describe('nothing is lost between two statements', () => {
  it('a hand raised while a turn is under way counts, although the turn began before', async () => {
    const lead = await aNurturedLead(app);
    await store(lead, now(), { kind: 'page', subject: '/' });
    await app.database.transaction(async session => {
      await session.$queryRaw(sql`SELECT id FROM lead WHERE id = ${lead}::uuid FOR NO KEY UPDATE`);
      app.nudger.nudge([lead]);
      // The turn has loaded its facts by now, and waits to apply what it decided.
      await sleep(500);
      await ingestEvents(session, [anArrival(lead, { at: now(), ...demo })], now());
    });
    await settled(app, lead);
    expect(await escalationsOf(app, lead)).toMatchObject([{ cause: 'hand raise' }]);
  });

  it('an event from a host whose clock is ahead counts all the same', async () => {
    const lead = await aNurturedLead(app);
    await store(lead, plus(now(), 2 * second), demo);
    app.nudger.nudge([lead]);
    await settled(app, lead);
    expect(await escalationsOf(app, lead)).toHaveLength(1);
  });

  it('a hand raised after a rejection, and before it was carried out, is news', async () => {
    const lead = await aNurturedLead(app);
    await does(app, lead, demo);
    await reject(lead, 'not now');
    await sleep(20);
    await store(lead, now(), { kind: 'form', subject: 'Contact me now' });
    await sleep(20);
    app.nudger.nudge([lead]);
    await settled(app, lead);
    expect(await escalationsOf(app, lead)).toMatchObject([
      { state: 'rejected' },
      { state: 'assigned', cause: 'hand raise' },
    ]);
  });

  it('an answer that comes while its escalation is looked at is carried out', async () => {
    const lead = await aNurturedLead(app);
    await does(app, lead, demo);
    await store(lead, now(), { kind: 'page', subject: '/' });
    await app.database.transaction(async session => {
      // Facts cannot be loaded while their events are locked; an escalation and its answers can.
      await session.$executeRaw(sql`LOCK TABLE event IN ACCESS EXCLUSIVE MODE`);
      app.nudger.nudge([lead]);
      await sleep(500);
      // The answer is there when the look goes on, and nobody nudges for it.
      const [escalation] = await session.escalation.findMany({ where: { leadId: lead } });
      await session.disposition.create({
        data: {
          id: crypto.randomUUID(),
          escalationId: escalation?.id ?? '',
          seq: 1,
          personId: escalation?.ownerId ?? '',
          kind: 'rejected',
          reason: 'not now',
          way: 'page',
          at: new Date(now()),
        },
      });
      await session.$executeRaw(
        sql`UPDATE lead SET revision = revision + 1, revised_at = now() WHERE id = ${lead}::uuid`,
      );
    });
    await settled(app, lead);
    expect(await escalationsOf(app, lead)).toMatchObject([{ state: 'rejected' }]);
  });
});

describe('what ops say', () => {
  it('is heard when the delivery that they interrupt fails', async () => {
    const yaml =
      'goal: t\nowner: n\nwindow: always\nsteps:\n  - wait: 1s\n  - { mail: slow, subject: s, preheader: p }\n  - wait: 1s\n  - { mail: never, subject: s, preheader: p }\n';
    const before = await app.database.sequence.findUniqueOrThrow({ where: { name: 'c-nurture' } });
    await aSequence(app, 'c-nurture', yaml);
    const lead = await aNurturedLead(app);
    await rollBack(app.database, 'c-nurture', before.currentId as VersionId, now());
    app.sandbox.faults = { delayMs: 1_500 };
    const { id } = await enrollmentOf(app, lead);
    while ((await app.database.send.count({ where: { leadId: lead } })) === 0) await sleep(20);
    await app.client.workflow.getHandle(`nurture/${id}`).signal('stop');
    await sleep(200);
    // What the delivery writes after the answer fails, as it does when its process is killed.
    await app.database.$executeRaw(sql`ALTER TABLE send RENAME COLUMN reason TO hidden`);
    await sleep(2_000);
    await app.database.$executeRaw(sql`ALTER TABLE send RENAME COLUMN hidden TO reason`);
    app.sandbox.faults = { delayMs: 0 };
    await settled(app, lead);
    expect((await enrollmentOf(app, lead)).endReason).toBe('stopped by ops');
    expect(await mailsTo(app, lead)).toHaveLength(1);
  });

  it('is all heard across a history so long that a new run takes over', async () => {
    const lead = await aNurturedLead(app);
    const workflowId = `nurture/${(await enrollmentOf(app, lead)).id}`;
    const { runId } = await app.client.workflow.getHandle(workflowId).describe();
    let sent = 0;
    for (let current = runId; current === runId; sent += 1) {
      await app.client.workflow.getHandle(workflowId).signal('pause');
      if (sent % 20 === 0)
        current = (await app.client.workflow.getHandle(workflowId).describe()).runId;
    }
    await settled(app, lead);
    const runs = [runId, (await app.client.workflow.getHandle(workflowId).describe()).runId];
    let heard = 0;
    for (const run of runs) {
      const { events } = await app.client.workflow.getHandle(workflowId, run).fetchHistory();
      for (const event of events ?? []) {
        const scheduled = event.activityTaskScheduledEventAttributes;
        if (scheduled?.activityType?.name !== 'turn') continue;
        const payload = scheduled.input?.payloads?.[0];
        const input = payload && defaultPayloadConverter.fromPayload<{ verbs: string[] }>(payload);
        heard += input?.verbs.length ?? 0;
      }
    }
    expect(heard).toBe(sent);
  }, 120_000);
});

describe('a page view and a demo form', () => {
  it('that come milliseconds apart, over HTTP, always escalate', async () => {
    const leads = await Promise.all(Array.from({ length: 40 }, () => aLead(app, bestFit)));
    for (const lead of leads) await takeIn(app, lead);
    const post = async (lead: LeadId, type: string, name: string) => {
      const { address } = await app.database.lead.findUniqueOrThrow({ where: { id: lead } });
      const response = await fetch(`${app.config.http.publicUrl}/v1/events`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${app.config.apiKey}`,
        },
        body: JSON.stringify({
          specversion: '1.0',
          id: `${lead}/${type}`,
          source: 's',
          type,
          data: { email: address, name },
        }),
      });
      expect(response.status).toBe(202);
    };
    await Promise.all(
      leads.map(async (lead, index) => {
        await post(lead, 'page', '/demo');
        await sleep(index * 3);
        await post(lead, 'form', 'Book a demo');
      }),
    );
    for (const lead of leads) {
      await settled(app, lead);
      expect(await escalationsOf(app, lead)).toHaveLength(1);
    }
  }, 120_000);
});
