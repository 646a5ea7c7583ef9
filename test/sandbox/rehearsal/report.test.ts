import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { day, plus } from '../../../domain/instant.ts';
import { reportHtml } from '../../../sandbox/rehearsal/report/page.tsx';
import type { RehearsalReport } from '../../../sandbox/rehearsal/report/report.ts';
import { launchBrowser } from '../../browser.ts';
import { fitsAndIsAccessible, openFile, type Look } from '../../file-page.ts';
import { madeUpProgram } from './made-up-program.ts';
import { aContext, aReport, aTold } from './told.ts';

const context = aContext();
const program = madeUpProgram(7, 240, context.from, context.to);

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const open = (report: RehearsalReport, look: Look, work: Parameters<typeof openFile>[3]) =>
  openFile(browser, reportHtml(report), look, work);

describe('the report', () => {
  it('is one file that asks for nothing else', async () => {
    await open(aReport(program), {}, async (page, asked) => {
      expect(asked).toHaveLength(1);
      expect(await page.locator('script').count()).toBe(0);
      expect(await page.locator('.counts').first().innerText()).toMatch(/240\s+leads/);
      expect(await page.locator('figure .wide svg').count()).toBe(4);
    });
  });

  it.each([
    ['on a desk', {}],
    ['on a desk in the dark', { dark: true }],
    ['on a phone', { phone: true }],
  ])('fits and is accessible %s', async (_where, look) => {
    const short = { ...context, to: plus(context.from, 21 * day) };
    const few = madeUpProgram(7, 30, short.from, short.to);
    await open(aReport(few, short), { ...look, scripts: true }, fitsAndIsAccessible);
  });

  it('tells by keyboard whose a row is, and leads to the figures of that lead', async () => {
    await open(aReport(program), {}, async page => {
      const row = page.locator('.wide a').nth(7);
      const address = row.locator('text');
      expect(await address.isVisible()).toBe(false);
      await page.locator('.skip').focus();
      for (let n = 0; n <= 7; n++) await page.keyboard.press('Tab');
      expect(await address.isVisible()).toBe(true);
      await page.keyboard.press('Enter');
      const figures = page.locator('tr:target');
      expect(await figures.isVisible()).toBe(true);
      expect(await figures.locator('th').innerText()).toBe(await address.textContent());
    });
  });

  it('shows hostile names as they are written', async () => {
    const hostile = `"'><script>document.title='x'</script><img src=x onerror=alert(1)></svg>&lt;`;
    const rename = <T extends { lead: string }>(list: T[]): T[] =>
      list.map(entry => ({ ...entry, lead: `${hostile}${entry.lead}` }));
    const small = madeUpProgram(7, 12, context.from, context.to);
    const told = {
      ...aTold(),
      leads: rename(small.leads),
      scores: rename(small.scores),
      mails: rename(small.mails).map(mail => ({ ...mail, sequence: hostile, step: hostile })),
      enrollments: rename(small.enrollments),
      escalations: rename(small.escalations),
      engagements: rename(small.engagements),
      answers: rename(small.answers),
    };
    const people = context.people.map(person => ({ ...person, name: hostile, capacity: 0 }));
    const report = aReport(told, { ...context, people, segments: [hostile] });
    const named = { ...report, title: hostile, faults: [hostile] };
    await open(named, { scripts: true }, async (page, asked) => {
      expect(asked).toHaveLength(1);
      expect(await page.locator('script, img').count()).toBe(0);
      expect(await page.title()).toBe(`${hostile} · Lockstep`);
      const [first] = told.leads.map(({ lead }) => lead).toSorted();
      const titles = await page.locator('.wide a title').allTextContents();
      expect(titles.some(title => title.startsWith(`${first ?? ''}: `))).toBe(true);
      const rows = await page.locator('tr[id] th').allTextContents();
      expect(rows.toSorted()[0]).toBe(first);
    });
  });

  it.each([
    ['no lead', aReport(aTold())],
    ['one lead', aReport(madeUpProgram(7, 1, context.from, context.to))],
    [
      'a single day without an agreed capacity',
      aReport(aTold(), { ...context, to: context.from }, { weeks: [], faults: ['a worker died'] }),
    ],
  ])('is told of %s', async (_what, report) => {
    await open(report, { phone: true }, async page => {
      expect(await page.locator('h1').innerText()).toBe(report.title);
      expect(await page.locator('figure .narrow svg').count()).toBe(4);
      expect(await page.content()).not.toMatch(/NaN|undefined|Infinity/);
    });
  });

  it('draws 400 of more leads, of each grade its share', async () => {
    const many = aReport(madeUpProgram(7, 900, context.from, context.to));
    await open(many, {}, async page => {
      expect(await page.locator('.wide a').count()).toBe(400);
      expect(await page.locator('tr[id]').count()).toBe(900);
      expect(await page.content()).toContain('400 of 900 leads');
    });
  });
});
