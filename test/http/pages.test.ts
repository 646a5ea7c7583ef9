import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { day, minute, plus } from '../../domain/instant.ts';
import type { AssignmentId, LeadId } from '../../domain/ids.ts';
import { Links } from '../../mail/links.ts';
import { isSuppressed } from '../../store/suppression.ts';
import { startApp, type App } from '../app.ts';
import {
  address,
  aLead,
  bestFit,
  does,
  enrollmentOf,
  escalationsOf,
  settled,
  takeIn,
} from '../program.ts';
import { get } from './get.ts';

let app: App;
beforeAll(async () => {
  app = await startApp('2026-03-02T08:00:00Z');
});
afterAll(() => app.stop());

const post = async (url: string, body: Record<string, string> = {}) => {
  const response = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams(body),
    redirect: 'manual',
  });
  return {
    status: response.status,
    text: await response.text(),
    location: response.headers.get('location'),
  };
};

async function escalated(fields = bestFit): Promise<{ lead: LeadId; url: string }> {
  const lead = await aLead(app, fields);
  await takeIn(app, lead);
  await does(app, lead, { kind: 'form', subject: 'Book a demo' });
  app.clock.at = plus(app.clock.at, minute);
  const [escalation] = await escalationsOf(app, lead);
  const assignment = await app.database.assignment.findFirstOrThrow({
    where: { escalationId: escalation?.id ?? '' },
  });
  return { lead, url: app.links.escalation(assignment.id as AssignmentId, app.clock.now()) };
}

describe('leaving', () => {
  it('takes a POST; a GET shows a button and changes nothing (P11)', async () => {
    const lead = await aLead(app, bestFit);
    await takeIn(app, lead);
    const url = app.links.unsubscribe(lead);
    const row = await app.database.lead.findUniqueOrThrow({ where: { id: lead } });
    for (let visit = 0; visit < 3; visit++)
      expect((await get(url)).text).toContain('Unsubscribe me');
    expect(await isSuppressed(app.database, address(row.address ?? ''))).toBe(false);
    expect((await post(url, { 'List-Unsubscribe': 'One-Click' })).status).toBe(200);
    await settled(app, lead);
    expect(await isSuppressed(app.database, address(row.address ?? ''))).toBe(true);
    expect((await enrollmentOf(app, lead)).endReason).toBe('suppressed');
    expect((await post(url)).text).toContain('Done');
    // Whoever comes again is told that it is done, by the company that they know.
    const again = await get(url);
    expect(again.text).toContain('Done');
    expect(again.text).toContain('Northwind Instruments');
    expect(again.text).not.toContain('Lockstep');
    expect(await app.database.event.count({ where: { leadId: lead, kind: 'unsubscribe' } })).toBe(
      1,
    );
  });

  it.each(['multipart/form-data; boundary=x', 'text/plain', 'application/json', ''])(
    'is heard in whichever form a mail program posts: %s',
    async type => {
      const lead = await aLead(app, bestFit);
      const response = await fetch(app.links.unsubscribe(lead), {
        method: 'POST',
        headers: type === '' ? {} : { 'content-type': type },
        body:
          type === ''
            ? null
            : '--x\r\ncontent-disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
      });
      expect(response.status).toBe(200);
      const row = await app.database.lead.findUniqueOrThrow({ where: { id: lead } });
      expect(await isSuppressed(app.database, address(row.address ?? ''))).toBe(true);
    },
  );

  it('needs a link that is signed, and signed for that (P12)', async () => {
    const lead = await aLead(app, bestFit);
    const url = app.links.unsubscribe(lead);
    const other = await aLead(app, bestFit);
    const foreign = new Links(app.config.http.publicUrl, 'another secret of many characters');
    for (const bad of [
      `${url}x`,
      url.slice(0, -3),
      url.replace(lead, other),
      foreign.unsubscribe(lead),
      url.replace('/u/', '/e/'),
    ]) {
      expect((await post(bad)).status).toBe(404);
      expect((await get(bad)).status).toBe(404);
    }
    expect(
      await app.database.event.count({
        where: { kind: 'unsubscribe', leadId: { in: [lead, other] } },
      }),
    ).toBe(0);
  });
});

