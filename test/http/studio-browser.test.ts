import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../browser.ts';
import { aMail } from '../studio-folder.ts';
import { aLivingSequence } from '../studio-leads.ts';
import { startStudio, type StudioRun } from '../studio-server.ts';
import { canBeRead, tabTo, visitIn, type Visit } from './visit.ts';

let studio: StudioRun;
let browser: Browser;
beforeAll(async () => {
  [studio, browser] = await Promise.all([startStudio(), launchBrowser()]);
  const { database, folder, clock } = studio;
  await aLivingSequence(database, folder.templates, 'plant-tour', 10, clock.now());
});
afterAll(async () => {
  await browser.close();
  await studio.stop();
});

describe('what is saved', () => {
  it('is told to open pages, of its sequence and of the list, and is there when it is told', async () => {
    const told: string[] = [];
    const listen = async (of: string) => {
      const page = await (await fetch(`${studio.url}/studio${of === '' ? '' : `/${of}`}`)).text();
      const revision = /data-revision="(\d+)"/.exec(page)?.[1] ?? '';
      const ending = new AbortController();
      const stream = await fetch(`${studio.url}/studio/.changes?of=${of}&since=${revision}`, {
        signal: ending.signal,
      });
      const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
      const next = async () => {
        for (let part = await reader?.read(); part?.done === false; part = await reader?.read())
          if (part.value.includes('event: saved')) return told.push(of);
        return null;
      };
      return { next, end: () => ending.abort() };
    };
    const [mine, other, all] = [
      await listen('plant-tour'),
      await listen('c-nurture'),
      await listen(''),
    ];
    await studio.folder.write('plant-tour', '03-after.mjml', aMail('Freshly saved'));
    await Promise.all([mine.next(), all.next()]);
    const mail = await studio.get('/studio/plant-tour/03-after/mail.html');
    expect(mail.text).toContain('Freshly saved');
    expect(told.toSorted()).toEqual(['', 'plant-tour']);
    // Saved as most editors do it: written beside, and put in its place. And once more.
    const [file] = [join(studio.folder.templates, 'sequences', 'plant-tour', '03-after.mjml')];
    for (const text of ['Saved again', 'And again']) {
      await studio.folder.write('plant-tour', '03-after.mjml.tmp', aMail(text));
      await rename(`${file}.tmp`, file);
      await mine.next();
      expect((await studio.get('/studio/plant-tour/03-after/mail.html')).text).toContain(text);
    }
    expect(told).not.toContain('c-nurture');
    for (const { end } of [mine, other, all]) end();
  });
});

describe('the studio in a real browser', () => {
  const visit: Visit = (page, look, work) => visitIn(browser, studio.url, page, look, work);

  it('can be read by everybody, in light and dark, and fits a phone', async () => {
    await studio.folder.write('plant-tour', '03-after.mjml', aMail('Hello {{ lead.title }}'));
    for (const page of [
      '',
      '/plant-tour',
      '/plant-tour/sequence.yaml',
      '/plant-tour/01-invitation?variant=all&look=both',
    ])
      await canBeRead(visit, `/studio${page}`, `${studio.url}/studio${page}`, {});
  });

  it('leads by keyboard alone and without scripts from the list to a mail as another lead gets it', async () => {
    await visit(`${studio.url}/studio`, { phone: true }, async page => {
      await tabTo(page, page.getByRole('link', { name: 'plant-tour' }));
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'How it goes' }).waitFor();
      await tabTo(page, page.getByRole('link', { name: '02-what-you-see' }));
      await page.keyboard.press('Enter');
      await tabTo(page, page.getByLabel('As it goes to'));
      await page.keyboard.press('ArrowDown');
      await tabTo(page, page.getByRole('button', { name: 'Show' }).first());
      await page.keyboard.press('Enter');
      await page.waitForURL(/lead=no-first-name/);
      await page.locator('iframe').first().contentFrame().getByText('Hello there').waitFor();
    });
  });

  it('shows a saved file without being asked, where the reader was; a mail’s own script never runs', async () => {
    const hostile = `${'<br/>'.repeat(4)}<mj-raw><script>document.title='x'</script></mj-raw>`;
    await visit(`${studio.url}/studio/plant-tour/03-after`, { scripts: true }, async page => {
      await page.evaluate('window.scrollTo(0, 300)');
      const words = page
        .locator('iframe')
        .first()
        .contentFrame()
        .getByText('Saved while you looked');
      expect(await words.count()).toBe(0);
      await studio.folder.write('plant-tour', '03-after.mjml', aMail('Saved while you looked'));
      await words.first().waitFor();
      await expect.poll(() => page.evaluate('window.scrollY')).toBe(300);
    });
    await studio.folder.write(
      'plant-tour',
      '03-after.mjml',
      aMail('x').replace('<mj-button', `${hostile}<mj-button`),
    );
    await visit(`${studio.url}/studio/plant-tour/03-after/mail.html`, {}, async page => {
      expect(await page.title()).not.toBe('x');
    });
  });
});
