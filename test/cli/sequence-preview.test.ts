import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../browser.ts';
import { fitsAndIsAccessible } from '../file-page.ts';
import { runHere } from './run.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockstep-previews-'));
});
afterAll(() => rm(folder, { recursive: true }));

const preview = (...words: string[]) => runHere(['sequence', 'preview', ...words], {});

describe('lockstep sequence preview', () => {
  it('writes every mail for every example lead, and says what it overwrote', async () => {
    const first = await preview('referral', '--out', folder, '--json');
    expect(first.error).toBe('');
    const { written, previews } = JSON.parse(first.out) as {
      written: object;
      previews: { path: string }[];
    };
    expect(previews).toHaveLength(3 * 8);
    expect(written).toEqual({ made: 3 * 8 * 5 + 1, replaced: 0, same: 0 });
    const again = await preview(
      'referral',
      '--out',
      folder,
      '--step',
      '03-last-one',
      '--lead',
      'emoji',
    );
    expect(again.out).toContain('1 mail for 1 lead');
    expect(again.out).toContain('0 files are new, 1 were overwritten, 5 were the same.');
    const path = join(folder, '03-last-one', 'emoji');
    expect(await readFile(`${path}.txt`, 'utf8')).toContain('Hello Zoë 🚀,');
    expect(JSON.parse(await readFile(`${path}.headers.json`, 'utf8'))).toMatchObject({
      subject: 'The last one from us on this',
    });
  });

  it('names the nearest when something is not there', async () => {
    const wrong = async (...words: string[]) => (await preview(...words, '--out', folder)).error;
    expect(await wrong('referal')).toContain('Did you mean "referral"?');
    expect(await wrong('referral', '--step', '03-last-two')).toContain(
      'Did you mean "03-last-one"?',
    );
    expect(await wrong('referral', '--lead', 'emojis')).toContain('Did you mean "emoji"?');
  });

  it('makes a page that shows all, without scripts, on a phone and in the dark', async () => {
    await preview('referral', '--out', folder, '--step', '01-not-your-desk', '--lead', 'sample');
    const browser = await launchBrowser();
    try {
      const look = { viewport: { width: 390, height: 760 }, colorScheme: 'dark' } as const;
      // The page has and allows no script: the check itself is one.
      const browsing = await browser.newContext({ ...look, bypassCSP: true });
      const page = await browsing.newPage();
      await page.goto(pathToFileURL(join(folder, 'index.html')).href);
      const frame = page.frameLocator(
        'iframe[title="01-not-your-desk for as in sample.json, dark, on a phone"]',
      );
      expect(await frame.locator('body').innerText()).toContain(
        'You told one of us that standstill',
      );
      await fitsAndIsAccessible(page);
      await browsing.close();
    } finally {
      await browser.close();
    }
  });
});
