import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Agreement } from '../../domain/agreement/agreement.ts';
import type { LeadId } from '../../domain/ids.ts';
import { day, minute } from '../../domain/instant.ts';
import { agreeOn } from '../agreed.ts';
import { startApp, type App } from '../app.ts';
import { theAgreement } from '../domain/facts.ts';
import { aNurturedLead, nurtureOf, stepsOf } from '../nurtured.ts';
import { currentRun, reset, resetPoints, signal, statusOf, sweepUntil, terminate } from '../ops.ts';
import {
  answer,
  bestFit,
  does,
  enrollmentOf,
  escalationsOf,
  later,
  search,
  settled,
  until,
} from '../program.ts';

let app: App;
beforeAll(async () => {
  app = await startApp('2026-03-02T08:00:00Z');
  await agree({ C: 'stay-in-touch', D: 'stay-in-touch' });
});
afterAll(() => app.stop());

const agreement = theAgreement();
/** Agrees that whoever looks at the price twice goes on in a sequence of its own. */
async function agree(nurture: { C: string; D: string }): Promise<void> {
  const price = {
    name: 'asked about price',
    when: { engaged: { event: ['pricing page'], at_least: 2, within: 30 * day } },
    move: true,
    nurture,
  };
  const asked: Agreement['segments'][number] = {
    name: 'asked for time',
    when: { rejected_for: ['not now'] },
    move: true,
    nurture: { C: 'd-long-cycle', D: 'd-long-cycle' },
  };
  const segments = [price, asked, ...agreement.segments];
  await agreeOn(app.database, { ...agreement, segments }, app.clock.now());
}

const price = { kind: 'page', subject: '/pricing' } as const;
const enrollments = (lead: LeadId) =>
  app.database.enrollment.findMany({
    where: { leadId: lead },
    orderBy: { id: 'asc' },
    select: {
      segment: true,
      endReason: true,
      originKey: true,
      version: { select: { name: true } },
    },
  });

describe('a lead that changes segment', () => {
  it('leaves its sequence at once for that of a segment that moves, and is mailed nothing twice', async () => {
    const lead = await aNurturedLead(app);
    await until(app, lead, later(app, day));
    const [left, { id: leftId }] = [await nurtureOf(app, lead), await enrollmentOf(app, lead)];
    await does(app, lead, price);
    expect(await nurtureOf(app, lead)).toBe(left);
    await does(app, lead, price);
    expect(await enrollments(lead)).toEqual([
      {
        segment: 'makers and movers',
        endReason: 'moved',
        originKey: `intake/${lead}/c-nurture`,
        version: { name: 'c-nurture' },
      },
      {
        segment: 'asked about price',
        endReason: null,
        originKey: `move/${leftId}`,
        version: { name: 'stay-in-touch' },
      },
    ]);
    expect(await statusOf(app, left)).toBe('COMPLETED');
    expect(await statusOf(app, await nurtureOf(app, lead))).toBe('RUNNING');
    expect(await search(app, `LeadId = "${lead}" AND Outcome = "moved"`)).toEqual([left]);
    // One score for what was news, however many rows the move wrote.
    const scores = await app.database.score.findMany({ where: { leadId: lead } });
    expect(scores).toHaveLength(3);

    await until(app, lead, later(app, 150 * day));
    const steps = await stepsOf(app, lead);
    expect(steps).toEqual([
      '01-welcome',
      '01-fair-enough',
      '02-what-changed',
      '03-one-number',
      '04-good-time',
    ]);
    expect((await enrollmentOf(app, lead)).endReason).toBe('finished');
  });

  it('stays paused in its sequence until ops let it go on', async () => {
    const lead = await aNurturedLead(app);
    const left = await nurtureOf(app, lead);
    await signal(app, left, 'pause');
    await settled(app, lead);
    await does(app, lead, price, price);
    expect(await nurtureOf(app, lead)).toBe(left);
    await signal(app, left, 'resume');
    await settled(app, lead);
    expect(await enrollments(lead)).toMatchObject([{ endReason: 'moved' }, { endReason: null }]);
  });

  it('is moved once when its move is asked for again by a reset, or its workflow is lost', async () => {
    const lead = await aNurturedLead(app);
    const left = await nurtureOf(app, lead);
    await does(app, lead, price, price);
    const run = await currentRun(app, left);
    const [first = 0] = await resetPoints(app, run);
    await reset(app, run, first);
    await settled(app, lead);
    expect(await statusOf(app, left)).toBe('COMPLETED');
    expect(await search(app, `LeadId = "${lead}" AND Outcome = "moved"`)).toContain(left);
    expect(await enrollments(lead)).toHaveLength(2);

    const moved = await nurtureOf(app, lead);
    await terminate(app, moved);
    app.clock.at = later(app, minute);
    await sweepUntil(app, async () => (await statusOf(app, moved)) === 'RUNNING');
    await until(app, lead, later(app, 20 * day));
    expect(await stepsOf(app, lead)).toEqual(['01-welcome', '01-fair-enough']);
  });

  it('back from sales is on the track of the reason, and is moved by another change alone', async () => {
    const lead = await aNurturedLead(app);
    await does(app, lead, { kind: 'form', subject: 'Book a demo' });
    expect(await escalationsOf(app, lead)).toHaveLength(1);
    await answer(app, lead, 'rejected', 'not now');
    expect(await enrollmentOf(app, lead)).toMatchObject({
      segment: 'asked for time',
      endReason: null,
    });
    expect(await enrollments(lead)).toMatchObject([
      { endReason: 'escalated' },
      { version: { name: 'stay-in-touch' } },
    ]);
    // Of the other segment, which moves; its sequence is the one that the lead is in.
    await does(app, lead, price, price);
    expect(await enrollments(lead)).toHaveLength(2);
  });

  it('stays, and gets the mail that is due, where the sequence is not published', async () => {
    const lead = await aNurturedLead(app, { ...bestFit, industry: 'banking' });
    await agree({ C: 'nowhere', D: 'nowhere' });
    await does(app, lead, price, price);
    await until(app, lead, later(app, 60 * day));
    expect(await enrollments(lead)).toMatchObject([{ endReason: 'finished' }]);
    expect(await stepsOf(app, lead)).toHaveLength(5);
  });
});
