import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AssignmentId, LeadId, PersonId, ProposalId, SendId } from '../../domain/ids.ts';
import { day, plus } from '../../domain/instant.ts';
import { linksOf } from '../../sandbox/sendgrid/links.ts';
import { activeAgreement } from '../../store/agreement.ts';
import { commentsOn } from '../../store/comment.ts';
import { publicationsOf, publishVersion, rollBack } from '../../store/publication.ts';
import { currentVersion } from '../../store/sequence-version.ts';
import { agreeOn } from '../agreed.ts';
import { startApp, type App } from '../app.ts';
import { runIn } from '../cli/run.ts';
import { cookieOf } from '../logged-in.ts';
import { aLead, aSequence, bestFit, does, escalationsOf, read, takeIn } from '../program.ts';
import { get } from './get.ts';

const name = 'c-nurture';
let app: App;
beforeAll(async () => {
  app = await startApp('now');
});
afterAll(() => app.stop());

async function post(url: string, body: Record<string, string>, headers = {}) {
  const sent = { method: 'POST', body: new URLSearchParams(body), headers, redirect: 'manual' };
  const response = await fetch(url, sent as RequestInit);
  return { status: response.status, text: await response.text() };
}

/** A lead that was sent a mail, and is with a rep. */
async function escalated(): Promise<{ lead: LeadId; send: SendId; page: string; owner: string }> {
  const lead = await aLead(app, bestFit);
  await takeIn(app, lead);
  await does(app, lead, { kind: 'form', subject: 'Book a demo' });
  const [escalation] = await escalationsOf(app, lead);
  const { id } = await app.database.assignment.findFirstOrThrow({
    where: { escalationId: escalation?.id ?? '' },
  });
  const send = await app.database.send.findFirstOrThrow({ where: { leadId: lead } });
  return {
    ...{ lead, send: send.id as SendId, owner: escalation?.ownerId ?? '' },
    page: app.links.escalation(id as AssignmentId, app.clock.now()),
  };
}

