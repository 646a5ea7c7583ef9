import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, it } from 'vitest';
import { instant } from '../domain/instant.ts';
import { SetClock } from '../engine/clock.ts';
import { SparingLog } from '../http/sparing-log.ts';
import { filesOf } from '../http/studio/files.ts';
import { createStudio } from '../http/studio/server.ts';
import { freePorts } from '../sandbox/servers/ports.ts';
import { launchBrowser } from './browser.ts';
import { createDatabase, type TestDatabase } from './database.ts';
import { aMail, aStudioFolder, type StudioFolder } from './studio-folder.ts';
import { aLivingSequence } from './studio-leads.ts';

const images = 'docs/images';
const clock = new SetClock(instant(Date.parse('2026-03-02T08:00:00Z')));

let folder: StudioFolder;
let own: TestDatabase;
let server: FastifyInstance;
let browser: Browser;
let url: string;
beforeAll(async () => {
  [folder, own, browser] = await Promise.all([aStudioFolder(), createDatabase(), launchBrowser()]);
  const [port = 0] = await freePorts(1);
  url = `http://127.0.0.1:${port}/studio`;
  const files = filesOf(folder.templates);
  const live = async () => own.database;
  server = await createStudio(
    { ...files, live, clock, publicUrl: url, visitorOf: null },
    new SparingLog(pino({ level: 'silent' })),
  );
  await server.listen({ host: '127.0.0.1', port });
  await mkdir(images, { recursive: true });
  for (const [name, leads] of [
    ['plant-tour', 90],
    ['c-nurture', 140],
    ['stay-in-touch', 30],
  ] as const)
    await aLivingSequence(own.database, folder.templates, name, leads, clock.now());
  const unwise = aMail('What it was like').replace(
    '{{ lead.first_name | default: "there" }}',
    '{{ lead.title }}',
  );
  await folder.write('plant-tour', '03-after.mjml', unwise);
  await folder.write(
    'open-day',
    'sequence.yaml',
    'goal: Fill the open day in May\nowner: nora\nstep:\n  - wait: 2 days\n',
  );
});
afterAll(async () => {
  await browser.close();
  await server.close();
  await own.drop();
  await folder.end();
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
      await page.goto(`${url}${path}`, { waitUntil: 'networkidle' });
      const fullPage = height === null || width < 400;
      await page.screenshot({
        path: join(process.env.STUDIO_SHOTS ?? images, `${name}${suffix}.png`),
        fullPage,
      });
      await page.close();
    }
  },
);
