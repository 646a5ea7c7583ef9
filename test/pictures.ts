import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readAgreement } from '../domain/agreement/agreement.ts';
import { instant, second } from '../domain/instant.ts';
import { idle } from '../engine/virtual-time.ts';
import { forecastHtml } from '../http/pages/forecast.tsx';
import { importLeads } from '../intake/import-leads.ts';
import { forecast } from '../outlook/forecast.ts';
import { oneClickBelow, sampleLeads } from '../sandbox/sample/leads.ts';
import { linksOf } from '../sandbox/sendgrid/links.ts';
import { removeOwnedFolder } from '../sandbox/servers/unprivileged.ts';
import { contentHashOf, keepAgreement, keepForecast } from '../store/agreement.ts';
import { sign, signers } from '../store/approval.ts';
import { intakeProgress } from '../store/intake.ts';
import { leadByAddress } from '../store/lead.ts';
import { startApp, type App } from './app.ts';
import { launchBrowser } from './browser.ts';
import { theAgreement } from './domain/facts.ts';
import { handedOver } from './handed-over.ts';
import { cookieOf } from './logged-in.ts';
import { aForecast } from './made-up-forecast.ts';
import {
  address,
  answer,
  bestFit,
  escalationsOf,
  later,
  mailsTo,
  read,
  settled,
  until,
} from './program.ts';

const folder = 'docs/images';
const desktop = { width: 1100, height: 760 };
const phone = { width: 390, height: 760 };

let app: App;
let browser: Browser;
beforeAll(async () => {
  app = await startApp('2026-03-03T09:00:00Z');
  browser = await launchBrowser();
  await mkdir(folder, { recursive: true });
  await bringSampleLeads();
});
afterAll(async () => {
  await browser.close();
  await app.stop();
});

/** The sample as `npm start` brings it in, and the one click that takes a lead over the line. */
async function bringSampleLeads(): Promise<void> {
  const own = await mkdtemp(join(tmpdir(), 'lockstep-pictures-'));
  const path = join(own, 'leads.csv');
  const at = app.clock.now();
  await writeFile(path, sampleLeads(at));
  const { importId } = await importLeads(
    app.database,
    theAgreement(),
    { path, source: 'sample', cost: null, map: [], dryRun: false, onProgress: () => undefined },
    at,
  );
  await rm(own, { recursive: true });
  await app.engine.importIntake(importId, { shift: app.clock.shift() });
  while (!(await intakeProgress(app.database, importId)).finished) await sleep(100);
  const jonas = await jonasWeber();
  await settled(app, jonas);
  const [welcome] = await mailsTo(app, jonas);
  const mail = read(app, welcome);
  app.clock.at = later(app, 600 * second);
  const [link] = linksOf(mail.html ?? '');
  if (link === undefined) throw new Error('The welcome mail has no link.');
  app.sandbox.reader.click(mail, link);
  await settled(app, jonas);
  await until(app, jonas, later(app, 120 * second));
}

async function jonasWeber() {
  const lead = await leadByAddress(app.database, address(oneClickBelow));
  if (lead === null) throw new Error('The sample has lost its lead.');
  return lead;
}

async function take(
  url: string,
  name: string,
  options: {
    viewport?: typeof desktop;
    colorScheme?: 'light' | 'dark';
    fullPage?: boolean;
    /** Whose page it is, by their key. */
    as?: string;
    before?: (page: Page) => Promise<void>;
  } = {},
): Promise<void> {
  const { viewport = desktop, colorScheme = 'light', fullPage = false, as, before } = options;
  const page = await browser.newPage({ viewport, colorScheme, javaScriptEnabled: false });
  if (as !== undefined) {
    const [name = '', value = ''] = (await cookieOf(app, as)).split('=');
    await page.context().addCookies([{ name, value, url: app.config.http.publicUrl }]);
  }
  await page.goto(url, { waitUntil: 'networkidle' });
  await before?.(page);
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage });
  await page.close();
}

const inbox = () => app.config.workspace?.inbox ?? '';

it('takes the inbox and a mail in it', async () => {
  await take(inbox(), 'inbox');
  const [welcome] = await mailsTo(app, await jonasWeber());
  await take(`${inbox()}/mail/${welcome?.id ?? ''}`, 'inbox-mail');
});

