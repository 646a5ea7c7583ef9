import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Forecast } from '../../domain/agreement/forecast.ts';
import { forecastHtml, ForecastView } from '../../http/pages/forecast.tsx';
import { launchBrowser } from '../browser.ts';
import { aForecast } from '../made-up-forecast.ts';

const forecast = aForecast(300);

let browser: Browser;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockstep-forecast-'));
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

async function open(
  shown: Forecast,
  { dark = false, phone = false }: { dark?: boolean; phone?: boolean },
  work: (page: Page, asked: string[]) => Promise<void>,
): Promise<void> {
  const file = join(folder, 'forecast.html');
  await writeFile(file, forecastHtml(shown));
  const browsing = await browser.newContext({
    colorScheme: dark ? 'dark' : 'light',
    viewport: phone ? { width: 360, height: 640 } : { width: 1280, height: 800 },
    bypassCSP: true,
  });
  const page = await browsing.newPage();
  const asked: string[] = [];
  page.on('request', request => asked.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  await work(page, asked);
  await browsing.close();
}

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
    await open(forecast, look, async page => {
      await page.evaluate(
        'document.querySelectorAll("details").forEach(part => (part.open = true))',
      );
      const overflow = await page.evaluate<number>(
        'document.documentElement.scrollWidth - window.innerWidth',
      );
      expect(overflow).toBeLessThanOrEqual(0);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
    });
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
