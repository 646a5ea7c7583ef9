import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeadId } from '../../domain/ids.ts';
import { day, instant, minute, plus } from '../../domain/instant.ts';
import { ingestEvents } from '../../store/event.ts';
import { startApp, type App } from '../app.ts';
import { aNurturedLead, nurtureOf, stepsOf } from '../nurtured.ts';
import { cancel, signal, statusOf } from '../ops.ts';
import {
  anArrival,
  answer,
  does,
  enrollmentOf,
  escalationsOf,
  later,
  mailsTo,
  read,
  search,
  settled,
  until,
} from '../program.ts';

let app: App;
beforeAll(async () => {
  app = await startApp('2026-03-02T08:00:00Z');
});
afterAll(() => app.stop());

const page = { kind: 'page', subject: '/' } as const;
const pricing = { kind: 'page', subject: '/pricing' } as const;
const demo = { kind: 'form', subject: 'Book a demo' } as const;

const gradeOf = async (lead: LeadId) =>
  (await app.database.lead.findUniqueOrThrow({ where: { id: lead } })).grade;
const openRow = (lead: LeadId) => app.database.openSlot.findUnique({ where: { leadId: lead } });

async function say(lead: LeadId, verb: 'pause' | 'resume' | 'stop'): Promise<void> {
  await signal(app, await nurtureOf(app, lead), verb);
  await settled(app, lead);
}

describe('ops', () => {
  it('see where a lead stands, and find it by what they look for', async () => {
    const lead = await aNurturedLead(app);
    await say(lead, 'pause');
    const id = await nurtureOf(app, lead);
    expect(
      await search(
        app,
        `Grade = "C" AND Sequence = "c-nurture" AND Stage = "paused" AND LeadId = "${lead}"`,
      ),
    ).toEqual([id]);
    const shown = async () => {
      const handle = app.client.workflow.getHandle(id);
      return handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
    };
    expect((await shown()).currentDetails).toContain('C lead, paused');
    await say(lead, 'resume');
    expect((await shown()).currentDetails).toContain('Next mail: **02-what-a-stop-costs**');
  });

  it('are offered the verbs by the Temporal UI', async () => {
    const lead = await aNurturedLead(app);
    const handle = app.client.workflow.getHandle(await nurtureOf(app, lead));
    const { definition } = await handle.query<{
      definition?: { signalDefinitions?: { name?: string }[] };
    }>('__temporal_workflow_metadata');
    expect(definition?.signalDefinitions?.map(({ name }) => name).toSorted()).toEqual([
      'engaged',
      'pause',
      'resume',
      'stop',
    ]);
    // And do no harm by one that there is not.
    await handle.signal('pauze');
    await settled(app, lead);
    expect(await enrollmentOf(app, lead)).toMatchObject({ pausedAt: null, endedAt: null });
  });
});

