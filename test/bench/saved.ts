import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runStudio } from '../../cli/run-studio.ts';
import { launchBrowser } from '../browser.ts';
import { low } from './report.ts';
import type { Scenario } from './run.ts';

/** How often the mail is saved, each time with another text. */
const saves = 30;

/** Milliseconds from a save to the new text on the open page of the studio, in a real browser. */
export const saved: Scenario = async (_machine, { say }) => {
  const own = await mkdtemp(join(tmpdir(), 'lockstep-saved-'));
  const templates = join(own, 'templates');
  await cp('templates', templates, { recursive: true });
  await cp('agreement', join(own, 'agreement'), { recursive: true });
  const [studio, browser] = await Promise.all([runStudio(templates, 'none', 0), launchBrowser()]);
  const took: number[] = [];
  try {
    const page = await browser.newPage();
    await page.goto(`${studio.address}/c-nurture/01-welcome`);
    const file = join(templates, 'sequences', 'c-nurture', '01-welcome.mjml');
    const written = await readFile(file, 'utf8');
    for (let n = 0; n <= saves; n++) {
      const started = performance.now();
      await writeFile(file, written.replace('<h1>', `<h1>Save ${n}: `));
      await page.locator('iframe').first().contentFrame().getByText(`Save ${n}: `).waitFor();
      // The first save also loads what compiles mails.
      if (n > 0) took.push(performance.now() - started);
    }
  } finally {
    await browser.close();
    await studio.stop();
    await rm(own, { recursive: true });
  }
  say(`saved: ${took.map(ms => ms.toFixed(0)).join(', ')} ms`);
  return [low('saved', 'milliseconds from a save to the page of the studio', took, 500)];
};
