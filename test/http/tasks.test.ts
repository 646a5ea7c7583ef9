import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeadId } from '../../domain/ids.ts';
import { day } from '../../domain/instant.ts';
import { startApp, type App } from '../app.ts';
import { runIn } from '../cli/run.ts';
import { cookieOf } from '../logged-in.ts';
import { aNurturedLead, stepsOf } from '../nurtured.ts';
import { aSequence, bestFit, does, later, settled } from '../program.ts';

let app: App;
let lead: LeadId;
beforeAll(async () => {
  // A Tuesday, nine o'clock in Berlin.
  app = await startApp('2026-03-03T08:00:00Z');
  await aSequence(
    app,
    'c-nurture',
    `goal: t
owner: nora
window: always
steps:
  - { task: ring, do: call, for: owner, due_within: 2 working days, note: Ask <b>which</b> line stops }
  - { mail: after, subject: s, preheader: p }
`,
  );
  lead = await aNurturedLead(app, { ...bestFit, country: 'AT' });
});
afterAll(() => app.stop());

async function page(url: string, key: string | null = null): Promise<string> {
  const headers = key === null ? {} : { cookie: await cookieOf(app, key) };
  return (await fetch(new URL(url, app.config.http.publicUrl), { headers })).text();
}
const inWords = (html: string) =>
  html
    .replace(/<a href="([^"]*)"[^>]*>/g, ' [$1] ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');
const my = async (key: string) => inWords(await page('/my', key));
const linkIn = (text: string): string => /\[(\S+\/t\/\S+)\]/.exec(text)?.[1] ?? '';
async function say(url: string, fields: Record<string, string>, key: string | null = null) {
  const cookie = key === null ? {} : { cookie: await cookieOf(app, key) };
  const body = new URLSearchParams(fields);
  const response = await fetch(url, { method: 'POST', body, headers: cookie, redirect: 'manual' });
  await settled(app, lead);
  return { status: response.status, text: inWords(await response.text()) };
}
const tasks = () => app.database.task.findMany({ include: { endedBy: true } });

describe('tasks on the pages of reps', () => {
  let link = '';

  it('stand beside the leads, with what is left of the time; to look changes nothing (P11)', async () => {
    const before = await tasks();
    const text = await my('sophie');
    expect(text).toMatch(
      /No lead waits for you\..* My tasks 1 task, due first\. C \[\S+\] Ada Lovelace Plant Manager, Analytical Engines Ask &lt;b>which&lt;\/b> line stops Call 2 working days left by Thu 5 Mar, \d\d:\d\d/,
    );
    link = linkIn(text);
    expect(await my('daan')).not.toContain('My tasks');
    expect(await my('theo')).toContain('All tasks of sales 1 task, due first.');
    expect(await my('theo')).toContain('Sophie Gruber');
    // Marketing reads.
    expect(linkIn(await my('nora'))).toBe('');
    const shown = inWords(await page(link));
    expect(shown).toContain('Asked is Sophie Gruber');
    expect(shown).toContain('It is done What did you hear? Done');
    expect(await tasks()).toEqual(before);
  });

  it('are told by the page of the lead, and settled there by whoever may (P12)', async () => {
    const leadPage = app.links.lead(lead, app.clock.now());
    expect(linkIn(inWords(await page(leadPage)))).toBe('');
    expect(linkIn(inWords(await page(leadPage, 'daan')))).toBe('');
    expect(linkIn(inWords(await page(leadPage, 'theo')))).toContain('/t/t.');
    const forged = link.replace(/.$/, last => (last === 'A' ? 'B' : 'A'));
    expect((await fetch(forged)).status).toBe(404);
    expect((await say(forged, { said: 'done' })).status).toBe(404);
  });

  it('refuse what says nothing and what says too much', async () => {
    expect((await say(link, { said: 'well' })).text).toContain('Nothing was saved: press one');
    const long = await say(link, { said: 'done', remark: 'x'.repeat(501) });
    expect(long.status).toBe(422);
    expect(long.text).toContain('longer than 500 characters');
    expect(await tasks()).toMatchObject([{ state: 'open' }]);
  });

  it('are listed for ops without names', async () => {
    const { out } = await runIn(app, 'ops', 'tasks', '--open', '--json');
    const [task] = await tasks();
    expect(JSON.parse(out)).toMatchObject({
      total: 1,
      tasks: [
        {
          ...{ id: task?.id, lead, sequence: 'c-nurture', step: 'ring', kind: 'call' },
          ...{ person: 'sophie', state: 'open', dueAt: task?.dueAt.getTime() },
        },
      ],
    });
    const table = await runIn(app, 'ops', 'tasks');
    expect(table.out).toMatch(/1 task, due first\.[^]*c-nurture +ring +call +sophie/);
    expect(table.out).not.toContain('Lovelace');
  });

  it('are settled once, by whoever leads sales in their own name, and the sequence goes on', async () => {
    expect(await stepsOf(app, lead)).toEqual([]);
    expect((await say(link, { said: 'done', remark: ' line three ' }, 'theo')).status).toBe(303);
    expect((await say(link, { said: 'done', remark: 'again' })).status).toBe(303);
    const other = await say(link, { said: 'skipped' });
    expect(other.status).toBe(409);
    expect(other.text).toContain('Nothing has changed.');
    expect(other.text).toContain('done by Theo Brandt, “line three”');
    expect(await tasks()).toMatchObject([
      { state: 'done', remark: 'line three', endedBy: { key: 'theo' } },
    ]);
    expect(await stepsOf(app, lead)).toEqual(['after']);
    expect(await my('sophie')).not.toContain('My tasks');
    expect(inWords(await page(app.links.lead(lead, app.clock.now())))).toContain(
      'Sophie Gruber was asked for a call (Ask &lt;b>which&lt;/b> line stops): done by Theo Brandt',
    );
  });

  it('that no longer apply say why, and one that is late is overdue', async () => {
    const second = await aNurturedLead(app, { ...bestFit, country: 'AT', firstName: 'Grace' });
    const text = await my('sophie');
    const url = linkIn(text);
    app.clock.at = later(app, 3 * day);
    expect(await my('sophie')).toContain('1 task, due first; 1 overdue.');
    app.clock.at = later(app, -3 * day);
    await does(app, second, { kind: 'form', subject: 'Book a demo' });
    const told = await say(url, { said: 'done' });
    expect(told.status).toBe(409);
    expect(told.text).toContain('no longer applies, because the lead is with sales now');
    expect(inWords(await page(url))).toContain('no longer applies');
  });
});
