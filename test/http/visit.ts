import AxeBuilder from '@axe-core/playwright';
import type { Browser, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** How somebody looks at a page. */
interface Look {
  dark?: boolean;
  phone?: boolean;
  /** Without scripts unless a check itself needs them. */
  scripts?: boolean;
  /** Of somebody who is logged in. */
  cookie?: string;
}

export type Visit = (url: string, look: Look, work: (page: Page) => Promise<void>) => Promise<void>;

/** Opens a page as a visitor does. */
export async function visitIn(
  browser: Browser,
  publicUrl: string,
  url: string,
  { dark = false, phone = false, scripts = false, cookie }: Look,
  work: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({
    colorScheme: dark ? 'dark' : 'light',
    viewport: phone ? { width: 360, height: 640 } : { width: 1280, height: 800 },
    javaScriptEnabled: scripts,
    // What a check needs to run in the page; the pages themselves forbid every script.
    bypassCSP: scripts,
  });
  try {
    if (cookie !== undefined) {
      const [name = '', value = ''] = cookie.split('=');
      await context.addCookies([{ name, value, url: publicUrl }]);
    }
    const page = await context.newPage();
    await page.goto(url);
    await work(page);
  } finally {
    await context.close();
  }
}

/** Whether a page can be read by everybody, in light and dark, and fits a phone. */
export async function canBeRead(
  visit: Visit,
  name: string,
  address: string,
  whose: Pick<Look, 'cookie'>,
): Promise<void> {
  // A mail is a document of its own, without a page's landmarks.
  const isMail = address.endsWith('/body');
  for (const dark of [false, true]) {
    await visit(address, { ...whose, dark, scripts: true }, async page => {
      const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
      const found = violations
        .filter(({ id }) => !(isMail && /region|landmark|heading/.test(id)))
        .map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html).join(' ')}`);
      expect(found, `${name}, ${dark ? 'dark' : 'light'}`).toEqual([]);
    });
  }
  await visit(address, { ...whose, phone: true }, async phone => {
    const width = await phone.evaluate('document.documentElement.scrollWidth');
    expect(width, `${name} on a phone`).toBeLessThanOrEqual(360);
  });
}

/** Presses Tab until something has the focus. */
export async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let presses = 0; presses < 30; presses++) {
    await page.keyboard.press('Tab');
    if ((await wanted.and(page.locator(':focus')).count()) > 0) return;
  }
  throw new Error('It cannot be reached by keyboard.');
}
