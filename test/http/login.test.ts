import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { day, minute, plus } from '../../domain/instant.ts';
import { httpContext } from '../../http/context.ts';
import { createServer } from '../../http/server.ts';
import { Links } from '../../mail/links.ts';
import { sql } from '../../store/database.ts';
import { suppress } from '../../store/suppression.ts';
import { startApp, type App } from '../app.ts';
import { address, later, read } from '../program.ts';
import { get } from './get.ts';

let app: App;
let own: string;
beforeAll(async () => {
  app = await startApp('2026-03-02T08:00:00Z');
  own = app.config.http.publicUrl;
});
afterAll(() => app.stop());
// Limits of a minute and of a quarter of an hour are of other tests' forms.
let network = 0;
beforeEach(() => {
  network += 1;
  app.clock.at = later(app, 20 * minute);
});

interface Sent {
  cookie?: string;
  headers?: Record<string, string>;
}

async function post(path: string, body: Record<string, string> = {}, sent: Sent = {}) {
  const { cookie, headers = {} } = sent;
  const response = await fetch(`${own}${path}`, {
    method: 'POST',
    body: new URLSearchParams(body),
    redirect: 'manual',
    headers: {
      // The proxy in front tells who asks.
      'x-forwarded-for': `192.0.2.${network}`,
      ...(cookie === undefined ? {} : { cookie }),
      ...headers,
    },
  });
  return {
    status: response.status,
    text: await response.text(),
    location: response.headers.get('location'),
    setCookie: response.headers.get('set-cookie'),
    headers: response.headers,
  };
}

const my = async (cookie: string) => {
  const response = await fetch(`${own}/my`, { headers: { cookie }, redirect: 'manual' });
  return { status: response.status, location: response.headers.get('location') };
};

/** Asks for a link, and follows the mail to where its button leads. */
async function linkFor(who: string): Promise<string> {
  expect((await post('/login', { address: who })).status).toBe(200);
  await app.loginMailer.drain();
  const mail = mailsTo(who).at(-1);
  const link = /https?:\/\/[^\s"<>]+\/login\/[^\s"<>]+/.exec(read(app, mail).html ?? '')?.[0];
  if (link === undefined) throw new Error('The mail has no link.');
  return new URL(link).pathname;
}

const mailsTo = (who: string) => [...app.sandbox.outbox.all()].filter(({ to }) => to === who);

async function logInAs(who: string): Promise<string> {
  const { setCookie } = await post(await linkFor(who));
  return setCookie?.split(';')[0] ?? '';
}

const lena = 'lena@northwind.example';

