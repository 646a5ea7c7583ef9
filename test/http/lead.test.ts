import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { day, hour, minute, plus } from '../../domain/instant.ts';
import type { AssignmentId, LeadId } from '../../domain/ids.ts';
import { Links } from '../../mail/links.ts';
import { startApp, type App } from '../app.ts';
import {
  aLead,
  answer,
  bestFit,
  does,
  escalationsOf,
  later,
  mailsTo,
  read,
  takeIn,
  until,
} from '../program.ts';
import { get } from './get.ts';

let app: App;
beforeAll(async () => {
  app = await startApp('2026-03-02T08:00:00Z');
});
afterAll(() => app.stop());

/** A lead that crossed by three looks at the prices, two of them earlier. */
async function crossed(fields = bestFit): Promise<LeadId> {
  const lead = await aLead(app, fields);
  await takeIn(app, lead);
  await does(app, lead, { subject: '/pricing' });
  app.clock.at = later(app, hour);
  await does(app, lead, { subject: '/pricing?plan=2' });
  app.clock.at = later(app, hour);
  await does(app, lead, { subject: '/pricing?plan=3' });
  app.clock.at = later(app, minute);
  return lead;
}

describe('a lead’s page', () => {
  it('tells who, why, what may come, where it is and how it came there; looking changes nothing (P11)', async () => {
    const lead = await crossed();
    await answer(app, lead, 'accepted');
    const tables = async () => {
      const where = { leadId: lead };
      return Promise.all([
        app.database.lead.findUniqueOrThrow({ where: { id: lead } }),
        app.database.score.count({ where }),
        app.database.event.count({ where }),
        app.database.openSlot.findMany({ where }),
      ]);
    };
    const before = await tables();
    const { status, text } = await get(app.links.lead(lead, app.clock.now()));
    expect(status).toBe(200);
    for (const part of [
      'Ada Lovelace',
      'Plant Manager, Analytical Engines',
      'B: fit 100 (band A), engagement',
      'engagement, in all',
      'With sales: ',
      '(accepted).',
      'Now B; falls to C on ',
      'A demo form makes it A',
      'first graded',
      'B since 2 Mar 2026, 11:00: up from C: pricing page (+',
      'Its grades, one after the other: C, B.',
      'c-nurture/01-welcome',
      'By version 1 of the agreement.',
    ])
      expect(text).toContain(part);
    expect(await tables()).toEqual(before);
  });

  it('tells what is planned for a lead in nurture', async () => {
    const lead = await aLead(app, { ...bestFit, title: null });
    await takeIn(app, lead);
    const { text } = await get(app.links.lead(lead, app.clock.now()));
    expect(text).toMatch(/In c-nurture v1; next mail 02-what-a-stop-costs on /);
    expect(text).toContain('A demo form makes it B');
  });

  it('is linked from the page of the rep, whose mail says why now in four lines', async () => {
    const lead = await crossed();
    const [escalation] = await escalationsOf(app, lead);
    const { id } = await app.database.assignment.findFirstOrThrow({
      where: { escalationId: escalation?.id ?? '' },
    });
    const { text } = await get(app.links.escalation(id as AssignmentId, app.clock.now()));
    const [, path] = /href="http:\/\/[^/]+(\/lead\/[^"]+)"/.exec(text) ?? [];
    expect((await get(`${app.config.http.publicUrl}${path ?? ''}`)).status).toBe(200);
    const told = [...app.sandbox.outbox.all()].findLast(
      ({ customArgs }) => customArgs.escalation_id === escalation?.id,
    );
    const mail = read(app, told);
    const why = [
      /Crossed the line that both teams agreed on: B: fit 100 \(band A\), engagement [\d.]+ \(band 3\)\./,
      /B because of pricing page just now \(\+[\d.]+\)\./,
      /Now B; falls to C on \d+ Mar 2026, \d\d:\d\d if nothing happens\./,
      /A demo form makes it A; a contact form makes it A; [^\n]+\./,
    ];
    for (const line of why) {
      expect(text).toMatch(line);
      expect(mail.html).toMatch(line);
      expect(mail.text).toMatch(new RegExp(`^ \\* ${line.source}$`, 'm'));
    }
  });

  it('tells of every grade since the first, with the reason and the version', async () => {
    const lead = await crossed();
    await answer(app, lead, 'rejected', 'not now');
    await until(app, lead, later(app, 40 * day));
    const { text } = await get(app.links.lead(lead, app.clock.now()));
    expect(text).toMatch(/down from B: points fade \(−[\d.]+\)/);
    expect(text).toContain('Its grades, one after the other: C, B, C.');
    expect((await mailsTo(app, lead)).length).toBeGreaterThan(0);
  });

  it('is opened by its own signed link alone, for seven days (P12)', async () => {
    const lead = await crossed();
    const other = await aLead(app, bestFit);
    const now = app.clock.now();
    const url = app.links.lead(lead, now);
    const token = url.slice(url.lastIndexOf('/') + 1);
    const foreign = new Links(app.config.http.publicUrl, 'another secret of many characters');
    for (const bad of [
      `${url}x`,
      url.slice(0, -1),
      foreign.lead(lead, now),
      app.links.unsubscribe(lead).replace('/u/', '/lead/'),
      url.replace('/lead/', '/u/'),
      url.replace('/lead/', '/e/'),
      `${app.config.http.publicUrl}/lead/${app.links.lead(other, now).split('/').at(-1)?.split('.').slice(0, 3).join('.')}.${token.split('.').at(-1)}`,
    ])
      expect((await get(bad)).status, bad).toBe(404);
    expect((await get(app.links.lead(lead, plus(now, -8 * day)))).status).toBe(410);
    expect((await get(app.links.lead(lead, plus(now, -7 * day)))).status).toBe(200);
  });

  it('shows what a lead calls itself as text, whatever it is', async () => {
    const lead = await crossed({
      ...bestFit,
      firstName: '<script>alert(1)</script>',
      company: '"><img src=x onerror=alert(2)>',
    });
    await does(app, lead, { subject: '/pricing<svg onload=alert(3)>' });
    const { text } = await get(app.links.lead(lead, app.clock.now()));
    expect(text).not.toMatch(/<script|<img|<svg onload/);
    expect(text).toContain('&lt;script');
  });
});
