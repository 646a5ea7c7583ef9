import { DateTime } from 'luxon';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { day, hour, minute, plus } from '../../domain/instant.ts';
import { linksOf } from '../../sandbox/sendgrid/links.ts';
import { setControl } from '../../store/control.ts';
import { startApp, type App } from '../app.ts';
import {
  aLead,
  aSequence,
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

let app: App;
beforeAll(async () => {
  app = await startApp('2026-03-02T08:00:00Z');
});
afterAll(() => app.stop());

const steps = async (lead: Parameters<typeof mailsTo>[1]) =>
  (await mailsTo(app, lead)).map(({ customArgs }) => customArgs.step);

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
    expect(await steps(lead)).toEqual(['01-welcome']);
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
    expect((await steps(lead)).at(-1)).toBe('04-calculator');
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

  it('waits, blocked and visible, when a mail cannot be made, and goes on when a mended version frees it', async () => {
    const { moveBlocked } = await import('../../store/move-blocked.ts');
    const yaml =
      'goal: t\nowner: n\nwindow: always\nsteps:\n  - { mail: one, subject: "{{ lead.company }}", preheader: p }\n';
    const lead = await aLead(app, { ...bestFit, company: null });
    const other = await aLead(app, bestFit);
    await withSequence('c-nurture', yaml, async () => {
      await takeIn(app, lead);
      await takeIn(app, other);
      expect(await steps(other)).toEqual(['one']);
      expect(await steps(lead)).toEqual([]);
      const blocked = await enrollmentOf(app, lead);
      expect(blocked.blocked).toMatchObject({
        code: 'template',
        mail: 'one',
        detail: 'undefined variable: lead.company',
      });
      expect(await search(`Stage = "blocked" AND LeadId = "${lead}"`)).toEqual([
        `nurture/${blocked.id}`,
      ]);
      const { id, content } = await publish(
        'c-nurture',
        yaml.replace('{{ lead.company }}', "{{ lead.company | default: 'you' }}"),
      );
      expect(
        await moveBlocked(app.database, 'c-nurture', id, content.plan, app.clock.now()),
      ).toEqual([lead]);
      app.nudger.nudge([lead]);
      await settled(app, lead);
      expect(await steps(lead)).toEqual(['one']);
    });
  });

  it('is freed as well when the missing field arrives', async () => {
    const lead = await aLead(app, { ...bestFit, company: null });
    await withSequence(
      'c-nurture',
      'goal: t\nowner: n\nwindow: always\nsteps:\n  - { mail: two, subject: "{{ lead.company }}", preheader: p }\n',
      async () => {
        await takeIn(app, lead);
        expect(await steps(lead)).toEqual([]);
        await app.database.lead.update({
          where: { id: lead },
          data: { company: 'Engines', revision: { increment: 1 } },
        });
        app.nudger.nudge([lead]);
        await settled(app, lead);
        expect(await steps(lead)).toEqual(['two']);
      },
    );
  });

  it('sends nothing while all mail is off, and goes on when it is on again', async () => {
    const lead = await aLead(app, bestFit);
    await setControl(app.database, 'mail', 'off', app.clock.now());
    await takeIn(app, lead);
    await until(app, lead, later(app, 3 * hour));
    expect(await steps(lead)).toEqual([]);
    await setControl(app.database, 'mail', 'on', app.clock.now());
    await until(app, lead, later(app, 2 * hour));
    expect(await steps(lead)).toEqual(['01-welcome']);
  });

  it('shows ops where a lead stands, and finds it by what they look for', async () => {
    const lead = await aLead(app, bestFit);
    await takeIn(app, lead);
    const { id } = await enrollmentOf(app, lead);
    const handle = app.client.workflow.getHandle(`nurture/${id}`);
    await handle.signal('pause');
    await settled(app, lead);
    expect(
      await search(
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

  it('costs one activity and one timer a mail, and writes nothing personal into its history (P8)', async () => {
    const lead = await aLead(app, bestFit);
    await takeIn(app, lead);
    await until(app, lead, later(app, 60 * day));
    const { id } = await enrollmentOf(app, lead);
    const history = await app.client.workflow.getHandle(`nurture/${id}`).fetchHistory();
    const events = history.events ?? [];
    const count = (type: number) => events.filter(({ eventType }) => eventType === type).length;
    const mails = (await mailsTo(app, lead)).length;
    const [activityScheduled, timerStarted] = [10, 17];
    // The branch and the end of the last wait are turns of their own.
    expect(count(activityScheduled)).toBeLessThanOrEqual(mails + 1);
    expect(count(timerStarted)).toBeLessThanOrEqual(mails + 1);
    // What the server notes of a clock that is forwarded would not be there in real time.
    const ofVirtualTime = count(55) + count(60);
    expect((events.length - ofVirtualTime) / mails).toBeLessThan(14);
    const row = await app.database.lead.findUniqueOrThrow({ where: { id: lead } });
    const text = JSON.stringify(history, (_key, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value,
    );
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
    expect(await steps(lead)).toEqual(['01-welcome']);
  });
});

async function search(query: string): Promise<string[]> {
  // Visibility is written a moment after the history.
  for (let attempt = 0; attempt < 50; attempt++) {
    const found: string[] = [];
    for await (const { workflowId } of app.client.workflow.list({ query })) found.push(workflowId);
    if (found.length > 0) return found;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  return [];
}

async function publish(name: string, yaml: string) {
  await aSequence(app, name, yaml);
  const row = await app.database.sequence.findUniqueOrThrow({
    where: { name },
    include: { current: true },
  });
  return { id: row.currentId as never, content: row.current.content as { plan: never } };
}

/** Puts another sequence in a name's place for a while. */
async function withSequence(name: string, yaml: string, work: () => Promise<void>): Promise<void> {
  const before = await app.database.sequence.findUniqueOrThrow({ where: { name } });
  await aSequence(app, name, yaml);
  try {
    await work();
  } finally {
    await app.database.sequence.update({ where: { name }, data: { currentId: before.currentId } });
  }
}
