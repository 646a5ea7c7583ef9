import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Forecast } from '../../domain/agreement/forecast.ts';
import { forecastHtml, ForecastView } from '../../http/pages/forecast.tsx';
import { launchBrowser } from '../browser.ts';
import { fitsAndIsAccessible, openFile, type Look } from '../file-page.ts';
import { aForecast } from '../made-up-forecast.ts';

const forecast = aForecast(300);

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** With scripts allowed, so that one that got into it would run. */
const open = (shown: Forecast, look: Look, work: Parameters<typeof openFile>[3]) =>
  openFile(browser, forecastHtml(shown), { ...look, scripts: true }, work);

describe('the page of a forecast', () => {
  it('is one file that shows what the figures say', async () => {
    await open(forecast, {}, async (page, asked) => {
      expect(asked).toHaveLength(1);
      expect(await page.locator('figure .wide svg').count()).toBe(4);
      expect(await page.locator('.counts').innerText()).toMatch(/300\s+leads/);
      const text = await page.locator('figure .wide').first().innerText();
      expect(text.replaceAll(/\s+/g, ' ')).toContain(String(forecast.moves.C.B));
      expect(await page.content()).not.toMatch(/NaN|undefined|Infinity/);
      for (const note of forecast.notes) expect(await page.getByText(note).count()).toBe(1);
    });
  });

  it('may stand in any other page', () => {
    const view = ForecastView({ forecast: JSON.parse(JSON.stringify(forecast)) as Forecast });
    expect(view).not.toMatch(/<(html|head|body|main|h1)/);
    expect(forecastHtml(forecast)).toContain(view);
  });

  it.each([
    ['on a desk', {}],
    ['on a desk in the dark', { dark: true }],
    ['on a phone', { phone: true }],
  ])('fits and is accessible %s', async (_where, look) => {
    await open(forecast, look, fitsAndIsAccessible);
  });

  it.each([
    ['no lead', aForecast(0)],
    ['a week without a capacity', aForecast(20, { capacity: null, days: 5 })],
  ])('is told of %s', async (_what, shown) => {
    await open(shown, { phone: true }, async page => {
      expect(await page.locator('figure .narrow svg').count()).toBeGreaterThan(1);
      expect(await page.content()).not.toMatch(/NaN|undefined|Infinity/);
    });
  });

  it('shows hostile names as they are written', async () => {
    const hostile = `"'><script>document.title='x'</script><img src=x onerror=alert(1)></svg>&lt;`;
    const rules = forecast.rules.map(rule => ({ ...rule, rule: hostile + rule.rule }));
    const named = { ...forecast, draft: hostile, rules, notes: [hostile] };
    await open(named, {}, async (page, asked) => {
      expect(asked).toHaveLength(1);
      expect(await page.locator('script, img').count()).toBe(0);
      expect(await page.locator('h1').innerText()).toBe(`Forecast of ${hostile}`);
    });
  });
});