it('takes the rep’s page, on a desk and on a phone', async () => {
  const jonas = await jonasWeber();
  const [escalation] = await escalationsOf(app, jonas);
  const { id } = await app.database.assignment.findFirstOrThrow({
    where: { escalationId: escalation?.id ?? '' },
  });
  const url = app.links.escalation(id as never, app.clock.now());
  await take(url, 'rep-page', { fullPage: true });
  await take(url, 'rep-page-phone-dark', { viewport: phone, colorScheme: 'dark', fullPage: true });
  const told = [...app.sandbox.outbox.all()].findLast(
    ({ customArgs }) => customArgs.escalation_id === escalation?.id,
  );
  await take(`${inbox()}/mail/${told?.id ?? ''}/body`, 'rep-mail', {
    viewport: { width: 680, height: 760 },
    fullPage: true,
  });
});

it('takes a rep’s own page and the way in, and what those who lead see', async () => {
  const { publicUrl } = app.config.http;
  const jonas = await jonasWeber();
  const [escalation] = await escalationsOf(app, jonas);
  const { key } = await app.database.person.findUniqueOrThrow({
    where: { id: escalation?.ownerId ?? '' },
  });
  const others = await app.database.escalation.findMany({
    where: { ownerId: escalation?.ownerId ?? '', leadId: { not: jonas } },
    orderBy: { id: 'asc' },
  });
  const said = [
    ['rejected', 'not now'],
    ['accepted', null],
    ['rejected', 'wrong target'],
  ] as const;
  for (const [n, [kind, reason]] of said.entries())
    await answer(app, (others[n]?.leadId ?? '') as typeof jonas, kind, reason);
  await take(`${publicUrl}/login`, 'login');
  await take(`${publicUrl}/my`, 'my-leads', { as: key, fullPage: true });
  const small = { viewport: phone, colorScheme: 'dark', fullPage: true } as const;
  await take(`${publicUrl}/my`, 'my-leads-phone-dark', { as: key, ...small });
  // Half a working day later some of them wait for too long.
  const now = app.clock.now();
  app.clock.at = later(app, 5 * 3_600 * second);
  await take(`${publicUrl}/my`, 'leads-with-sales', { as: 'theo' });
  app.clock.at = now;
});

it('takes the page on which a draft of the agreement is signed, and the mail that leads there', async () => {
  const shipped = {
    'agreement.yaml': await readFile('agreement/agreement.yaml', 'utf8'),
    'segments.yaml': await readFile('agreement/segments.yaml', 'utf8'),
  };
  const changes: [string, string][] = [
    ['low: 25', 'low: 20'],
    ['[ceo, coo, cto,', '[ceo, coo, cfo,'],
    ['email: { cap: 30, window: 30d', 'email: { cap: 20, window: 21d'],
    ['webinar attended: 15', 'webinar attended: 20, webinar: 10'],
  ];
  const text = changes.reduce(
    (yaml, [from, to]) => yaml.replace(from, to),
    shipped['agreement.yaml'],
  );
  const files = { ...shipped, 'agreement.yaml': text };
  const sequences = ['c-nurture', 'd-long-cycle', 'problem-education', 'referral', 'stay-in-touch'];
  const { segments } = theAgreement();
  const draft = { ...readAgreement('agreement.yaml', text, sequences), segments };
  const { id } = await keepAgreement(app.database, draft, files, app.clock.now());
  const request = { draft, name: 'version 2', from: null, to: app.clock.now() };
  const result = await forecast(app.database, { ...request, onProgress: () => undefined });
  await keepForecast(app.database, id, result);
  await app.engine.signing(id, { shift: app.clock.shift() });
  await idle(app.client, `signing/${id}`);
  const [marketer, manager] = await signers(app.database);
  const contentHash = contentHashOf(draft);
  const signed = { agreementId: id, contentHash, personId: marketer?.id as never };
  await sign(app.database, { ...signed, way: 'link' }, app.clock.now());
  const url = app.links.signing(id, manager?.id as never, app.clock.now());
  await take(url, 'signing', { fullPage: true });
  await take(url, 'signing-phone-dark', { viewport: phone, colorScheme: 'dark', fullPage: true });
  const told = [...app.sandbox.outbox.all()].findLast(({ to }) => to === manager?.address);
  await take(`${inbox()}/mail/${told?.id ?? ''}/body`, 'signing-mail', {
    viewport: { width: 680, height: 760 },
    fullPage: true,
  });
});

