import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, it } from 'vitest';
import { launchBrowser } from './browser.ts';
import { aMail } from './studio-folder.ts';
import { aLivingSequence } from './studio-leads.ts';
import { startStudio, type StudioRun } from './studio-server.ts';

const images = 'docs/images';

let studio: StudioRun;
let browser: Browser;
beforeAll(async () => {
  [studio, browser] = await Promise.all([startStudio(), launchBrowser()]);
  const { database, folder, clock } = studio;
  await mkdir(images, { recursive: true });
  for (const [name, leads] of [
    ['plant-tour', 90],
    ['c-nurture', 140],
    ['stay-in-touch', 30],
  ] as const)
    await aLivingSequence(database, folder.templates, name, leads, clock.now());
  const bare = '{{ lead.first_name | default: "there" }}';
  const unwise = aMail('What it was like').replace(bare, '{{ lead.title }}');
  await folder.write('plant-tour', '03-after.mjml', unwise);
  const open = 'goal: Fill the open day in May\nowner: nora\nstep:\n  - wait: 2 days\n';
  await folder.write('open-day', 'sequence.yaml', open);
});
afterAll(async () => {
  await browser.close();
  await studio.stop();
});

const desk = { width: 1280, height: 1000 };
const phone = { width: 390, height: 800 };
// A frame that is not in sight is not painted.
const tall = { ...phone, height: 1_750 };

it.each([
  ['', 'studio', desk, 'light', false],
  ['', 'studio-phone-dark', phone, 'dark', false],
  ['/plant-tour', 'studio-sequence', desk, 'light', true],
  ['/plant-tour', 'studio-sequence-phone-dark', phone, 'dark', true],
  ['/c-nurture/01-welcome', 'studio-mail', { ...desk, height: 1150 }, 'light', false],
  ['/c-nurture/01-welcome?look=dark', 'studio-mail-phone-dark', tall, 'dark', false],
  ['/plant-tour/01-invitation?variant=all', 'studio-variants', desk, 'dark', false],
  ['/plant-tour/03-after', 'studio-finding', desk, 'light', true],
] as const)('takes /studio%s as %s', async (path, name, viewport, colorScheme, fullPage) => {
  const page = await browser.newPage({ viewport, colorScheme, javaScriptEnabled: false });
  await page.goto(`${studio.url}/studio${path}`, { waitUntil: 'networkidle' });
  await page.screenshot({ path: join(images, `${name}.png`), fullPage });
  await page.close();
});
