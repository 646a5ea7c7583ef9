import { execFile } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeadId } from '../../domain/ids.ts';
import { day } from '../../domain/instant.ts';
import { agreeOn } from '../agreed.ts';
import { startApp, type App } from '../app.ts';
import { theAgreement } from '../domain/facts.ts';
import { aLead, bestFit, does, escalationsOf, takeIn } from '../program.ts';

const long = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';
let app: App;
let lead: LeadId;
let address: string;
beforeAll(async () => {
  app = await startApp('now');
  lead = await aLead(app, {
    ...bestFit,
    firstName: 'Ada Augusta King-Noel',
    company: `${long} ${long}`,
    region: null,
    zone: 'America/Argentina/ComodRivadavia',
  });
  await takeIn(app, lead);
  await does(app, lead, { subject: `/products/${long}` }, { subject: '/pricing' });
  await does(app, lead, { subject: '/pricing?plan=2' });
  await does(app, lead, { subject: '/pricing?plan=3' });
  ({ address } = (await app.database.lead.findUniqueOrThrow({ where: { id: lead } })) as {
    address: string;
  });
});
afterAll(() => app.stop());

/** Runs `lockstep leads show`, with the configuration of what runs. */
function show(...words: string[]): Promise<{ code: number; out: string; error: string }> {
  const { config } = app;
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    DATABASE_URL: config.databaseUrl,
    ...config.temporal.env,
    TEMPORAL_NAMESPACE: config.temporal.namespace,
    SENDGRID_API_KEY: config.sendgrid.apiKey,
    SENDGRID_WEBHOOK_PUBLIC_KEY: config.sendgrid.webhookPublicKey,
    LOCKSTEP_PUBLIC_URL: config.http.publicUrl,
    LOCKSTEP_SECRET: config.secret,
    LOCKSTEP_API_KEY: config.apiKey,
  };
  const args = ['cli/lockstep.mjs', 'leads', 'show', address, ...words];
  return new Promise(resolve => {
    execFile(process.execPath, args, { env }, (failure, out, error) =>
      resolve({ code: typeof failure?.code === 'number' ? failure.code : 0, out, error }),
    );
  });
}

describe('lockstep leads show', () => {
  it('says what it is worth, why, what may come, how it came there, and where its page is', async () => {
    expect(await escalationsOf(app, lead)).toHaveLength(1);
    const { code, out } = await show();
    expect(code).toBe(0);
    for (const part of [
      'B: fit 100 (band A), engagement 3',
      'With sales: ',
      'Now B; falls to C on ',
      'A demo form makes it A',
      'first graded',
      ': up from C: pricing page (+',
      'By version 1 of the agreement.',
    ])
      expect(inOneLine(out)).toContain(part);
    expect(inOneLine(out)).toMatch(/ B since \d+ \w+ \d{4}, \d\d:\d\d: up from C: pricing page/);
    const page = /http:\S+\/lead\/\S+/.exec(out)?.[0] ?? '';
    expect(await (await fetch(page)).text()).toContain('Ada Augusta King-Noel');
  });

  it('fits a terminal of 80 columns, whatever a lead calls itself', async () => {
    for (const { out } of [await show(), await show('--on', today())]) {
      const wide = out.split('\n').filter(line => line.length > 80);
      expect(wide).toEqual([]);
    }
  });

  it('says what it was worth on a day, with the lines and the version of that day', async () => {
    const { database, clock } = app;
    const on = await show('--on', today(), '--json');
    const told = JSON.parse(on.out) as {
      agreementVersion: number;
      score: { lines: { points: number }[]; fit: number; engagement: number; grade: string };
    };
    expect(told).toMatchObject({ agreementVersion: 1, score: { grade: 'B' } });
    const sum = told.score.lines.reduce((total, { points }) => total + points, 0);
    expect(sum).toBe(told.score.fit + told.score.engagement);
    // A later version of the agreement changes nothing of what was.
    const agreement = theAgreement();
    const changed = { ...agreement, fit: { ...agreement.fit, missing: 50 } };
    await agreeOn(database, changed, clock.now());
    expect(inOneLine((await show('--on', today())).out)).toContain('by version 1 of the agreement');
  });

  it('says that a day is before the first grade, still to come, or none', async () => {
    const { at } = await app.database.score.findFirstOrThrow({ where: { leadId: lead } });
    const before = new Date(at.getTime() - 2 * day).toISOString().slice(0, 10);
    const [early, never, odd] = await Promise.all(
      [before, '2999-01-01', '2026-02-31'].map(on => show('--on', on)),
    );
    expect([early?.code, early?.error]).toEqual([1, expect.stringContaining('not graded yet')]);
    expect([never?.code, never?.error]).toEqual([1, expect.stringContaining('still to come')]);
    expect([odd?.code, odd?.error]).toEqual([2, expect.stringContaining('a day is written like')]);
  });
});

/** The day that it is where the lead is. */
function today(): string {
  return new Date(app.clock.now() - 3 * 3_600_000).toISOString().slice(0, 10);
}

function inOneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