describe('a pause', () => {
  it('of five weeks with three days left is followed by the mail in three days (P9)', async () => {
    app.clock.at = instant(Date.parse('2026-03-07T08:00:00Z'));
    const lead = await aNurturedLead(app);
    await until(app, lead, later(app, day));
    await say(lead, 'pause');
    expect(Number((await enrollmentOf(app, lead)).remainingMs) / day).toBeCloseTo(3, 4);
    await until(app, lead, later(app, 35 * day));
    const before = await enrollmentOf(app, lead);
    await say(lead, 'resume');
    expect(await stepsOf(app, lead)).toEqual(['01-welcome']);
    // A Wednesday at ten in Berlin: within the window, so nothing but the spread comes on top.
    const earliest = Number(before.remainingMs) + Date.parse('2026-04-12T08:00:00Z');
    await until(app, lead, plus(instant(earliest), -minute));
    expect(await stepsOf(app, lead)).toEqual(['01-welcome']);
    await until(app, lead, plus(instant(earliest), 31 * minute));
    const [, second] = await mailsTo(app, lead);
    expect(second?.customArgs.step).toBe('02-what-a-stop-costs');
    expect(second?.at).toBeGreaterThanOrEqual(earliest);
    expect(second?.at).toBeLessThanOrEqual(earliest + 30 * minute);
    expect((await enrollmentOf(app, lead)).cursor).toBeGreaterThan(before.cursor);
  });

  it('that ends outside the window waits for the window too', async () => {
    app.clock.at = instant(Date.parse('2026-03-07T08:00:00Z'));
    const lead = await aNurturedLead(app);
    await say(lead, 'pause');
    await until(app, lead, later(app, 10 * day));
    // A Tuesday, with four days left: due on a Saturday, sent on the Tuesday after.
    await say(lead, 'resume');
    await until(app, lead, later(app, 30 * day));
    const [, second] = await mailsTo(app, lead);
    expect(new Date(second?.at ?? 0).toISOString()).toMatch(/^2026-03-24T(08|09|10)/);
  });

  it('lets points decay: the grade falls on its day, and nothing is mailed', async () => {
    // Its fit is in band C: with the pages it is a C lead, without them a D lead.
    const lead = await aNurturedLead(app, { title: 'Plant Manager' });
    await does(app, lead, pricing, pricing, pricing);
    expect(await gradeOf(lead)).toBe('C');
    await say(lead, 'pause');
    const mails = await stepsOf(app, lead);
    await until(app, lead, later(app, 9 * day));
    expect(await gradeOf(lead)).toBe('C');
    await until(app, lead, later(app, 2 * day));
    expect(await gradeOf(lead)).toBe('D');
    await until(app, lead, later(app, 30 * day));
    expect(await stepsOf(app, lead)).toEqual(mails);
    expect(await enrollmentOf(app, lead)).toMatchObject({
      endedAt: null,
      pausedAt: expect.any(Date) as Date,
    });
  });

  it('holds back no crossing: the lead goes to its rep, and a recycled one is not paused', async () => {
    const lead = await aNurturedLead(app);
    await say(lead, 'pause');
    await until(app, lead, later(app, 8 * day));
    await does(app, lead, pricing, pricing, pricing);
    expect(await escalationsOf(app, lead)).toMatchObject([{ cause: 'crossing' }]);
    expect((await enrollmentOf(app, lead)).endReason).toBe('escalated');
    await answer(app, lead, 'rejected', 'not now');
    await until(app, lead, later(app, 20 * day));
    expect(await stepsOf(app, lead)).toEqual(['01-welcome', '01-fair-enough']);
  });

  it('is not ended by what the lead does: a nudge looks, and mails nothing', async () => {
    const lead = await aNurturedLead(app);
    await say(lead, 'pause');
    for (let week = 0; week < 3; week++) {
      await until(app, lead, later(app, 7 * day));
      await does(app, lead, page);
      const { seenRevision, revision } = await app.database.lead.findUniqueOrThrow({
        where: { id: lead },
      });
      expect(seenRevision).toBe(revision);
    }
    expect(await stepsOf(app, lead)).toEqual(['01-welcome']);
  });

  it('is ended by a lead that leaves (P10)', async () => {
    const lead = await aNurturedLead(app);
    const [welcome] = await mailsTo(app, lead);
    await say(lead, 'pause');
    expect(await app.sandbox.reader.leave(read(app, welcome))).toBe(true);
    await settled(app, lead);
    expect((await enrollmentOf(app, lead)).endReason).toBe('suppressed');
  });
});

describe.each([
  ['stop', 'stopped by ops', (lead: LeadId) => say(lead, 'stop')],
  [
    'cancelling the workflow',
    'cancelled by ops',
    async (lead: LeadId) => {
      const id = await nurtureOf(app, lead);
      await cancel(app, id);
      await expect.poll(() => statusOf(app, id)).toBe('CANCELED');
      await settled(app, lead);
    },
  ],
] as const)('%s', (_, reason, end) => {
  it('ends nurture with who ended it; nothing that the lead does starts a sequence by itself', async () => {
    const lead = await aNurturedLead(app);
    await end(lead);
    expect((await enrollmentOf(app, lead)).endReason).toBe(reason);
    await does(app, lead, page);
    expect(await openRow(lead)).toBeNull();
    await does(app, lead, demo);
    expect(await escalationsOf(app, lead)).toHaveLength(1);
  });

  it('ends a paused lead as well', async () => {
    const lead = await aNurturedLead(app);
    await say(lead, 'pause');
    await end(lead);
    expect((await enrollmentOf(app, lead)).endReason).toBe(reason);
    expect(await openRow(lead)).toBeNull();
  });

  it('loses no lead that crosses in the same moment (P3)', async () => {
    const lead = await aNurturedLead(app);
    const at = app.clock.now();
    // Stored, and nobody was nudged yet.
    await ingestEvents(app.database, [anArrival(lead, { at, ...demo })], at);
    await end(lead);
    expect(await escalationsOf(app, lead)).toMatchObject([{ cause: 'hand raise', endedAt: null }]);
    expect((await enrollmentOf(app, lead)).endReason).toBe('escalated');
  });
});
