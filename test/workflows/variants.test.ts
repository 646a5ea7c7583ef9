import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { day, hour, plus } from '../../domain/instant.ts';
import type { LeadId } from '../../domain/ids.ts';
import { linksOf } from '../../sandbox/sendgrid/links.ts';
import { startApp, type App } from '../app.ts';
import { aNurturedLead, stepsOf } from '../nurtured.ts';
import {
  aSequence,
  bestFit,
  does,
  enrollmentOf,
  later,
  mailsTo,
  read,
  settled,
  until,
} from '../program.ts';

let app: App;
beforeAll(async () => {
  app = await startApp('2026-03-02T08:00:00Z');
});
afterAll(() => app.stop());

/** A sequence that the leads of this file get. */
const publish = (more: string) =>
  aSequence(app, 'c-nurture', `goal: t\nowner: n\nwindow: always\n${more}`);

const exposuresOf = async (lead: LeadId) =>
  (
    await app.database.exposure.findMany({
      where: { enrollment: { leadId: lead } },
      orderBy: { split: 'asc' },
    })
  ).map(({ split, variant, at }) => ({ split, variant, at: at.getTime() }));

describe('a mail with variants', () => {
  it('is one mail: each lead gets one of them or none, and what fell to it is kept (P1)', async () => {
    await publish(`
steps:
  - { mail: a, subject: A, preheader: p }
  - wait: 2 days
  - mail: b
    subject: Plain
    preheader: p
    variants:
      plain: { weight: 1 }
      bold: { weight: 1, subject: Bold }
      hold_out: { weight: 1 }
  - wait: 2 days
  - { mail: c, subject: C, preheader: p }
`);
    const got = new Map<string, number>();
    for (let n = 0; n < 9; n++) {
      const lead = await aNurturedLead(app);
      const began = app.clock.now();
      // Whoever has not come to it is in no variant yet.
      expect(await exposuresOf(lead)).toEqual([]);
      await until(app, lead, plus(began, 12 * day));
      const [exposure, ...others] = await exposuresOf(lead);
      expect(others).toEqual([]);
      expect(exposure).toMatchObject({ split: 'b' });
      expect(exposure?.at).toBeGreaterThanOrEqual(plus(began, 2 * day));
      const variant = exposure?.variant ?? '';
      got.set(variant, (got.get(variant) ?? 0) + 1);
      const mails = await mailsTo(app, lead);
      const subjects = {
        plain: ['A', 'Plain', 'C'],
        bold: ['A', 'Bold', 'C'],
        hold_out: ['A', 'C'],
      };
      expect(mails.map(({ subject }) => subject)).toEqual(Reflect.get(subjects, variant));
      const sends = await app.database.send.findMany({ where: { leadId: lead, stepKey: 'b' } });
      expect(sends.map(send => send.variant)).toEqual(variant === 'hold_out' ? [] : [variant]);
      expect((await enrollmentOf(app, lead)).endReason).toBe('finished');
    }
    expect(got.size).toBeGreaterThan(1);
  });
});

describe('a sequence', () => {
  it('goes one of its ways, and all go on together', async () => {
    await publish(`
steps:
  - split: pace
    paths:
      quick: { weight: 1, steps: [{ mail: q, subject: s, preheader: p }] }
      slow:
        weight: 1
        steps: [{ wait: 3 days }, { mail: s, subject: s, preheader: p }]
  - wait: 1 day
  - { mail: z, subject: s, preheader: p }
`);
    const ways = new Set<string>();
    for (let n = 0; n < 6; n++) {
      const lead = await aNurturedLead(app);
      await until(app, lead, later(app, 5 * day));
      const [exposure] = await exposuresOf(lead);
      const way = exposure?.variant ?? '';
      ways.add(way);
      expect(await stepsOf(app, lead)).toEqual([way === 'quick' ? 'q' : 's', 'z']);
    }
    expect([...ways].every(way => ['quick', 'slow'].includes(way))).toBe(true);
  });

  it('moves a lead on to another, once', async () => {
    await aSequence(
      app,
      'after',
      'goal: t\nowner: n\nwindow: always\nsteps:\n  - { mail: n, subject: s, preheader: p }\n  - { move: c-nurture }\n',
    );
    await publish(
      'steps:\n  - { mail: m, subject: s, preheader: p }\n  - wait: 1 day\n  - move: after\n',
    );
    const lead = await aNurturedLead(app);
    await until(app, lead, later(app, 3 * day));
    expect(await stepsOf(app, lead)).toEqual(['m', 'n']);
    const rows = await app.database.enrollment.findMany({
      where: { leadId: lead },
      orderBy: { createdAt: 'asc' },
      include: { version: true },
    });
    expect(rows.map(({ endReason, version }) => [version.name, endReason])).toEqual([
      ['c-nurture', 'moved'],
      ['after', 'finished'],
    ]);
  });

  it('is left in the middle of a wait by what it says leads leave it for (P10)', async () => {
    await publish(`
leave_when:
  - { if: 'downloaded "Stop calculator*"', because: has the calculator }
  - { if: clicked in m, because: read it }
steps:
  - { mail: m, subject: s, preheader: p }
  - wait: 9 days
  - { mail: n, subject: s, preheader: p }
`);
    const title = { ...bestFit, title: 'Cook' };
    const downloads = await aNurturedLead(app, title);
    const clicks = await aNurturedLead(app, title);
    app.clock.at = plus(app.clock.at, hour);
    await does(app, downloads, { kind: 'download', subject: 'Stop calculator 2026' });
    expect((await enrollmentOf(app, downloads)).endReason).toBe('exit: has the calculator');
    const mail = read(app, (await mailsTo(app, clicks))[0]);
    const link = linksOf(mail.html ?? '')[0] ?? expect.fail();
    app.sandbox.reader.click(mail, link);
    await settled(app, clicks);
    await until(app, clicks, later(app, day));
    expect((await enrollmentOf(app, clicks)).endReason).toBe('exit: read it');
    expect(await stepsOf(app, downloads)).toEqual(['m']);
  });

  it('mails no more than its own cap, beside the agreement’s', async () => {
    const steps = ['a', 'b', 'c'].map(mail => `  - { mail: ${mail}, subject: s, preheader: p }\n`);
    await publish(`cap: 1 mail a day\nsteps:\n${steps.join('')}`);
    const lead = await aNurturedLead(app);
    await until(app, lead, later(app, 12 * day));
    const moments = (await mailsTo(app, lead)).map(({ at }) => at);
    expect(moments).toHaveLength(3);
    expect((moments[1] ?? 0) - (moments[0] ?? 0)).toBeGreaterThanOrEqual(day);
  });
});
