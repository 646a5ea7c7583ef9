import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, it } from 'vitest';
import { noFields } from '../domain/lead/fields.ts';
import { edgeCases } from '../mail/edge-cases.ts';
import { previewOf } from '../mail/preview.ts';
import { listSequences, readSequence } from '../mail/sequence-folder.ts';
import { launchBrowser } from './browser.ts';

const folder = 'docs/images/mails';
/** Pixels: a mail program on a desk, and a phone held upright. */
const widths = [660, 360];
const between = 16;
/** Of 100. Letters stay sharp enough to read. */
const quality = 40;

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
});
afterAll(() => browser.close());

/** Pages that a mail is looked at in, in the order in which they stand beside each other. */
function looks(): Promise<Page[]> {
  return Promise.all(
    (['light', 'dark'] as const).flatMap(colorScheme =>
      widths.map(width =>
        browser.newPage({
          viewport: { width, height: 400 },
          colorScheme,
          javaScriptEnabled: false,
        }),
      ),
    ),
  );
}

/** A mail as it is seen there, as a data URL. */
async function seen(page: Page, html: string): Promise<string> {
  await page.setContent(html, { waitUntil: 'load' });
  const picture = await page.screenshot({ fullPage: true });
  return `data:image/png;base64,${picture.toString('base64')}`;
}

/** Pictures beside each other, as one. */
async function beside(pictures: readonly string[]): Promise<Buffer> {
  const width = 2 * widths.reduce((sum, one) => sum + one + between, between / 2);
  const page = await browser.newPage({ viewport: { width, height: 400 } });
  const images = pictures.map(src => `<img src="${src}">`).join('');
  await page.setContent(
    `<!doctype html><style>body { display: flex; align-items: start; gap: ${between}px; margin: 0; padding: ${between}px; background: #8a94a3 }</style>${images}`,
  );
  const height = await page.evaluate<number>('document.documentElement.scrollHeight');
  await page.setViewportSize({ width, height });
  // Playwright itself takes no WebP.
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality });
  await page.close();
  return Buffer.from(data, 'base64');
}

it('takes every mail on a desk and on a phone, in the light and in the dark', async () => {
  const pages = await looks();
  for (const name of await listSequences('templates')) {
    const draft = await readSequence('templates', name);
    const [sample = { fields: noFields, rep: null }] = edgeCases(draft.sample ?? noFields);
    for (const mail of Object.keys(draft.content.mails)) {
      const made = previewOf(draft, mail, sample);
      if ('blocked' in made) throw new Error(`${mail}: ${made.blocked}`);
      const pictures = [];
      for (const page of pages) pictures.push(await seen(page, made.html));
      await writeFile(join(folder, `${name}-${mail}.webp`), await beside(pictures));
    }
  }
});
