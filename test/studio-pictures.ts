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

it.each([
  ['', 'studio', 1000],
  ['/plant-tour', 'studio-sequence', null],
  ['/c-nurture/01-welcome', 'studio-mail', 1150],
  ['/plant-tour/01-invitation?variant=all', 'studio-variants', 1150],
  ['/plant-tour/03-after', 'studio-finding', null],
] as const)(
  'takes the studio’s page %s, on a desk and on a phone, light and dark',
  async (path, name, height) => {
    for (const [suffix, width, colorScheme] of [
      ['', 1280, 'light'],
      ['-dark', 1280, 'dark'],
      ['-phone', 390, 'light'],
      ['-phone-dark', 390, 'dark'],
    ] as const) {
      const viewport = { width, height: height ?? 900 };
      const page = await browser.newPage({ viewport, colorScheme, javaScriptEnabled: false });
      await page.goto(`${studio.url}/studio${path}`, { waitUntil: 'networkidle' });
      const fullPage = height === null || width < 400;
      await page.screenshot({
        path: join(process.env.STUDIO_SHOTS ?? images, `${name}${suffix}.png`),
        fullPage,
      });
      await page.close();
    }
  },
);
