import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runStudio } from '../../cli/run-studio.ts';
import { readConfig } from '../../config.ts';
import { Engine } from '../../engine/engine.ts';
import { httpContext } from '../../http/context.ts';
import { createServer } from '../../http/server.ts';
import { isOfThisMachine } from '../../http/studio/guard.ts';
import { Links } from '../../mail/links.ts';
import { cookieOf } from '../logged-in.ts';
import { createNamespace } from '../namespace.ts';
import { aLead, bestFit } from '../program.ts';
import { aMail, aPlan } from '../studio-folder.ts';
import { aLivingSequence } from '../studio-leads.ts';
import { startStudio, studioLog, type StudioRun } from '../studio-server.ts';

let studio: StudioRun;
beforeAll(async () => {
  studio = await startStudio();
  const { database, folder, clock } = studio;
  await aLivingSequence(database, folder.templates, 'plant-tour', 20, clock.now());
});
afterAll(() => studio.stop());

describe('the pages of the studio', () => {
  it('show all sequences, with what is live of them and what is to be mended', async () => {
    await studio.folder.write('open-day', 'sequence.yaml', aPlan('Fill the open day'));
    const { status, text } = await studio.get('/studio');
    expect(status).toBe(200);
    for (const part of [
      '7 sequences in the templates folder, 4 leads under way',
      'Bring plant managers to see a line',
      'version 1 live since 1 Jan 2026',
      'not published',
      '1 error',
      'makers who know what a stop costs',
      'href="/studio/c-nurture"',
    ])
      expect(text).toContain(part);
  });

  it('draw a sequence with all that it does, and where everybody is', async () => {
    const before = await studio.database.sequence.findMany();
    const { text } = await studio.get('/studio/plant-tour');
    // Looking changes nothing (P11).
    expect(await studio.database.sequence.findMany()).toEqual(before);
    for (const part of [
      'Mon-thu, 09:00 to 16:00',
      '1 mail a week, and no more than agreed',
      'when filled in &#34;Plant tour&#34;: comes to the tour',
      'Ines, come and see one',
      'Two hours that pay',
      'held out',
      'wait 6 days',
      '2 waiting',
      'clicked in 01-invitation within 5 days?',
      'What Garonne Précision would see',
      'until tuesday 09:30',
      'call by the owner within 2 working days',
      'split: pace',
      'no interest now',
      'href="/studio/stay-in-touch"',
      '7 sent · 2 clicked (29\u00a0%)',
    ])
      expect(text.toLowerCase()).toContain(part.toLowerCase());
  });

  it.each([
    ['an example', 'no-first-name', 'Hello there, the line ran'],
    ['another', 'obrien', 'Hello Siobh'],
    ['nobody that there is', 'somebody', 'Hello Ines, the line ran'],
  ])('show a mail as %s gets it', async (_who, lead, text) => {
    const page = await studio.get(`/studio/plant-tour/01-invitation?lead=${lead}&look=both`);
    expect(page.text.match(/<iframe/g)).toHaveLength(4);
    expect(page.text).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox"');
    const mail = await studio.get(`/studio/plant-tour/01-invitation/mail.html?lead=${lead}`);
    expect(mail.text).toContain(text);
    expect(mail.headers['content-security-policy']).toBe(
      "default-src 'none';style-src 'unsafe-inline';img-src * data:;base-uri 'none';form-action 'none';frame-ancestors 'self';sandbox allow-popups allow-popups-to-escape-sandbox",
    );
  });

  it('show variants by themselves and side by side', async () => {
    const one = await studio.get('/studio/plant-tour/01-invitation?variant=short');
    expect(one.text).toContain('Two hours that pay');
    expect(one.text.match(/<iframe/g)).toHaveLength(2);
    const all = await studio.get('/studio/plant-tour/01-invitation?variant=all');
    expect(all.text).toContain('Two hours that pay');
    expect(all.text).toContain('Ines, come and see one');
    const short = await studio.get('/studio/plant-tour/01-invitation/mail.html?variant=short');
    expect(short.text).toContain('01-short');
  });

  it('show a mail as a real lead gets it, whose address stands in no URL (P8)', async () => {
    const lead = await aLead(studio, { ...bestFit, firstName: 'Ada' });
    const { address } = await studio.database.lead.findUniqueOrThrow({ where: { id: lead } });
    const ask = (asked: string) =>
      studio.server.inject({
        ...{ method: 'POST', url: '/studio/plant-tour/03-after/lead' },
        headers: { host: 'localhost', 'content-type': 'application/x-www-form-urlencoded' },
        payload: new URLSearchParams({ address: asked, look: 'dark' }).toString(),
      });
    const found = await ask((address ?? '').toUpperCase());
    expect(found.statusCode).toBe(303);
    const location = String(found.headers.location);
    expect(location).toBe(`/studio/plant-tour/03-after?lead=${lead}&look=dark`);
    expect((await studio.get(location)).text).toContain('As Ada Lovelace gets it');
    const mail = location.replace('03-after', '03-after/mail.html');
    expect((await studio.get(mail)).text).toContain('Hello Ada');
    for (const nobody of ['nobody@example.com', 'nonsense', '']) {
      const asked = await ask(nobody);
      expect(asked.headers.location).toBe('/studio/plant-tour/03-after?lead=nobody&look=dark');
      expect((await studio.get(String(asked.headers.location))).text).toContain(
        'No lead has this address',
      );
    }
  });

  it('say what keeps a mail from a lead, and show what is wrong beside its line', async () => {
    const wrong = aMail('Hello {{ lead.title }}')
      .replace('href="https', 'href="htps')
      .replace('<mj-button', '<mj-buttn')
      .replace('</mj-button', '</mj-buttn');
    await studio.folder.write('plant-tour', '03-after.mjml', aMail('Hello {{ lead.title }}'));
    const blocked = await studio.get('/studio/plant-tour/03-after?lead=nothing-known');
    expect(blocked.text).toContain('For this lead the mail cannot be made:');
    expect(blocked.text).toContain('lead.title');
    await studio.folder.write('plant-tour', '03-after.mjml', wrong);
    const found = await studio.get('/studio/plant-tour/03-after');
    expect(found.text).toMatch(/<code>\s*&lt;mj-buttn[^\n]*<\/code><p class="note error">/);
    expect((await studio.get('/studio/plant-tour')).text).toContain('03-after.mjml:');
    await studio.folder.write('plant-tour', '03-after.mjml', aMail('03-after'));
  });

  it('show what cannot be read with its place, and all others', async () => {
    await studio.folder.write(
      'broken',
      'sequence.yaml',
      'goal: x\nowner: nora\nsteps:\n  - mial: 01\n',
    );
    await studio.folder.write('No Name', 'sequence.yaml', 'goal: x\n');
    const { text } = await studio.get('/studio');
    for (const part of ['broken/sequence.yaml:4:', 'cannot name a sequence', 'c-nurture'])
      expect(text).toContain(part);
    expect((await studio.get('/studio/broken')).text).toContain('What is live goes on as it is');
    const source = await studio.get('/studio/broken/sequence.yaml');
    expect(source.text).toMatch(/mial: 01<\/code><p class="note error">/);
    expect((await studio.get('/studio/broken/01')).text).toContain('It cannot be read');
    expect((await studio.get('/studio/No%20Name')).text).toContain('cannot name a sequence');
    await studio.folder.remove('broken', 'sequence.yaml');
    expect((await studio.get('/studio/broken')).status).toBe(200);
    await studio.folder.remove('broken');
    await studio.folder.remove('No Name');
    expect((await studio.get('/studio/broken')).status).toBe(404);
  });

  it.each([
    ['/studio/c-nurtur', 'Did you mean <a href="/studio/c-nurture">'],
    ['/studio/c-nurture/01-welcom', 'Did you mean <a href="/studio/c-nurture/01-welcome">'],
    ['/studio/%3Cscript%3E', 'There is no sequence &#34;&lt;script>&#34;'],
    ['/studio/..%2f..%2fetc', 'There is no sequence'],
    ['/studio/c-nurture/..%2f..%2fbrand%2fbrand', 'sends no mail'],
    ['/studio/c-nurture/%2e%2e%2f01-welcome/mail.html', 'sends no mail'],
    [`/studio/${'x'.repeat(300)}`, 'There is no sequence'],
    ['/studio/constructor', 'There is no sequence'],
    ['/studio/c-nurture/constructor', 'sends no mail'],
  ])('do not have %s', async (path, says) => {
    const { status, text } = await studio.get(path, { accept: 'text/html' });
    expect(status).toBe(404);
    expect(text).toContain(says);
  });

  it('are there without a database, and say so', async () => {
    studio.without('the workspace "sample" is not running');
    for (const page of ['/studio', '/studio/plant-tour', '/studio/plant-tour/03-after']) {
      const { status, text } = await studio.get(page);
      expect(status).toBe(200);
      expect(text).toMatch(/(No live numbers|No real lead can be chosen): the workspace/);
    }
    studio.without(null);
  });

  it('invite whoever has none to write one', async () => {
    await rename(join(studio.folder.templates, 'sequences'), join(studio.folder.templates, 'away'));
    const { status, text } = await studio.get('/studio');
    await rename(join(studio.folder.templates, 'away'), join(studio.folder.templates, 'sequences'));
    expect(status).toBe(200);
    expect(text).toContain('Write your first sequence');
  });
});