describe('a rep’s page', () => {
  it('shows who, why to the point, and what happened; looking changes nothing', async () => {
    const { lead, url } = await escalated();
    const before = await app.database.lead.findUniqueOrThrow({ where: { id: lead } });
    const { status, text } = await get(url);
    expect(status).toBe(200);
    for (const part of [
      'Ada Lovelace',
      'Plant Manager, Analytical Engines',
      'Asked for sales',
      'demo form',
      'engagement, in all',
      'c-nurture/01-welcome',
      'Accept',
      'no compelling need',
    ])
      expect(text).toContain(part);
    expect(await app.database.lead.findUniqueOrThrow({ where: { id: lead } })).toEqual(before);
  });

  it('takes an acceptance, and says so when it is said twice', async () => {
    const { lead, url } = await escalated();
    const first = await post(url, { answer: 'accepted' });
    expect(first).toMatchObject({
      status: 303,
      location: new URL(url).pathname,
    });
    await settled(app, lead);
    expect((await get(url)).text).toContain('accepted this lead.');
    expect((await post(url, { answer: 'accepted' })).status).toBe(303);
    expect(await escalationsOf(app, lead)).toMatchObject([{ state: 'accepted', endedAt: null }]);
  });

  it('says nothing that did not happen, whatever the address says', async () => {
    const { url } = await escalated();
    for (const done of ['accepted', 'constructor', 'again'])
      expect((await get(`${url}?done=${done}`)).text).not.toContain('role="status"');
  });

  it('refuses a note that is too long, and says that it is', async () => {
    const { url } = await escalated();
    const long = await post(url, { answer: 'rejected', reason: 'not now', note: 'x'.repeat(501) });
    expect([long.status, long.text]).toEqual([422, expect.stringContaining('more than 500')]);
    const odd = { answer: 'rejected', reason: 'no compelling need', note: 'nul \u0000 here' };
    expect((await post(url, odd)).status).toBe(303);
  });

  it('takes a rejection with a reason, and the lead goes back', async () => {
    const { lead, url } = await escalated();
    expect(
      (
        await post(url, {
          ...{ answer: 'rejected', reason: 'not now', date: '2026-05-04' },
          note: 'Budget is in May',
        })
      ).status,
    ).toBe(303);
    await settled(app, lead);
    expect(await escalationsOf(app, lead)).toMatchObject([{ state: 'rejected' }]);
    expect(
      await app.database.disposition.findFirst({ where: { note: 'Budget is in May' } }),
    ).toMatchObject({ reason: 'not now', way: 'page' });
    expect((await get(url)).text).toContain('rejected this lead: not now');
    expect((await post(url, { answer: 'accepted' })).status).toBe(409);
  });

  it.each([
    [{ answer: 'rejected' }],
    [{ answer: 'rejected', reason: 'I do not like it' }],
    [{ answer: 'maybe' }],
    [{}],
    [{ answer: 'rejected', reason: '__proto__' }],
    [{ answer: 'rejected', reason: 'not now' }],
    [{ answer: 'rejected', reason: 'not now', date: '2020-01-01' }],
    [{ answer: 'rejected', reason: 'not now', date: '2046-01-01' }],
    [{ answer: 'rejected', reason: 'not now', date: 'in May' }],
    [{ answer: 'rejected', reason: 'wrong target', about: 'nobody' }],
    [{ answer: 'rejected', reason: 'duplicate' }],
    [{ answer: 'rejected', reason: 'unreachable' }],
    [{ answer: 'won', amount: '12,000' }],
    [{ answer: 'won', amount: '-5 EUR' }],
    [{ answer: 'won', amount: '900,000,000,000 EUR' }],
    [{ answer: 'lost' }],
    [{ answer: 'feedback' }],
    [{ answer: 'attempt', attempt: 'pigeon' }],
  ])('saves nothing of %j', async body => {
    const { lead, url } = await escalated();
    const result = await post(url, body);
    expect(result.status).toBe(422);
    expect(result.text).toContain('Nothing was saved');
    const [escalation] = await escalationsOf(app, lead);
    expect(
      await app.database.disposition.count({ where: { escalationId: escalation?.id ?? '' } }),
    ).toBe(0);
  });

  it('is not opened by a forged, foreign or outdated link (P12)', async () => {
    const { lead, url } = await escalated();
    expect((await get(`${url}x`)).status).toBe(404);
    expect((await get(app.links.unsubscribe(lead).replace('/u/', '/e/'))).status).toBe(404);
    const [escalation] = await escalationsOf(app, lead);
    const { id } = await app.database.assignment.findFirstOrThrow({
      where: { escalationId: escalation?.id ?? '' },
    });
    const old = app.links.escalation(id as AssignmentId, plus(app.clock.now(), -31 * day));
    expect(await get(old)).toMatchObject({ status: 410 });
    expect((await post(old, { answer: 'accepted' })).status).toBe(410);
  });

  it('shows what a lead calls itself as text, whatever it is', async () => {
    const { url } = await escalated({
      ...bestFit,
      firstName: '<script>alert(1)</script>',
      company: '"><img src=x onerror=alert(2)>',
    });
    const { text } = await get(url);
    expect(text).not.toContain('<script>alert');
    expect(text).not.toContain('<img src=x');
    expect(text).toContain('&lt;script');
  });
});