const commentLink = (html: string) => /href="([^"]*\/comment\/[^"]*)"/.exec(html)?.[1] ?? '';

describe('a comment on a mail', () => {
  it('is written by a rep from the page of their mail, and read beside the mail', async () => {
    const { page, owner } = await escalated();
    const url = commentLink((await get(page)).text);
    const { text } = await get(url);
    expect(text).toContain('A mail of c-nurture, version 1.');
    // Looking changes nothing (P11).
    expect(await app.database.comment.count()).toBe(0);
    for (const [bad, status] of [
      ['', 422],
      ['x'.repeat(2_001), 422],
      ['Too long for <b>them</b>.\u0000', 303],
    ] as const)
      expect((await post(url, { text: bad })).status).toBe(status);
    const { name: by } = await app.database.person.findUniqueOrThrow({ where: { id: owner } });
    expect(await commentsOn(app.database, name)).toMatchObject([
      { mail: '01-welcome', version: 1, text: 'Too long for <b>them</b>.', by: { name: by } },
    ]);
    expect((await get(url)).text).toContain('Too long for &lt;b>them&lt;/b>.');
    const { out } = await runIn(app, 'sequence', 'comments', name);
    expect(out).toContain(`01-welcome, version 1: ${by} of sales`);
  });

  it('is written by whoever is logged in on the page of a lead, and by nobody else (P12)', async () => {
    const { lead, send } = await escalated();
    const url = commentLink((await get(app.links.lead(lead, app.clock.now()))).text);
    const stranger = await get(url);
    expect(stranger.text).toContain('Log in');
    expect(stranger.text).not.toContain('Too long');
    expect((await post(url, { text: 'Mine' })).status).toBe(403);
    const cookie = await cookieOf(app, 'nora');
    const foreign = { cookie, 'sec-fetch-site': 'cross-site' };
    expect((await post(url, { text: 'Mine' }, foreign)).status).toBe(403);
    expect((await post(url, { text: 'Shorter now' }, { cookie })).status).toBe(303);
    expect(await commentsOn(app.database, name)).toMatchObject([
      { text: 'Shorter now', by: { team: 'marketing' } },
      { by: { team: 'sales' } },
    ]);
    expect((await get(`${url}x`)).status).toBe(404);
    const old = app.links.comment(send, null, plus(app.clock.now(), -8 * day));
    expect((await get(old)).status).toBe(410);
  });
});

describe('where the agreement has sales sign sequences', () => {
  const links = new Map<string, string>();
  const theo = 'theo@northwind.example';
  const live = async () => (await currentVersion(app.database, name))?.version;
  const proposals = () =>
    app.database.proposal.findMany({ orderBy: { at: 'asc' }, include: { approvals: true } });
  const hashOn = (page: string) => /name="hash" value="([0-9a-f]{64})"/.exec(page)?.[1] ?? '';

  beforeAll(async () => {
    const at = app.clock.now();
    const shipped = await currentVersion(app.database, name);
    // What is live is another than the folder has.
    await aSequence(app, name, 'goal: t\nowner: n\nsteps: [{ mail: a, subject: s, preheader: p }]');
    const stored = await activeAgreement(app.database);
    if (stored === null || shipped === null) throw new Error('Nothing is set up.');
    await agreeOn(app.database, { ...stored.agreement, sequences: { signed_by_sales: true } }, at);
    const brandNew = { ...shipped.content, goal: 'Another goal' };
    const made = await publishVersion(app.database, name, brandNew, at);
    expect(made).toMatchObject({ version: 3, changed: false });
  });

  it('what was live before goes live at once, and withdraws what was proposed', async () => {
    const { out } = await runIn(app, 'sequence', 'publish', name);
    expect(out).toContain('version 1 is live');
    expect(await proposals()).toMatchObject([{ endReason: 'withdrawn' }]);
    const [before] = await app.database.sequenceVersion.findMany({ where: { name, version: 2 } });
    await rollBack(app.database, name, before?.id as never, app.clock.now());
  });

  it('a new version waits, and who leads sales is asked by mail, until one of them has signed', async () => {
    const shipped = await app.database.sequenceVersion.findFirstOrThrow({
      where: { name, version: 1 },
    });
    const content = { ...(shipped.content as object), goal: 'A third goal' } as never;
    const at = app.clock.now();
    const { proposal, version } = await publishVersion(app.database, name, content, at);
    if (proposal === null) throw new Error('Nothing was proposed.');
    const before = [...app.sandbox.outbox.all()].length;
    await app.engine.signingSequence(proposal, { shift: 0 });
    const mails = () => [...app.sandbox.outbox.all()].slice(before);
    await vi.waitFor(() => expect(mails().map(({ to }) => to)).toEqual([theo]), 10_000);
    const mail = read(app, mails()[0]);
    expect(mail.subject).toBe('Please sign: version 4 of the sequence c-nurture');
    expect(mail.html).toContain('goal: A third goal instead of test');
    const url = linksOf(mail.html ?? '').find(link => link.url.includes('/a/'))?.url ?? '';
    links.set('theo', url);

    const page = await get(url);
    expect(page.text).toContain('Sign for sales as Theo');
    expect(page.text).toContain('01-welcome is new, at the beginning');
    expect(page.text).toMatch(/<iframe[^>]+sandbox=""/);
    // A gateway that follows links signs nothing (P11).
    expect(await live()).toBe(2);
    expect((await post(url, { hash: 'f'.repeat(64) })).text).toContain('another text');
    expect(await live()).toBe(2);
    const hash = hashOn(page.text);
    const both = await Promise.all([post(url, { hash }), post(url, { hash })]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([303, 409]);
    expect(await live()).toBe(version);
    expect((await get(url)).text).toContain('It is signed. It went live with that.');
    expect((await proposals()).at(-1)).toMatchObject({
      ...{ endReason: 'signed', approvals: [{ team: 'sales', way: 'link' }] },
    });
    expect(await publicationsOf(app.database, name)).toMatchObject([
      { version: 4, kind: 'published' },
      { version: 2, kind: 'rolled back' },
      { version: 1 },
      { version: 2 },
      { version: 1 },
    ]);
    await app.client.workflow.getHandle(`signing/${proposal}`).result();
  });

  it('is signed by nobody else, nor once another took its place (P12)', async () => {
    const [withdrawn] = await proposals();
    const id = withdrawn?.id as ProposalId;
    const personOf = async (key: string) =>
      (await app.database.person.findUniqueOrThrow({ where: { key } })).id as PersonId;
    const at = app.clock.now();
    const late = app.links.signingSequence(id, await personOf('theo'), at);
    expect((await get(late)).text).toContain('Another version took its place');
    const hash = withdrawn?.contentHash ?? '';
    expect((await post(late, { hash })).text).toContain('took the place of this one');
    for (const key of ['nora', 'sophie'])
      expect((await get(app.links.signingSequence(id, await personOf(key), at))).status).toBe(404);
    expect((await get(`${links.get('theo') ?? ''}x`)).status).toBe(404);
    const expired = app.links.signingSequence(id, await personOf('theo'), plus(at, -31 * day));
    expect((await get(expired)).status).toBe(410);
  });
});