describe('logging in', () => {
  it('goes by a mailed link, whose page shows a button and changes nothing (P11)', async () => {
    expect((await get(`${own}/login`)).text).toContain('Mail me a link');
    const path = await linkFor(lena);
    const rows = () => app.database.login.findMany({ orderBy: { id: 'asc' } });
    const before = await rows();
    for (let visit = 0; visit < 3; visit++) {
      const { status, text, headers } = await get(`${own}${path}`);
      expect([status, headers.get('set-cookie')]).toEqual([200, null]);
      expect(text).toContain('Open my leads');
    }
    expect(await rows()).toEqual(before);
    const { status, location, setCookie } = await post(path);
    expect([status, location]).toEqual([303, '/my']);
    expect(setCookie).toMatch(
      /^lockstep=s\.[\w.-]+; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    expect((await my(setCookie?.split(';')[0] ?? '')).status).toBe(200);
  });

  it('works once; who presses twice is in', async () => {
    const path = await linkFor(lena);
    const { setCookie } = await post(path);
    const cookie = setCookie?.split(';')[0] ?? '';
    const stranger = await post(path);
    expect([stranger.status, stranger.setCookie]).toEqual([410, null]);
    expect(stranger.text).toContain('This link was used');
    expect((await get(`${own}${path}`)).status).toBe(410);
    expect(await post(path, {}, { cookie })).toMatchObject({ status: 303, location: '/my' });
    const colleague = await logInAs('emil@northwind.example');
    expect((await post(path, {}, { cookie: colleague })).status).toBe(410);
  });

  it('of many who press at once, one is in', async () => {
    const path = await linkFor(lena);
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(path)));
    expect(answers.filter(({ setCookie }) => setCookie !== null)).toHaveLength(1);
  });

  it('needs a link that is signed, for that, and not old (P12)', async () => {
    const path = await linkFor(lena);
    const { id } = await app.database.login.findFirstOrThrow({ orderBy: { id: 'desc' } });
    const now = app.clock.now();
    const foreign = new Links(own, 'another secret of many characters');
    const session = app.links.session(id as never, now);
    for (const bad of [
      `${path}x`,
      path.slice(0, -2),
      new URL(foreign.login(id as never, now)).pathname,
      `/login/${session}`,
      path.replace('/login/', '/e/'),
    ]) {
      expect((await get(`${own}${bad}`)).status, bad).toBe(404);
      expect(await post(bad), bad).toMatchObject({ status: 404, setCookie: null });
    }
    app.clock.at = later(app, 16 * minute);
    expect((await get(`${own}${path}`)).status).toBe(410);
    expect(await post(path)).toMatchObject({ status: 410, setCookie: null });
    expect(await app.database.login.findUniqueOrThrow({ where: { id } })).toMatchObject({
      usedAt: null,
    });
  });

  it('answers the same, and does as much meanwhile, whether an address is known or not', async () => {
    const known = await post('/login', { address: lena });
    const unknown = await post('/login', { address: 'nobody@northwind.example' });
    expect([unknown.status, unknown.text]).toEqual([known.status, known.text]);
    const told = ({ headers }: typeof known) =>
      [...headers].filter(([name]) => !/^(date|x-ratelimit-(remaining|reset))$/.test(name));
    expect(told(unknown)).toEqual(told(known));
    await app.loginMailer.drain();
    // Nobody is looked up before the answer, so there is nothing to measure: it comes also while nobody can be.
    const mailed = mailsTo(lena).length;
    await app.database.transaction(async session => {
      await session.$executeRaw(sql`LOCK TABLE person, login IN ACCESS EXCLUSIVE MODE`);
      for (const who of [lena, 'nobody@northwind.example'])
        expect((await post('/login', { address: who })).text).toBe(known.text);
      expect(mailsTo(lena)).toHaveLength(mailed);
    });
    await app.loginMailer.drain();
    expect(mailsTo(lena)).toHaveLength(mailed + 1);
    expect(mailsTo('nobody@northwind.example')).toEqual([]);
  });

  it('says of what is no address that it is none', async () => {
    for (const body of [{ address: 'lena' }, { address: '' }, {}, { address: 'x'.repeat(400) }])
      expect(await post('/login', body as never)).toMatchObject({
        status: 422,
        text: expect.stringContaining('That is no address to mail to') as string,
      });
  });

  it('mails nobody more than three links in a quarter of an hour, and nobody who is never mailed (P2)', async () => {
    const before = mailsTo('sophie@northwind.example').length;
    for (let n = 0; n < 5; n++) await post('/login', { address: 'sophie@northwind.example' });
    await app.loginMailer.drain();
    expect(mailsTo('sophie@northwind.example').length - before).toBe(3);
    const daan = address('daan@northwind.example');
    await suppress(app.database, [daan], 'bounced', app.clock.now());
    expect((await post('/login', { address: daan })).status).toBe(200);
    await app.loginMailer.drain();
    expect(mailsTo(daan)).toEqual([]);
  });

  it('takes ten forms a minute from one address of the network', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 11; n++)
      statuses.push((await post('/login', { address: `nobody-${n}@x.example` })).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 200), 429]);
  });

  it('takes nothing from a page of another site', async () => {
    const path = await linkFor(lena);
    const cookie = await logInAs('theo@northwind.example');
    const foreign: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site', origin: own },
      { 'sec-fetch-site': 'same-site' },
    ];
    const logins = await app.database.login.count();
    for (const headers of foreign) {
      expect(await post(path, {}, { headers })).toMatchObject({ status: 403, setCookie: null });
      expect((await post('/login', { address: lena }, { headers })).status).toBe(403);
      expect((await post('/logout', {}, { headers, cookie })).status).toBe(403);
    }
    await app.loginMailer.drain();
    expect(await app.database.login.count()).toBe(logins);
    expect((await my(cookie)).status).toBe(200);
    expect((await post(path, {}, { headers: { origin: own } })).status).toBe(303);
  });
});

describe('a session', () => {
  it('leads to the form when there is none', async () => {
    expect(await my('')).toEqual({ status: 303, location: '/login' });
  });

  it('lasts thirty days, and is ended by logging out, everywhere', async () => {
    const cookie = await logInAs('theo@northwind.example');
    const form = await fetch(`${own}/login`, { headers: { cookie }, redirect: 'manual' });
    expect(form.headers.get('location')).toBe('/my');
    const out = await post('/logout', {}, { cookie });
    expect(out).toMatchObject({ status: 303, location: '/login' });
    expect(out.setCookie).toMatch(/^lockstep=; Max-Age=0;/);
    expect((await my(cookie)).status).toBe(303);
    expect((await post('/logout')).status).toBe(303);
    const other = await logInAs('theo@northwind.example');
    const begun = app.clock.now();
    app.clock.at = plus(begun, 30 * day);
    expect((await my(other)).status).toBe(200);
    app.clock.at = plus(begun, 30 * day + 1);
    expect((await my(other)).status).toBe(303);
  });

  it('is kept in a cookie of this host alone where pages are reached over HTTPS', async () => {
    const { config, database, engine, clock } = app;
    const log = pino({ level: 'silent' });
    const http = { ...config.http, publicUrl: 'https://lockstep.example' };
    const parts = { config: { ...config, http }, database, engine, clock, templates: 'templates' };
    const server = await createServer(await httpContext({ ...parts, log }));
    const answer = await server.inject({ method: 'POST', url: await linkFor(lena) });
    expect(answer.headers['set-cookie']).toMatch(
      /^__Host-lockstep=s\.[\w.-]+; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    await server.close();
  });

  it('is none when it is forged, of another kind, or of somebody who is not active (P12)', async () => {
    const cookie = await logInAs('emil@northwind.example');
    const path = await linkFor('emil@northwind.example');
    for (const bad of [
      `${cookie}x`,
      cookie.slice(0, -1),
      `lockstep=${path.split('/').at(-1) ?? ''}`,
      'lockstep=',
    ])
      expect((await my(bad)).status, bad).toBe(303);
    await app.database.person.update({ where: { key: 'emil' }, data: { active: false } });
    expect((await my(cookie)).status).toBe(303);
    expect((await post(path)).status).toBe(404);
    const mailed = mailsTo('emil@northwind.example').length;
    await post('/login', { address: 'emil@northwind.example' });
    await app.loginMailer.drain();
    expect(mailsTo('emil@northwind.example')).toHaveLength(mailed);
  });
});
