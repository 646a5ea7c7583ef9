import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { day, hour, plus } from '../../domain/instant.ts';
import { answeredByLever } from '../../store/answered.ts';
import { startApp, type App } from '../app.ts';
import { handedOver, type HandedOver } from '../handed-over.ts';
import { cookieOf } from '../logged-in.ts';
import { bestFit, later } from '../program.ts';

let app: App;
beforeAll(async () => {
  // A Tuesday, nine o'clock in Berlin, in a quarter with targets.
  app = await startApp('2026-10-06T07:00:00Z');
});
afterAll(() => app.stop());

async function asked(key: string, query = ''): Promise<{ status: number; text: string }> {
  const cookie = await cookieOf(app, key);
  const response = await fetch(`${app.config.http.publicUrl}/loop${query}`, {
    headers: { cookie },
  });
  expect(response.headers.get('cache-control')).toBe('no-store');
  return { status: response.status, text: inWords(await response.text()) };
}

const page = async (key: string, query = '') => (await asked(key, query)).text;

/** What a reader sees, and where links lead. */
function inWords(html: string): string {
  return html
    .replace(/<a href="([^"]*)"[^>]*>/g, ' [$1] ')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&#34;', '"')
    .replace(/\s+/g, ' ');
}

describe('both sides of the loop', () => {
  it('are shown to whoever is logged in, of either team, and to nobody else (P12)', async () => {
    const response = await fetch(`${app.config.http.publicUrl}/loop`, { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([303, '/login']);
    for (const key of ['sophie', 'theo', 'nora'])
      expect(await page(key)).toContain('[/my] My leads [/loop] Both sides');
  });

  it('say of each part that there is nothing yet', async () => {
    const text = await page('nora');
    expect(text).toContain('Nothing was handed over in these 7 days.');
    expect(text).toContain('Marketing had promised 12 leads for so many days.');
    expect(text).toContain('With sales now No lead is with sales.');
    expect(text).toContain('What became of them Nothing was handed over in these 7 days.');
    expect(text).toContain('Why leads were rejected Nothing was handed over in these 7 days.');
    expect(text).toContain(
      'no title, segment, source or sequence stands out. More days show more.',
    );
  });

  it('are of 7 days, or of 30 or 90 that are asked for, and of nothing else', async () => {
    expect(await page('theo')).toContain('[/loop?days=30] 30 days [/loop?days=90] 90 days');
    expect(await page('theo', '?days=90')).toContain('in these 90 days.');
    for (const query of ['?days=8', '?days=', '?days=7&days=30', '?days=<script>']) {
      const { status, text } = await asked('theo', query);
      expect(status, query).toBe(422);
      expect(text).toContain('This page is of the last 7, 30 or 90 days.');
    }
  });

  it('count what the rows say, with shares, intervals and targets, and change nothing (P11)', async () => {
    const many = (count: number, how: (n: number) => HandedOver) =>
      Promise.all(Array.from({ length: count }, (_, n) => handedOver(app, how(n))));
    await many(14, n => ({
      ...{ source: 'webinar', segment: 'makers and movers', titleGave: 20, sequence: 'c-nurture' },
      said: n < 6 ? { rejected: 'wrong target' } : 'accepted',
    }));
    await many(26, n => ({
      ...{ source: 'fair', segment: 'makers and movers', titleGave: n < 13 ? 100 : 20 },
      sequence: n < 13 ? 'c-nurture' : null,
      said: n < 2 ? { rejected: 'wrong target' } : 'accepted',
    }));
    await handedOver(app, {
      ...{ fields: { ...bestFit, firstName: '<b>Ada' }, source: 'fair', owner: 'daan' },
    });
    const rows = await app.database.disposition.findMany();
    const text = await page('theo', '?days=30');
    expect(text).toContain('41 leads were handed to sales.');
    expect(text).toMatch(/leads handed to sales 41 agreed 49\b/);
    expect(text).toMatch(
      /accepted, of those answered 32 of 40: 80 % \(65–90\) agreed 60 % What sales promised/,
    );
    expect(text).toMatch(/accepted or rejected in time 40 of 40: 100 % \(91–100\) no target/);
    expect(text).toMatch(/contacted in time nothing was due yet agreed 90 %/);
    expect(text).toContain('Why leads were rejected 8 wrong target');
    expect(text).toContain(
      'Of 14 leads answered from the source "webinar", 6 were "wrong target" (43 %, 21 to 67 %); of 26 others 8 %. Look at whom this source brings.',
    );
    expect(text).not.toContain('of the segment');
    expect(text).toMatch(/With sales now 33 leads, due first\./);
    expect(text).toMatch(/Sophie Gruber 32 0 less than an hour Daan de Wit 1 0 less/);
    expect(text).toMatch(
      /\[\S+\/lead\/\S+\] &lt;b>Ada Lovelace Plant Manager, Analytical Engines With Daan de Wit for less than an hour Answer 1 working day left/,
    );
    // Whose it is gets there to answer; everybody else to read.
    expect(await page('daan', '?days=30')).toMatch(/\[\S+\/e\/\S+\] &lt;b>Ada Lovelace/);
    expect(await page('nora', '?days=30')).not.toContain('/e/');
    expect(await app.database.disposition.findMany()).toEqual(rows);
    const period = { from: plus(app.clock.now(), -hour), to: app.clock.now() };
    const answered = await answeredByLever(app.database, period);
    for (const wanted of ['title', 'segment', 'source', 'sequence']) {
      const those = answered.filter(({ lever }) => lever === wanted);
      expect(those.reduce((sum, { count }) => sum + count, 0)).toBe(40);
    }
    expect(answered.filter(({ lever }) => lever === 'title')).toEqual([
      { lever: 'title', value: '100', reason: 'wrong target', count: 2 },
      { lever: 'title', value: '100', reason: null, count: 11 },
      { lever: 'title', value: '20', reason: 'wrong target', count: 6 },
      { lever: 'title', value: '20', reason: null, count: 21 },
    ]);
    expect(answered.filter(({ lever }) => lever === 'sequence')).toEqual([
      { lever: 'sequence', value: 'c-nurture', reason: 'wrong target', count: 8 },
      { lever: 'sequence', value: 'c-nurture', reason: null, count: 19 },
      { lever: 'sequence', value: null, reason: null, count: 13 },
    ]);
    const moment = app.clock.now();
    app.clock.at = later(app, 2 * day);
    const late = await page('daan', '?days=30');
    expect(late).toContain('33 leads, due first; 33 overdue.');
    expect(late).toMatch(/With Daan de Wit for 2 days Answer overdue since Wed 7 Oct, \d\d:\d\d/);
    app.clock.at = moment;
  });
});