describe('the studio is open', () => {
  it.each([
    ['a name that was turned to this machine', { host: 'evil.example' }],
    ['and one that looks like it', { host: 'localhost.evil.example:3000' }],
    ['what somebody hands on', { 'x-forwarded-for': '203.0.113.9' }],
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }],
    ['another server of this machine', { 'sec-fetch-site': 'same-site' }],
    ['a form of another site', { origin: 'https://evil.example' }],
  ])('to this machine alone: not to %s (P12)', async (_what, headers) => {
    for (const path of ['/studio', '/studio/.changes', '/studio/c-nurture/01-welcome/mail.html'])
      expect((await studio.get(path, headers)).status).toBe(403);
  });

  it.each(['localhost:3000', '127.0.0.1', '[::1]:3000', 'LOCALHOST'])('by %s', async host => {
    expect((await studio.get('/studio', { host, 'sec-fetch-site': 'none' })).status).toBe(200);
  });

  it.each([
    ['127.0.0.1', 'http://localhost:3000', true],
    ['::1', 'http://[::1]:3000', true],
    ['127.0.0.1', 'https://mail.example.com', false],
    ['0.0.0.0', 'http://localhost:3000', false],
  ])('without a login where it listens on %s for %s: %s', (host, publicUrl, isOpen) => {
    expect(isOfThisMachine({ host, publicUrl })).toBe(isOpen);
  });

  it('elsewhere to marketers and heads who are logged in, and not at all unless it is asked for (P12)', async () => {
    const { client, connection, address, namespace } = await createNamespace();
    const config = readConfig({
      ...{
        DATABASE_URL: studio.databaseUrl,
        TEMPORAL_ADDRESS: address,
        TEMPORAL_NAMESPACE: namespace,
      },
      ...{ SENDGRID_API_KEY: 'SG.test', SENDGRID_WEBHOOK_PUBLIC_KEY: webhookKey },
      ...{
        LOCKSTEP_PUBLIC_URL: 'http://mail.example.com',
        LOCKSTEP_API_KEY: 'an api key for tests',
      },
      ...{
        LOCKSTEP_SECRET: 'a secret of thirty-two characters',
        LOCKSTEP_STUDIO: studio.folder.templates,
      },
    });
    const links = new Links(config.http.publicUrl, config.secret);
    const { clock, database } = studio;
    const parts = { database, clock, engine: new Engine(client), log: studioLog };
    const served = async (studio: string | null) =>
      createServer(
        await httpContext({ ...parts, config: { ...config, studio }, templates: 'templates' }),
      );
    const [having, without] = [await served(config.studio), await served(null)];
    const ask = (to: FastifyInstance, path: string, cookie = '', site = 'none') =>
      to.inject({ url: path, headers: { cookie, 'sec-fetch-site': site } });
    const stranger = await ask(having, '/studio/plant-tour');
    expect([stranger.statusCode, stranger.headers.location]).toEqual([303, '/login']);
    expect((await ask(having, '/studio/.changes')).statusCode).toBe(303);
    const person = (key: string) => cookieOf({ database, clock, links }, key);
    const heads = { where: { key: 'theo' }, data: { role: 'head' } };
    await studio.database.person.update(heads);
    for (const [key, status] of [
      ['nora', 200],
      ['theo', 200],
      ['sophie', 403],
    ] as const)
      expect([
        key,
        (await ask(having, '/studio/plant-tour', await person(key))).statusCode,
      ]).toEqual([key, status]);
    expect((await ask(without, '/studio', await person('nora'))).statusCode).toBe(404);
    await Promise.all([having.close(), without.close(), connection.close()]);
  });

  it('by itself, without a workspace', async () => {
    const alone = await runStudio(studio.folder.templates, 'nowhere', 0);
    const answer = await fetch(alone.address);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('the workspace &#34;nowhere&#34; is not running');
    await expect(
      runStudio(studio.folder.templates, 'nowhere', Number(new URL(alone.address).port)),
    ).rejects.toThrow('is in use by another process');
    await alone.stop();
  });
});

const webhookKey =
  'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==';
