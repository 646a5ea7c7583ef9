import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { plus } from '../../domain/instant.ts';
import { linksOf } from '../../sandbox/sendgrid/links.ts';
import { activeAgreement } from '../../store/agreement.ts';
import { startApp, type App } from '../app.ts';
import { aNurturedLead } from '../nurtured.ts';
import { does, escalationsOf, read, settled } from '../program.ts';
import { get } from '../http/get.ts';
import { runIn } from './run.ts';

let app: App;
let folder: string;
beforeAll(async () => {
  app = await startApp('now');
  folder = await mkdtemp(join(tmpdir(), 'lockstep-agreement-'));
  await cp('agreement', folder, { recursive: true });
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await app.stop();
});

const agreement = (...words: string[]) => runIn(app, 'agreement', ...words);

/** Changes the draft's text. */
async function edit(from: string, to: string): Promise<void> {
  const path = join(folder, 'agreement.yaml');
  const text = await readFile(path, 'utf8');
  expect(text).toContain(from);
  await writeFile(path, text.replace(from, to));
}

/** The links to sign by that were mailed since the outbox held so many mails, by address. */
async function signingLinks(since: number): Promise<Map<string, string>> {
  const mails = () => [...app.sandbox.outbox.all()].slice(since);
  await vi.waitFor(() => expect(mails()).toHaveLength(2), { timeout: 10_000 });
  return new Map(
    mails().map(entry => [
      entry.to,
      linksOf(read(app, entry).html ?? '').find(({ url }) => url.includes('/a/'))?.url ?? '',
    ]),
  );
}

const post = async (url: string, hash: string) => {
  const response = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ hash }),
    headers: { accept: 'text/html' },
  });
  return { status: response.status, text: await response.text() };
};
const hashOn = (page: string) => /name="hash" value="([0-9a-f]{64})"/.exec(page)?.[1] ?? '';
const nora = 'nora@northwind.example';
const theo = 'theo@northwind.example';
const sent = () => [...app.sandbox.outbox.all()].length;