it('takes a lead’s page, on a desk and on a phone', async () => {
  const url = app.links.lead(await jonasWeber(), app.clock.now());
  await take(url, 'lead-page', { fullPage: true });
  await take(url, 'lead-page-phone-dark', { viewport: phone, colorScheme: 'dark', fullPage: true });
});

it('takes three mails, one of them in the dark', async () => {
  const jonas = await jonasWeber();
  const [welcome] = await mailsTo(app, jonas);
  await take(`${inbox()}/mail/${welcome?.id ?? ''}/body`, 'mail-welcome', {
    viewport: { width: 680, height: 400 },
    fullPage: true,
  });
  const other = await app.database.lead.findFirstOrThrow({
    where: { slot: { enrollment: { version: { name: 'c-nurture' } } } },
  });
  const lead = other.id as Awaited<ReturnType<typeof jonasWeber>>;
  const wanted = ['02-what-a-stop-costs', '03-three-plants'];
  await until(app, lead, later(app, 21 * 86_400 * second));
  const mails = await mailsTo(app, lead);
  for (const [index, step] of wanted.entries()) {
    const mail = mails.find(({ customArgs }) => customArgs.step === step);
    expect(mail).toBeDefined();
    await take(`${inbox()}/mail/${mail?.id ?? ''}/body`, `mail-${step.slice(3)}`, {
      viewport: { width: 680, height: 400 },
      colorScheme: index === 1 ? 'dark' : 'light',
      fullPage: true,
    });
  }
});

it('takes the page on which both teams see both sides', async () => {
  app.clock.at = instant(Date.parse('2026-11-02T09:00:00Z'));
  const reasons = ['wrong target', 'not now', 'no compelling need'];
  for (let n = 0; n < 48; n++) {
    app.clock.at = later(app, 3 * 3_600 * second);
    const isWebinar = n % 4 === 0;
    const isRejected = n % 8 === 0 || n % 7 === 1;
    const howFar = n % 5 === 0 ? 'qualified' : n % 9 === 2 ? 'accepted' : 'contacted';
    await handedOver(app, {
      ...{ fields: bestFit, source: isWebinar ? 'webinar' : 'fair', sequence: 'c-nurture' },
      ...{ segment: 'makers and movers', titleGave: n % 3 === 0 ? 20 : 100 },
      owner: ['sophie', 'daan', 'lena'][n % 3] ?? 'sophie',
      said: isRejected ? { rejected: reasons[n % 8 === 0 ? 0 : n % 3] ?? '' } : howFar,
    });
  }
  const url = `${app.config.http.publicUrl}/loop?days=30`;
  await take(url, 'both-sides', { as: 'theo', viewport: { width: 1100, height: 1440 } });
});

it('takes the report of a rehearsal, on a desk, in the dark and on a phone', async () => {
  const own = await mkdtemp(join(tmpdir(), 'lockstep-pictures-'));
  await promisify(execFile)(
    process.execPath,
    ['cli/lockstep.mjs', 'rehearse', '--from', '2026-03-02', '--json'],
    { env: { ...process.env, LOCKSTEP_HOME: own }, maxBuffer: 64 * 1_024 * 1_024 },
  );
  const url = pathToFileURL(join(own, 'rehearsal', 'report.html')).href;
  await take(url, 'rehearsal-report-light', { fullPage: true });
  await take(url, 'rehearsal-report-dark', { colorScheme: 'dark', fullPage: true });
  await take(url, 'rehearsal-report-phone', { viewport: phone, fullPage: true });
  await removeOwnedFolder(join(own, 'rehearsal', 'postgres'));
  await rm(own, { recursive: true });
}, 300_000);

it('takes the page of a forecast', async () => {
  const own = await mkdtemp(join(tmpdir(), 'lockstep-pictures-'));
  const file = join(own, 'forecast.html');
  await writeFile(file, forecastHtml(aForecast(1_500, { capacity: 8 })));
  await take(pathToFileURL(file).href, 'forecast-light', { fullPage: true });
  await rm(own, { recursive: true });
});
