import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeadId } from '../../domain/ids.ts';
import { day } from '../../domain/instant.ts';
import { agreeOn } from '../agreed.ts';
import { startApp, type App } from '../app.ts';
import { theAgreement } from '../domain/facts.ts';
import { aLead, bestFit, does, escalationsOf, takeIn } from '../program.ts';
import { runIn } from './run.ts';

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

const show = (...words: string[]) => runIn(app, 'leads', 'show', address, ...words);

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
