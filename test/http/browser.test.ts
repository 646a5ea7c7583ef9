import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AssignmentId, LeadId, LoginId } from '../../domain/ids.ts';
import { day, minute } from '../../domain/instant.ts';
import { newId } from '../../store/database.ts';
import { startApp, type App } from '../app.ts';
import { launchBrowser } from '../browser.ts';
import { cookieOf } from '../logged-in.ts';
import {
  aLead,
  answer,
  bestFit,
  does,
  enrollmentOf,
  escalationsOf,
  later,
  mailsTo,
  read,
  settled,
  takeIn,
} from '../program.ts';
import { canBeRead, tabTo, visitIn, type Visit } from './visit.ts';

let app: App;
let browser: Browser;
beforeAll(async () => {
  [app, browser] = await Promise.all([
    startApp('2026-03-02T08:00:00Z', { from: '2025-12-02', to: '2026-03-02' }),
    launchBrowser(),
  ]);
});
afterAll(async () => {
  await browser.close();
  await app.stop();
});

const visit: Visit = (url, options, work) =>
  visitIn(browser, app.config.http.publicUrl, url, options, work);

/** A link that was mailed, and not used. */
async function aLogin(): Promise<LoginId> {
  const { id } = await app.database.person.findUniqueOrThrow({ where: { key: 'theo' } });
  const login = newId<LoginId>();
  const data = { id: login, personId: id, askedAt: new Date(app.clock.now()) };
  await app.database.login.create({ data });
  return login;
}

const inbox = () => app.config.workspace?.inbox ?? '';

async function escalated(): Promise<{ lead: LeadId; url: string }> {
  const lead = await aLead(app, bestFit);
  await takeIn(app, lead);
  await does(app, lead, { kind: 'form', subject: 'Book a demo' });
  const [escalation] = await escalationsOf(app, lead);
  const { id } = await app.database.assignment.findFirstOrThrow({
    where: { escalationId: escalation?.id ?? '' },
  });
  return { lead, url: app.links.escalation(id as AssignmentId, app.clock.now()) };
}

async function welcomeMail(lead: LeadId): Promise<string> {
  const [mail] = await mailsTo(app, lead);
  return `${inbox()}/mail/${mail?.id ?? ''}`;
}

async function repMail(lead: LeadId): Promise<string> {
  const [escalation] = await escalationsOf(app, lead);
  const mail = [...app.sandbox.outbox.all()].findLast(
    ({ customArgs }) => customArgs.escalation_id === escalation?.id,
  );
  return `${inbox()}/mail/${mail?.id ?? ''}`;
}