describe('every page', () => {
  it('runs no script, is framed by nobody, and is not indexed', async () => {
    for (const path of ['/', '/nowhere', '/u/x', '/e/x', '/l/p']) {
      const { text, headers } = await get(`${app.config.http.publicUrl}${path}`);
      expect(text).toContain('<html lang="en">');
      expect(text).not.toMatch(/<script/i);
      expect(text).toContain('name="robots" content="noindex"');
      expect(headers.get('content-security-policy')).toContain("script-src 'none'");
      expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
    }
  });

  it('has its styles', async () => {
    for (const name of ['pico.css', 'lockstep.css'])
      expect(
        (await get(`${app.config.http.publicUrl}/assets/${name}`)).headers.get('content-type'),
      ).toContain('text/css');
    expect((await get(`${app.config.http.publicUrl}/assets/..%2fserver.ts`)).status).toBe(404);
  });

  it('says of a failure that it failed, and nothing of what failed', async () => {
    const { url } = await escalated();
    const pages = [
      fetch(url, {
        method: 'POST',
        body: 'x'.repeat(100_000),
        headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
      }),
      fetch(url, {
        method: 'POST',
        body: '<x/>',
        headers: { accept: 'text/html', 'content-type': 'application/xml' },
      }),
      fetch(`${app.config.http.publicUrl}/u/%zz`, { headers: { accept: 'text/html' } }),
      fetch(`${app.config.http.publicUrl}/u/${'x'.repeat(9_000)}`, {
        headers: { accept: 'text/html' },
      }),
    ];
    for (const response of await Promise.all(pages)) {
      expect(response.status).toBeGreaterThanOrEqual(400);
      const text = await response.text();
      expect(text).toContain('<html lang="en">');
      expect(text).not.toMatch(/FST_|%zz|xxxx|node_modules/);
    }
  });

  it('answers machines in JSON', async () => {
    const response = await fetch(`${app.config.http.publicUrl}/nowhere`);
    expect([response.status, await response.json()]).toEqual([
      404,
      { error: 'There is no such page.' },
    ]);
    expect(await (await fetch(`${app.config.http.publicUrl}/healthz`)).json()).toEqual({
      status: 'ok',
    });
  });
});