describe('an agreement', () => {
  it('that says nothing new is not proposed', async () => {
    expect((await agreement('diff', folder)).out).toContain('says the same as version 1');
    const { code, error } = await agreement('propose', folder);
    expect([code, error]).toEqual([1, expect.stringContaining('is in force')]);
    await edit('# 0 to 100: the weighted mean', '# from 0 to 100: the weighted mean');
    expect((await agreement('propose', folder)).code).toBe(1);
  });

  it('is proposed, signed by both by their links, and put into force; every lead is graded by it', async () => {
    const lead = await aNurturedLead(app);
    await does(
      app,
      lead,
      { kind: 'page', subject: '/pricing' },
      { kind: 'page', subject: '/prices' },
    );
    await edit('low: 25', 'low: 15');

    const { out: diff } = await agreement('diff', folder, '--json');
    expect(JSON.parse(diff)).toMatchObject({
      changes: [{ path: ['grade', 'cuts', 'low'], before: '25', after: '15' }],
    });
    const dry = await agreement('propose', folder, '--dry-run');
    expect(dry.out).toContain('Would ask Nora Lindqvist to sign for marketing.');
    expect(dry.out).toMatch(/grade › cuts › low\n {4}- 25\n {4}\+ 15/);
    const before = sent();
    const proposed = await agreement('propose', folder);
    expect([proposed.code, proposed.out]).toEqual([
      0,
      expect.stringContaining('Version 2 is a draft'),
    ]);
    const links = await signingLinks(before);
    expect([...links.keys()].toSorted()).toEqual([nora, theo]);

    const refused = await agreement('activate');
    expect([refused.code, refused.error]).toEqual([
      1,
      expect.stringContaining('not signed by marketing and sales'),
    ]);
    const page = await get(links.get(nora) ?? '');
    expect(page.status).toBe(200);
    expect(page.text).toContain('Sign for marketing as Nora Lindqvist');
    expect(page.text).toContain('<del>25</del>');
    expect(page.text).toContain('What the draft would have meant');
    // A gateway that follows links signs nothing (P11).
    expect(await app.database.approval.count()).toBe(0);
    expect((await post(links.get(nora) ?? '', 'f'.repeat(64))).text).toContain('another text');
    expect((await post(links.get(nora) ?? '', '')).status).toBe(409);
    expect(await app.database.approval.count()).toBe(0);
    const signed = await post(links.get(nora) ?? '', hashOn(page.text));
    expect(signed.text).toContain('Signed for marketing');
    expect(signed.text).not.toContain('<button');
    expect((await post(links.get(nora) ?? '', hashOn(page.text))).text).toContain('has signed');
    await post(links.get(theo) ?? '', hashOn(page.text));
    expect(await app.database.approval.findMany({ orderBy: { team: 'asc' } })).toMatchObject([
      { team: 'marketing', way: 'link' },
      { team: 'sales', way: 'link' },
    ]);

    expect((await agreement('activate', '--dry-run')).out).toContain('1 leads be graded anew');
    expect((await activeAgreement(app.database))?.version).toBe(1);
    const activated = await agreement('activate', '--json');
    expect(JSON.parse(activated.out)).toMatchObject({
      version: 2,
      looked: 1,
      changed: 1,
      crossed: 1,
    });
    expect((await get(links.get(nora) ?? '')).text).toContain('It is in force.');
    await settled(app, lead);
    const crossing = (await app.database.lead.findUniqueOrThrow({ where: { id: lead } })).crossing;
    const escalations = await escalationsOf(app, lead);
    // By day a rep has room at once; by night the lead waits for the morning.
    expect(crossing === null ? escalations[0]?.cause : crossing).toMatch(/new agreement|waiting/);
  });

  it('that was in force is put into force again as it is', async () => {
    const { code, error } = await agreement('activate', '2');
    expect([code, error]).toEqual([1, expect.stringContaining('active already')]);
    expect((await agreement('activate', '1')).code).toBe(0);
    const { out } = await agreement('history', '--json');
    const { versions, activations } = JSON.parse(out) as Record<string, unknown[]>;
    expect(versions).toMatchObject([
      { version: 2, state: 'archived', signatures: [{ way: 'link' }, { way: 'link' }] },
      { version: 1, state: 'active', signatures: [] },
    ]);
    expect(activations).toMatchObject([{ version: 1 }, { version: 2 }]);
    expect((await agreement('show', '2')).out).toContain('low: 15');
    expect((await agreement('show', '9')).error).toContain(
      'There is no version 9; there are 1 to 2.',
    );
  });

  it('is signed in its newest draft only, by a link that works and is not too old', async () => {
    await edit('low: 15', 'low: 16');
    let before = sent();
    await agreement('propose', folder);
    const old = await signingLinks(before);
    await edit('low: 16', 'low: 17');
    before = sent();
    await agreement('propose', folder);
    const newer = await signingLinks(before);
    const page = await get(old.get(theo) ?? '');
    expect(page.text).toContain('took its place');
    expect(page.text).not.toContain('<button');
    expect((await post(old.get(theo) ?? '', 'f'.repeat(64))).text).toContain('a newer draft');
    const url = newer.get(theo) ?? '';
    expect((await get(`${url}x`)).status).toBe(404);
    const draft = await app.database.agreement.findFirstOrThrow({ orderBy: { version: 'desc' } });
    const { id: person } = await app.database.person.findFirstOrThrow({ where: { key: 'theo' } });
    const month = 31 * 24 * 60 * 60 * 1000;
    const expired = app.links.signing(
      draft.id as never,
      person as never,
      plus(app.clock.now(), -month),
    );
    expect((await get(expired)).status).toBe(410);
    const rep = await app.database.person.findFirstOrThrow({ where: { role: 'rep' } });
    const stranger = app.links.signing(draft.id as never, rep.id as never, app.clock.now());
    expect((await get(stranger)).status).toBe(404);
  });

  it('is signed in somebody’s place on one machine only', async () => {
    const { code, error } = await agreement('sign', '--as', nora);
    expect([code, error]).toEqual([1, expect.stringContaining('by the link in their mail')]);
  });

  it('with mistakes is refused, each named with its place', async () => {
    await edit('low: 17', 'low: 80');
    await edit('weight: 35', 'wieght: 35');
    const { code, out } = await agreement('lint', folder);
    expect(code).toBe(1);
    expect(out).toContain('"wieght" is not known here. Did you mean "weight"?');
    expect((await agreement('propose', folder)).code).toBe(1);
    expect(await app.database.agreement.count()).toBe(4);
  });
});