describe('in a real browser', () => {
  it('every page can be read by everybody, in light and dark, and fits a phone', async () => {
    // Somebody was answered for, somebody waits for too long, and somebody does not.
    await answer(app, (await escalated()).lead, 'rejected', 'not now');
    await escalated();
    app.clock.at = later(app, 2 * day);
    const { lead, url } = await escalated();
    const cookie = await cookieOf(app, 'theo');
    const pages = {
      home: `${app.config.http.publicUrl}/`,
      'rep’s page': url,
      'lead’s page': app.links.lead(lead, app.clock.now()),
      unsubscribe: app.links.unsubscribe(lead),
      'whether to stay in touch': app.links.stay(lead),
      'log in': `${app.config.http.publicUrl}/login`,
      'link to log in': app.links.login(await aLogin(), app.clock.now()),
      'leads with sales': `${app.config.http.publicUrl}/my`,
      'bad link': `${app.config.http.publicUrl}/u/nonsense`,
      inbox: inbox(),
      'mail in the inbox': await welcomeMail(lead),
      'text of a mail': `${await welcomeMail(lead)}?view=text`,
      'headers of a mail': `${await welcomeMail(lead)}?view=headers`,
      'mail itself': `${await welcomeMail(lead)}/body`,
      'mail of a rep': `${await repMail(lead)}/body`,
    };
    for (const [name, address] of Object.entries(pages)) {
      // With what somebody may do who is logged in.
      const whose = ['leads with sales', 'lead’s page'].includes(name) ? { cookie } : {};
      await canBeRead(visit, name, address, whose);
    }
  });

  it('a rep logs in by keyboard alone, on a phone without scripts, works, and logs out', async () => {
    const { lead } = await escalated();
    const [{ ownerId } = { ownerId: '' }] = await escalationsOf(app, lead);
    const owner = await app.database.person.findUniqueOrThrow({ where: { id: ownerId } });
    await visit(`${app.config.http.publicUrl}/my`, { phone: true }, async page => {
      await page.getByRole('heading', { name: 'Log in' }).waitFor();
      await tabTo(page, page.getByLabel('Your address at work'));
      await page.keyboard.type(owner.address);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Look at your mail' }).waitFor();
      await app.loginMailer.drain();
      const mail = [...app.sandbox.outbox.all()].findLast(({ to }) => to === owner.address);
      const link = /https?:\/\/[^\s"<>]+\/login\/[^\s"<>]+/.exec(read(app, mail).html ?? '');
      await page.goto(link?.[0] ?? '');
      await tabTo(page, page.getByRole('button', { name: 'Open my leads' }));
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'My leads' }).waitFor();
      await tabTo(page, page.getByRole('link', { name: 'Ada Lovelace' }).first());
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Accept' }).waitFor();
      await page.goBack();
      await tabTo(page, page.getByRole('button', { name: 'Log out' }));
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Log in' }).waitFor();
      await page.goto(`${app.config.http.publicUrl}/my`);
      expect(new URL(page.url()).pathname).toBe('/login');
    });
  });

  it('both teams see both sides, by keyboard alone and without scripts, and go on to a lead', async () => {
    await escalated();
    // Marketing reads, and does not answer.
    const cookie = await cookieOf(app, 'nora');
    await canBeRead(visit, 'both sides', `${app.config.http.publicUrl}/loop`, { cookie });
    await visit(`${app.config.http.publicUrl}/my`, { phone: true, cookie }, async page => {
      await tabTo(page, page.getByRole('link', { name: 'Both sides' }));
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'What sales promised' }).waitFor();
      await page.getByRole('img', { name: /^\d/ }).first().waitFor();
      await tabTo(page, page.getByRole('link', { name: '30 days' }));
      await page.keyboard.press('Enter');
      await page.locator('[aria-current=page]').getByText('30 days').waitFor();
      await tabTo(page, page.getByText('The same as a table'));
      await page.keyboard.press('Enter');
      await page.getByRole('rowheader', { name: 'contacted in time' }).waitFor();
      await tabTo(page, page.getByRole('link', { name: 'Ada Lovelace' }).first());
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor();
      expect(new URL(page.url()).pathname).toMatch(/^\/lead\//);
      expect(await page.getByRole('button', { name: 'Accept' }).count()).toBe(0);
    });
  });

  it('a rep accepts by keyboard alone, without scripts', async () => {
    const { lead, url } = await escalated();
    await visit(url, {}, async page => {
      const accept = page.getByRole('button', { name: 'Accept' });
      await tabTo(page, accept);
      await page.keyboard.press('Enter');
      await page.getByRole('status').getByText('accepted this lead.').waitFor();
      expect(await accept.count()).toBe(0);
    });
    await settled(app, lead);
    expect(await escalationsOf(app, lead)).toMatchObject([{ state: 'accepted' }]);
  });

  it('a rep must say why when rejecting, and the lead goes to the reason’s track', async () => {
    const { lead, url } = await escalated();
    await visit(url, { phone: true }, async page => {
      await page.getByRole('button', { name: 'Reject' }).click();
      // The browser itself asks for the reason, and nothing was sent.
      expect(page.url()).toBe(url);
      await page.getByLabel('Reason').selectOption('not now');
      await page.getByLabel('Call again on').fill('2026-05-04');
      await page.getByLabel('Note for marketing').fill('Budget is in May');
      await page.getByRole('button', { name: 'Reject' }).click();
      await page.getByRole('status').getByText('rejected this lead: not now').waitFor();
    });
    await settled(app, lead);
    expect((await enrollmentOf(app, lead)).originKey).toContain('recycle/');
  });

  it('a person leaves by the link of a mail, with one button', async () => {
    const lead = await aLead(app, bestFit);
    await takeIn(app, lead);
    await visit(`${await welcomeMail(lead)}/body`, {}, async page => {
      const opened = page.waitForEvent('popup');
      await page.getByRole('link', { name: 'Unsubscribe' }).click();
      const unsubscribe = await opened;
      await unsubscribe.getByRole('button', { name: 'Unsubscribe me' }).click();
      await unsubscribe.getByRole('heading', { name: 'Done' }).waitFor();
    });
    await settled(app, lead);
    expect((await enrollmentOf(app, lead)).endReason).toBe('suppressed');
  });

  it('a person says that it shall be quiet, and changes their mind, on a phone without scripts', async () => {
    const lead = await aLead(app, bestFit);
    await takeIn(app, lead);
    await visit(app.links.stay(lead), { phone: true }, async page => {
      await page.getByRole('button', { name: 'No, leave me alone' }).click();
      await page.getByRole('heading', { name: 'It is quiet now' }).waitFor();
      await settled(app, lead);
      expect((await enrollmentOf(app, lead)).endReason).toBe('quiet');
      await tabTo(page, page.getByRole('button', { name: 'Stay in touch after all' }));
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'We stay in touch' }).waitFor();
    });
    await settled(app, lead);
    expect((await enrollmentOf(app, lead)).endReason).toBeNull();
  });

  it('a rep takes a lead over by keyboard alone, without scripts', async () => {
    const lead = await aLead(app, bestFit);
    await takeIn(app, lead);
    const cookie = await cookieOf(app, 'lena');
    await visit(app.links.lead(lead, app.clock.now()), { phone: true, cookie }, async page => {
      await tabTo(page, page.getByRole('button', { name: 'Take over' }));
      await page.keyboard.press('Enter');
      await page.getByRole('status').getByText('accepted this lead.').waitFor();
      await page.getByRole('button', { name: 'Contacted' }).waitFor();
    });
    expect(await escalationsOf(app, lead)).toMatchObject([{ cause: 'taken over' }]);
  });

  it('the inbox plays a click, an open, and a bounce', async () => {
    const lead = await aLead(app, bestFit);
    await takeIn(app, lead);
    app.clock.at = later(app, minute);
    await visit(await welcomeMail(lead), {}, async page => {
      for (const [button, played] of [
        [/^Open it/, 'open'],
        [/^Click northwind\.example\/guide/, 'click'],
        [/^Bounce/, 'bounce'],
      ] as const) {
        await page.getByRole('button', { name: button }).click();
        await page.getByText(`Played: ${played}.`).waitFor();
      }
    });
    await settled(app, lead);
    const kinds = await app.database.event.findMany({
      where: { leadId: lead, kind: { in: ['open', 'click', 'bounce'] } },
    });
    expect(kinds.map(({ kind }) => kind).toSorted()).toEqual(['bounce', 'click', 'open']);
    expect((await enrollmentOf(app, lead)).endReason).toBe('suppressed');
  });

  it('a link in the frame of a mail counts, and leads on', async () => {
    const lead = await aLead(app, bestFit);
    await takeIn(app, lead);
    app.clock.at = later(app, minute);
    await visit(await welcomeMail(lead), {}, async page => {
      const opened = page.waitForEvent('popup');
      await page.frameLocator('iframe').getByRole('link', { name: 'Read the guide' }).click();
      await (await opened).getByRole('heading', { name: 'That was a click' }).waitFor();
    });
    await settled(app, lead);
    expect(
      await app.database.event.findFirst({ where: { leadId: lead, kind: 'click' } }),
    ).toMatchObject({ subject: 'https://northwind.example/guide/unplanned-stops' });
  });
});
