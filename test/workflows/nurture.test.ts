import proto from '@temporalio/proto';
import { DateTime } from 'luxon';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { day, hour, minute, plus } from '../../domain/instant.ts';
import { linksOf } from '../../sandbox/sendgrid/links.ts';
import { startApp, type App } from '../app.ts';
import { stepsOf } from '../nurtured.ts';
import {
  aLead,
  bestFit,
  does,
  enrollmentOf,
  escalationsOf,
  later,
  mailsTo,
  read,
  settled,
  takeIn,
  until,
} from '../program.ts';

const { EventType } = proto.temporal.api.enums.v1;

let app: App;
beforeAll(async () => {
  app = await startApp('2026-03-02T08:00:00Z');
});
afterAll(() => app.stop());

describe('nurture', () => {
  it('sends a whole sequence of weeks, each mail once, in its window and within the cap', async () => {
    const lead = await aLead(app, bestFit);
    await takeIn(app, lead);
    await until(app, lead, later(app, 60 * day));
    const mails = await mailsTo(app, lead);
    expect(mails.map(({ customArgs }) => customArgs.step)).toEqual([
      '01-welcome',
      '02-what-a-stop-costs',
      '03-three-plants',
      '04-two-minutes',
      '05-whom-should-i-ask',
    ]);
    for (const { at } of mails.slice(1)) {
      const local = DateTime.fromMillis(at, { zone: 'Europe/Berlin' });
      expect([2, 3, 4]).toContain(local.weekday);
      expect(local.hour).toBeGreaterThanOrEqual(9);
      expect(local.hour).toBeLessThan(16);
    }
    for (const { at } of mails)
      expect(
        mails.filter(other => other.at >= at && other.at < at + 7 * day).length,
      ).toBeLessThanOrEqual(2);
    expect((await enrollmentOf(app, lead)).endReason).toBe('finished');
  });

  it('stops at once when the lead leaves during a wait, and mails nothing more (P2, P10)', async () => {
    const lead = await aLead(app, bestFit);
    await takeIn(app, lead);
    const [welcome] = await mailsTo(app, lead);
    await until(app, lead, later(app, day));
    expect(await app.sandbox.reader.leave(read(app, welcome))).toBe(true);
    await settled(app, lead);
    expect((await enrollmentOf(app, lead)).endReason).toBe('suppressed');
    await until(app, lead, later(app, 60 * day));
    expect(await stepsOf(app, lead)).toEqual(['01-welcome']);
  });

  it('stops at once when a mail bounces, or is reported as spam', async () => {
    for (const verb of ['bounce', 'complain'] as const) {
      const lead = await aLead(app, bestFit);
      await takeIn(app, lead);
      const [welcome] = await mailsTo(app, lead);
      app.sandbox.reader[verb](read(app, welcome));
      await settled(app, lead);
      expect((await enrollmentOf(app, lead)).endReason).toBe('suppressed');
    }
  });

  it('goes the way that a click in a mail opens', async () => {
    const lead = await aLead(app, { ...bestFit, title: 'Cook' });
    await takeIn(app, lead);
    const third = async () =>
      (await mailsTo(app, lead)).find(({ customArgs }) => customArgs.step === '03-three-plants');
    while ((await third()) === undefined) await until(app, lead, later(app, day));
    const mail = read(app, await third());
    const link = linksOf(mail.html ?? '').find(({ url }) => url.includes('/stories/'));
    if (link === undefined) throw new Error('no link');
    app.clock.at = plus(app.clock.at, hour);
    app.sandbox.reader.click(mail, link);
    await settled(app, lead);
    await until(app, lead, later(app, 8 * day));
    expect((await stepsOf(app, lead)).at(-1)).toBe('04-calculator');
  });

  it('does not take a mail gateway for a person', async () => {
    const lead = await aLead(app, bestFit);
    await takeIn(app, lead);
    const [welcome] = await mailsTo(app, lead);
    app.clock.at = plus(app.clock.at, hour);
    app.sandbox.reader.scan(read(app, welcome));
    await settled(app, lead);
    await until(app, lead, later(app, 2 * minute));
    const row = await app.database.lead.findUniqueOrThrow({ where: { id: lead } });
    expect(row.engagementBand).toBe(4);
    expect((await enrollmentOf(app, lead)).endedAt).toBeNull();
  });

  it('lowers a grade by decay alone, at the computed moment', async () => {
    const lead = await aLead(app, bestFit);
    await takeIn(app, lead);
    // As after an escalation that was rejected: it stays in nurture until it was C or D again.
    await app.database.lead.update({
      where: { id: lead },
      data: { armed: false, grade: 'B', engagementBand: 3 },
    });
    const webinar = { kind: 'webinar', subject: 'A webinar' } as const;
    await does(app, lead, webinar, webinar);
    const gradeOf = async () =>
      (await app.database.lead.findUniqueOrThrow({ where: { id: lead } })).grade;
    // Both scores were kept, with their lines.
    const scores = await app.database.score.findMany({
      where: { leadId: lead },
      orderBy: { id: 'asc' },
    });
    expect(scores.at(-1)?.engagement).toBeGreaterThan(2_990);
    expect(await gradeOf()).toBe('B');
    const asked = app.clock.now();
    await until(app, lead, plus(asked, 20 * day - hour));
    expect(await gradeOf()).toBe('B');
    await until(app, lead, plus(asked, 20 * day + hour));
    expect(await gradeOf()).toBe('C');
  });

  it('costs one activity and one timer a mail, and writes nothing personal into its history (P8)', async () => {
    const lead = await aLead(app, bestFit);
    await takeIn(app, lead);
    await until(app, lead, later(app, 60 * day));
    const { id } = await enrollmentOf(app, lead);
    const history = await app.client.workflow.getHandle(`nurture/${id}`).fetchHistory();
    const events = history.events ?? [];
    const count = (name: keyof typeof EventType) =>
      events.filter(({ eventType }) => eventType === EventType[name]).length;
    const mails = (await mailsTo(app, lead)).length;
    // The branch and the end of the last wait are turns of their own.
    expect(count('EVENT_TYPE_ACTIVITY_TASK_SCHEDULED')).toBeLessThanOrEqual(mails + 1);
    expect(count('EVENT_TYPE_TIMER_STARTED')).toBeLessThanOrEqual(mails + 1);
    // What the server notes of a clock that is forwarded would not be there in real time.
    const ofVirtualTime =
      count('EVENT_TYPE_WORKFLOW_EXECUTION_OPTIONS_UPDATED') +
      count('EVENT_TYPE_WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED');
    expect((events.length - ofVirtualTime) / mails).toBeLessThan(14);
    const row = await app.database.lead.findUniqueOrThrow({ where: { id: lead } });
    const text = JSON.stringify(history, (key, value: unknown) =>
      key === 'data' && typeof value === 'string' ? Buffer.from(value, 'base64').toString() : value,
    );
    expect(text).toContain('c-nurture');
    for (const secret of [row.address, row.lastName, row.company, 'Ada'])
      expect(text).not.toContain(secret);
  });

  it('escalates a lead that crosses while a mail waits, and takes the mail back', async () => {
    const lead = await aLead(app, bestFit);
    await takeIn(app, lead);
    await until(app, lead, later(app, day));
    await does(app, lead, { kind: 'form', subject: 'Book a demo' });
    expect(await escalationsOf(app, lead)).toHaveLength(1);
    await until(app, lead, later(app, 30 * day));
    expect(await stepsOf(app, lead)).toEqual(['01-welcome']);
  });
});
