import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeadId, PersonId } from '../../domain/ids.ts';
import { day, hour, instant, plus } from '../../domain/instant.ts';
import { setAway } from '../../store/time-off.ts';
import { startApp, type App } from '../app.ts';
import { cookieOf } from '../logged-in.ts';
import { aLead, answer, bestFit, does, escalationsOf, later, takeIn } from '../program.ts';

let app: App;
beforeAll(async () => {
  // A Tuesday, nine o'clock in Berlin.
  app = await startApp('2026-03-03T08:00:00Z');
});
afterAll(() => app.stop());

/** A lead that books a demo, and whose it is. */
async function booked(fields = bestFit): Promise<{ lead: LeadId; owner: string }> {
  const lead = await aLead(app, fields);
  await takeIn(app, lead);
  await does(app, lead, { kind: 'form', subject: 'Book a demo' });
  const [escalation] = await escalationsOf(app, lead);
  const { key } = await app.database.person.findUniqueOrThrow({
    where: { id: escalation?.ownerId ?? '' },
  });
  return { lead, owner: key };
}

async function my(key: string): Promise<string> {
  const cookie = await cookieOf(app, key);
  const response = await fetch(`${app.config.http.publicUrl}/my`, { headers: { cookie } });
  expect(response.status).toBe(200);
  expect(response.headers.get('cache-control')).toBe('no-store');
  return inWords(await response.text());
}

/** What a reader sees, and where links lead. */
function inWords(html: string): string {
  return html
    .replace(/<a href="([^"]*)"[^>]*>/g, ' [$1] ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');
}

describe('my leads', () => {
  it('are none at first, and the page says what will come', async () => {
    expect(await my('sophie')).toContain('Nothing waits for you.');
    expect(await my('theo')).toContain('No lead is with sales.');
  });

  it('stand there due first, each with what is left of the time, why, and the way to its page', async () => {
    const first = await booked({ ...bestFit, firstName: 'Ada', country: 'AT' });
    app.clock.at = later(app, hour);
    const second = await booked({ ...bestFit, firstName: 'Grace', country: 'AT' });
    expect([first.owner, second.owner]).toEqual(['sophie', 'sophie']);
    const before = await app.database.escalation.findMany();
    const text = await my('sophie');
    expect(text).toContain('2 leads, most urgent first.');
    expect(text.indexOf('Ada Lovelace')).toBeLessThan(text.indexOf('Grace Lovelace'));
    expect(text).toMatch(
      /\[\S+\/e\/\S+\] Ada Lovelace Plant Manager, Analytical Engines Asked for sales: demo form \(\+50\) Answer 3 h left by Tue 3 Mar, 13:00 First contact 3 h left/,
    );
    expect(text).toContain('Logged in as Sophie Gruber. Times are Europe/Vienna.');
    expect(await app.database.escalation.findMany()).toEqual(before);
    expect(await my('daan')).toContain('Nothing waits for you.');
    await answer(app, second.lead, 'accepted');
    const after = await my('sophie');
    const [, ofGrace = ''] = after.split('Grace Lovelace');
    expect(ofGrace).not.toContain('Answer');
    expect(ofGrace).toContain('First contact 4 h left');
  });

  it('are overdue in words, and what was said stands below', async () => {
    const { lead, owner } = await booked({ ...bestFit, country: 'NL', firstName: 'Edsger' });
    expect(owner).toBe('daan');
    app.clock.at = later(app, day);
    expect(await my('daan')).toMatch(
      /1 lead, most urgent first; 1 overdue\. .* Answer overdue since Tue 3 Mar, \d\d:\d\d/,
    );
    await answer(app, lead, 'rejected', 'not now');
    const text = await my('daan');
    expect(text).toContain('Nothing waits for you.');
    expect(text).toMatch(
      /Ended in the last 30 days Wed 4 Mar, \d\d:\d\d \[\S+\/lead\/\S+\] Edsger Lovelace, Analytical Engines rejected: not now/,
    );
    app.clock.at = later(app, 31 * day);
    expect(await my('daan')).toContain('Ended in the last 30 days None.');
    app.clock.at = later(app, -31 * day);
  });

  it('are everybody’s for those who lead, by owner, what is overdue first', async () => {
    const { owner } = await booked();
    const { id, name } = await app.database.person.findUniqueOrThrow({ where: { key: owner } });
    const until = plus(app.clock.now(), 3 * day);
    await setAway(app.database, id as PersonId, { from: app.clock.now(), until });
    const text = await my('theo');
    expect(text).toContain('All leads with sales 3 leads, most urgent first; 2 overdue.');
    expect(text.indexOf('Sophie Gruber: 2')).toBeLessThan(text.indexOf(`${name}: 1`));
    expect(text).toContain(`${name}: 1 Is away until `);
    expect(text).toContain('Daan de Wit rejected: not now');
    expect(await my(owner)).toContain('You are noted as away until ');
  });

  it('are answered by whoever leads sales in their own name', async () => {
    const { lead } = await booked({ ...bestFit, country: 'NL', firstName: 'Margaret' });
    const said = async (key: string, kind: string) => {
      const cookie = await cookieOf(app, key);
      const [, page = ''] = /\[(\S+\/e\/\S+)\] Margaret/.exec(await my('theo')) ?? [];
      const form = new URLSearchParams({ answer: kind });
      await fetch(page, { method: 'POST', headers: { cookie }, body: form, redirect: 'manual' });
      const [escalation] = await escalationsOf(app, lead);
      const last = await app.database.disposition.findFirst({
        where: { escalationId: escalation?.id ?? '' },
        orderBy: { seq: 'desc' },
        include: { person: true },
      });
      return `${last?.person.key ?? ''} ${last?.kind ?? ''}`;
    };
    expect(await said('theo', 'accepted')).toBe('theo accepted');
    // Marketing has no name of its own there: the link is its owner's.
    expect(await said('nora', 'contacted')).toBe('daan contacted');
    await answer(app, lead, 'rejected', 'bad data');
  });

  it('are there to read for marketing, which does not answer', async () => {
    const text = await my('nora');
    expect(text).toContain('Sophie Gruber: 2');
    expect(text).not.toContain('/e/');
    expect(text).toContain('/lead/');
    // What a link opens is what it is for, whoever follows it.
    const [, page = ''] = /\[(\S+\/lead\/\S+)\] Ada Lovelace/.exec(text) ?? [];
    expect((await fetch(page)).status).toBe(200);
  });

  it('are shown as text, whatever they call themselves', async () => {
    await booked({
      ...bestFit,
      country: 'FR',
      firstName: '<script>alert(1)</script>',
      company: '"><img src=x>',
    });
    const cookie = await cookieOf(app, 'daan');
    const html = await (
      await fetch(`${app.config.http.publicUrl}/my`, { headers: { cookie } })
    ).text();
    expect(html).not.toMatch(/<script|<img/);
    expect(html).toContain('&lt;script');
  });

  it('count on working hours: what comes on Friday evening is due on Monday', async () => {
    app.clock.at = instant(Date.parse('2026-03-06T15:00:00Z'));
    const { owner } = await booked({ ...bestFit, country: 'BE', firstName: 'Lotte' });
    const [, told = ''] = (await my(owner)).split('Lotte Lovelace');
    expect(told).toMatch(/Answer 4 h left by Mon 9 Mar, \d\d:\d\d/);
  });
});
