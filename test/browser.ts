import { access } from 'node:fs/promises';
import chromium from '@sparticuz/chromium';
import { chromium as playwright, type Browser } from 'playwright-core';

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A real browser: an installed one where CHROME_PATH names it, else the one that npm carries. */
export async function launchBrowser(): Promise<Browser> {
  const installed = process.env.CHROME_PATH;
  if (installed !== undefined) {
    await access(installed);
    return playwright.launch({ executablePath: installed, args });
  }
  // The package also unpacks the shared libraries that a bare machine lacks, beside the browser.
  const executablePath = await chromium.executablePath();
  return playwright.launch({ executablePath, args: [...chromium.args, ...args] });
}
