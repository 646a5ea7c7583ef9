import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';

/** How somebody looks at a page. */
export interface Look {
  dark?: boolean;
  phone?: boolean;
  /** For what a check itself runs in the page; the pages have and allow no script. */
  scripts?: boolean;
}

/** Opens a page that is one file; whatever it asks for besides is told to the work. */
export async function openFile(
  browser: Browser,
  html: string,
  { dark = false, phone = false, scripts = false }: Look,
  work: (page: Page, asked: string[]) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-page-'));
  const browsing = await browser.newContext({
    colorScheme: dark ? 'dark' : 'light',
    viewport: phone ? { width: 360, height: 640 } : { width: 1280, height: 800 },
    javaScriptEnabled: scripts,
    bypassCSP: scripts,
  });
  try {
    const file = join(folder, 'page.html');
    await writeFile(file, html);
    const page = await browsing.newPage();
    const asked: string[] = [];
    page.on('request', request => asked.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    await work(page, asked);
  } finally {
    await browsing.close();
    await rm(folder, { recursive: true });
  }
}

/** With all of it unfolded, nothing is wider than the screen, and nothing keeps anybody out. */
export async function fitsAndIsAccessible(page: Page): Promise<void> {
  await page.evaluate('document.querySelectorAll("details").forEach(part => (part.open = true))');
  const overflow = await page.evaluate<number>(
    'document.documentElement.scrollWidth - window.innerWidth',
  );
  expect(overflow).toBeLessThanOrEqual(0);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
}
